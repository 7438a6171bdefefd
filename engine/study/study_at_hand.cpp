#include "study_at_hand.hpp"

#include <fmt/format.h>

#include "players_at_hand.hpp"
#include "results/version.hpp"
#include "text/sha256.hpp"

namespace entrepot {

StudyAtHand::StudyAtHand(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                         const std::filesystem::path& data_folder)
    : StudyAtHand(read_study(file, overrides), data_folder) {}

StudyAtHand::StudyAtHand(Study of, const std::filesystem::path& data_folder)
    : study(std::move(of)),
      plain(make_scenario(study.scenario, study.scenario_file)),
      baseline(read_baseline(find_baseline_folder(plain, data_folder))),
      blocs(BlocTable::read(data_folder / "blocs.csv")),
      scenarios(study, baseline.world, blocs),
      rows(scenarios, baseline, blocs) {
  if (study.players) players = players_of(study, baseline, blocs, rows.measures());
}

std::string fingerprint(const StudyAtHand& of) {
  const auto& [study, plain, baseline, blocs, scenarios, rows, players] = of;
  Sha256 sha;
  for (const std::string& part : {study.resolved, to_toml(study.scenario), baseline.sha256,
                                  std::string(program_version()), std::string(git_commit())}) {
    sha.add(part);
    sha.add("\n");
  }
  sha.add(blocs.text(plain.date));
  for (const std::string& date : study.drawn_dates()) sha.add(blocs.text(date));
  for (const std::vector<TableFile>* files : {&study.table_files, &scenarios.table_files()})
    for (const TableFile& file : *files) sha.add(file.name + "\n" + file.text + "\n");
  return sha.hexadecimal();
}

SweepDescription describe(const StudyAtHand& of) {
  const auto& [study, plain, baseline, blocs, scenarios, rows, players] = of;
  std::vector<std::string> factors, texts;
  for (const StudyFactor& factor : study.factors) factors.push_back(factor.name);
  for (const std::vector<std::string>& choices : scenarios.input_choices()) {
    std::string listed;
    for (std::size_t k = 0; k < choices.size(); ++k)
      listed += fmt::format("{}{}: {}", listed.empty() ? "" : ", ", k, choices[k]);
    texts.push_back(listed);
  }
  return {study.title,
          study.question,
          study.resolved,
          to_toml(study.scenario),
          baseline.info.name,
          baseline.sha256,
          std::string(program_version()),
          std::string(git_commit()),
          fingerprint(of),
          factors,
          scenarios.input_names(),
          texts,
          study.quantiles,
          players};
}

}  // namespace entrepot
