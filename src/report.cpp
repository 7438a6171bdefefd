#include "report/report.hpp"

#include <fmt/format.h>

#include <span>

#include "command.hpp"
#include "results/output_file.hpp"

namespace entrepot::program {

namespace {

int write_report(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.html"),
                        "the page to write; the first file's name with .html by default")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.h5..."}, values)) return kSuccess;
  std::vector<std::filesystem::path> files;
  for (const std::string& file : values["FILE.h5"].as<std::vector<std::string>>()) files.emplace_back(file);
  std::filesystem::path output = files.front();
  output.replace_extension(".html");
  if (values.count("output") > 0) output = values["output"].as<std::string>();
  const ResultFileLock lock(output, kPageStart);
  std::string page;
  read_results([&] { page = report(files); });
  lock.replace(std::as_bytes(std::span(page)));
  fmt::print("Written to {}, {} kB; any browser opens it.\n", output.string(), (page.size() + 999) / 1000);
  return kSuccess;
}

}  // namespace

const Command kReport{"report", "FILE.h5... [options]", "Make one web page of results, to hand on.",
                      "entrepot report outputs/minsk-2025.h5 -o minsk.html", write_report};

}  // namespace entrepot::program
