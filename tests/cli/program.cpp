#include "program.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace entrepot::test {

namespace {

/// In the child: a descriptor becomes a file.
void redirect(int descriptor, const std::filesystem::path& file, int flags) {
  const int opened = ::open(file.c_str(), flags, 0600);
  if (opened < 0 || ::dup2(opened, descriptor) < 0) _exit(126);
}

struct Files {
  std::filesystem::path out, err;
};

/// In the child: becomes the program.
[[noreturn]] void become_program(const Workplace& place, const std::vector<std::string>& arguments,
                                 const Files& files) {
  redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
  redirect(STDOUT_FILENO, files.out, O_WRONLY | O_CREAT | O_TRUNC);
  redirect(STDERR_FILENO, files.err, O_WRONLY | O_CREAT | O_TRUNC);
  if (::chdir((place / place.working_folder).c_str()) != 0) _exit(126);
  for (const auto& [name, value] : place.environment) ::setenv(name.c_str(), value.c_str(), 1);
  if (place.largest_file > 0) {
    const struct rlimit limit { place.largest_file, place.largest_file };
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(126);
  }
  std::vector<char*> words;
  for (const std::string& word : place.launcher) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(const_cast<char*>(place.launcher.empty() ? "entrepot" : ENTREPOT_PROGRAM));
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  if (place.launcher.empty())
    ::execv(ENTREPOT_PROGRAM, words.data());
  else
    ::execvp(words.front(), words.data());
  _exit(127);
}

pid_t launch(const Workplace& place, const std::vector<std::string>& arguments, const Files& files) {
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("no new process");
  if (child == 0) become_program(place, arguments, files);
  return child;
}

}  // namespace

Ended Workplace::run(const std::vector<std::string>& arguments) const {
  const TemporaryFolder capture;  // outside the workplace, so that tests can list that
  const Files files{standard_output.empty() ? capture / "out" : std::filesystem::path(standard_output),
                    capture / "err"};
  const pid_t child = launch(*this, arguments, files);
  int state = 0;
  if (::waitpid(child, &state, 0) != child) throw std::runtime_error("the program was lost");
  Ended ended;
  if (WIFEXITED(state)) ended.status = WEXITSTATUS(state);
  if (WIFSIGNALED(state)) ended.signal = WTERMSIG(state);
  if (standard_output.empty()) ended.out = content_of(files.out);
  ended.err = content_of(files.err);
  return ended;
}

pid_t Workplace::start(const std::vector<std::string>& arguments) const {
  return launch(*this, arguments, {"/dev/null", "/dev/null"});
}

void write(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

void replace_in(const std::filesystem::path& file, const std::string& old_text, const std::string& new_text) {
  std::string text = content_of(file);
  const std::size_t place = text.find(old_text);
  if (place == std::string::npos) throw std::runtime_error(file.string() + " does not hold " + old_text);
  write(file, text.replace(place, old_text.size(), new_text));
}

std::filesystem::path in_source(const std::string& name) { return std::filesystem::path(ENTREPOT_SOURCE_DIR) / name; }

std::string copy_of_nafta(const Workplace& place) {
  for (const char* name : {"nafta.toml", "nafta-tariffs-2005.csv"})
    std::filesystem::copy_file(in_source("scenarios/known") / name, place / name);
  return "nafta.toml";
}

void small_baseline(const Workplace& place, const std::string& name) {
  const Ended ended = place.run(
      {"baseline", "aggregate", "cp2015-nafta", "--output", name,  //
       "--countries",
       "REST=ARG,AUS,AUT,BRA,CHL,CHN,DNK,FIN,FRA,DEU,GRC,HUN,IND,IDN,IRL,ITA,JPN,KOR,NLD,NZL,NOR,PRT,ZAF,ESP,SWE,TUR,"
       "GBR,ROW",
       "--sectors", "crops=agriculture", "--sectors",
       "goods=mining,food,textile,wood,paper,petroleum,chemicals,plastic,minerals,basic_metals,metal_products,"
       "machinery,office,electrical,communication,medical,auto,other_transport,other",
       "--sectors",
       "services=electricity,construction,retail,hotels,land_transport,water_transport,air_transport,aux_transport,"
       "post,finance,real_estate,renting_machinery,computer,research_development,other_business,public,education,"
       "health,other_services,private"});
  if (ended.status != 0) throw std::runtime_error(ended.err);
}

}  // namespace entrepot::test
