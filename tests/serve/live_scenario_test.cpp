#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "results/result_reader.hpp"
#include "serve/serve_scenario.hpp"
#include "support/temporary_folder.hpp"

namespace entrepot::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::ThrowsMessage;
using Path = std::filesystem::path;
using Kind = TomlValue::Kind;

const Path kSource = ENTREPOT_SOURCE_DIR;

LiveScenario live(const Path& scenario) { return {kSource / "scenarios" / scenario, {}, kSource / "data"}; }

std::vector<Path> shipped() {
  std::vector<Path> files;
  for (const char* folder : {"", "known"})
    for (const auto& entry : std::filesystem::directory_iterator(kSource / "scenarios" / folder))
      if (entry.path().extension() == ".toml") files.push_back(entry.path());
  return files;
}

/// Paths of all numbers below a table.
void numbers_in(const TomlValue& value, const std::string& path, std::vector<std::string>& paths) {
  if (value.kind == Kind::kNumber) paths.push_back(path);
  if (value.kind == Kind::kTable)
    for (const TomlValue& child : value.children) numbers_in(child, path + "." + child.key, paths);
}

TEST(Settings, EveryNumberOfEveryShippedScenarioHasASlider) {
  std::size_t found = 0;
  for (const Path& file : shipped()) {
    const Scenario scenario = read_scenario(file, {});
    const TomlValue document = parse_toml(scenario.resolved, "");
    const std::vector<Setting> settings = scenario_settings(document);
    std::vector<std::string> paths;
    for (const char* list : {"policy", "reference.policy"})
      if (const TomlValue* policies = find_value(document, list); policies != nullptr)
        for (const TomlValue& policy : policies->children)
          numbers_in(policy, std::string(list) + "." + policy.find("name")->text, paths);
    for (const char* table : {"theta", "model"})
      if (const TomlValue* value = document.find(table); value != nullptr) numbers_in(*value, table, paths);
    for (const std::string& path : paths) {
      const auto setting = std::ranges::find(settings, path, &Setting::path);
      ASSERT_NE(setting, settings.end()) << file << " " << path;
      EXPECT_EQ(setting->value.number, find_value(document, path)->number) << path;
      EXPECT_TRUE(setting->written) << path;
    }
    found += paths.size();
    for (const Setting& setting : settings) {
      EXPECT_FALSE(setting.meaning.empty()) << setting.path;
      if (setting.kind != Setting::Kind::kNumber) continue;
      EXPECT_LE(setting.from, setting.value.number) << setting.path;
      EXPECT_GE(setting.to, setting.value.number) << setting.path;
      EXPECT_GE(setting.from, setting.range.lower) << setting.path;
      EXPECT_LE(setting.to, setting.range.upper) << setting.path;
      EXPECT_GT(setting.step, 0.0) << setting.path;
      EXPECT_LE(setting.step, setting.to - setting.from) << setting.path;
    }
  }
  EXPECT_GT(found, 50u);
}

TEST(LiveScenario, EverySliderGoesToItsEnds) {
  const LiveScenario scenario = live("everything.toml");
  int answered = 0, refused = 0;
  for (const Setting& setting : scenario.settings()) {
    std::vector<std::string> values = setting.choices;
    if (setting.kind == Setting::Kind::kNumber)
      values = {std::to_string(setting.from), std::to_string(setting.to)};
    else if (setting.kind == Setting::Kind::kSwitch)
      values = {"true", "false"};
    for (const std::string& value : values) {
      try {
        const nlohmann::ordered_json answer = scenario.answer({{setting.path, value}});
        EXPECT_FALSE(answer["summary"].empty()) << setting.path;
        ++answered;
      } catch (const InputError& error) {  // what only goes together with another setting
        EXPECT_FALSE(error.problems().empty());
        ++refused;
      }
    }
  }
  EXPECT_GT(answered, 9 * refused) << refused;
}

TEST(LiveScenario, AnswersWhatARunAnswers) {
  const LiveScenario scenario = live("minsk-2025.toml");
  const LiveScenario::Changes changes{{"policy.customs.days_saved", "3.5"}, {"policy.transit.enabled", "false"}};
  const Scenario plain = read_scenario(kSource / "scenarios/minsk-2025.toml",
                                       {"policy.customs.days_saved=3.5", "policy.transit.enabled=false"});
  const RunResults run = run_scenario(plain, read_baseline(kSource / "data/eurasia-2021"),
                                      BlocTable::read(kSource / "data/blocs.csv"), {.exact_decomposition = false});
  EXPECT_TRUE(run.exact.empty());
  const nlohmann::ordered_json answer = scenario.answer(changes), unchanged = scenario.answer({});
  ASSERT_EQ(answer["columns"][0]["name"], "welfare");
  EXPECT_NE(answer["columns"][0]["values"], unchanged["columns"][0]["values"]);
  for (std::size_t n = 0; n < run.countries.size(); ++n) {
    const double expected = run.measures.welfare(static_cast<Index>(n));
    EXPECT_NEAR(answer["columns"][0]["values"][n].get<double>(), expected, 1e-5 * std::abs(expected) + 1e-12);
  }
  EXPECT_EQ(answer["decomposition_exact"], false);

  // The file to be saved says the same.
  const Scenario saved = parse_scenario(scenario.scenario_text(changes), kSource / "scenarios/saved.toml", {});
  EXPECT_EQ(saved.resolved, plain.resolved);
}

TEST(LiveScenario, ResultFileIsARunsFile) {
  const TemporaryFolder folder;
  const LiveScenario scenario = live("half-embargo.toml");
  std::ofstream(folder.path() / "run.h5", std::ios::binary) << scenario.result_file({});
  const ResultReader reader(folder.path() / "run.h5");
  EXPECT_TRUE(reader.solved());
  EXPECT_TRUE(reader.has("decomposition_exact"));
}

TEST(LiveScenario, DoesNotSolveForNobody) {
  const LiveScenario scenario = live("half-embargo.toml");
  EXPECT_THROW(static_cast<void>(scenario.answer({}, [] { return true; })), LiveScenario::Unwanted);
  EXPECT_THROW(static_cast<void>(scenario.result_file({}, [] { return true; })), LiveScenario::Unwanted);
  EXPECT_FALSE(scenario.answer({}, [] { return false; }).empty());
}

TEST(LiveScenario, SaysWhatDoesNotFit) {
  const LiveScenario scenario = live("minsk-2025.toml");
  const auto says = [&](LiveScenario::Changes changes, const char* sentence) {
    EXPECT_THAT([&] { scenario.answer(changes); }, ThrowsMessage<InputError>(HasSubstr(sentence))) << sentence;
    EXPECT_THAT([&] { scenario.scenario_text(changes); }, ThrowsMessage<InputError>(HasSubstr(sentence))) << sentence;
  };
  says({{"policy.customs.days_savd", "1"}}, "did you mean 'policy.customs.days_saved'?");
  says({{"policy.customs.days_saved", "many"}}, "a number");
  says({{"policy.customs.days_saved", "nan"}}, "policy.customs.days_saved");
  says({{"policy.customs.days_saved", "1e999"}}, "policy.customs.days_saved");
  says({{"policy.transit.use_rate", "1.5"}}, "fraction");
  says({{"policy.customs.enabled", "[1, 2"}}, "policy.customs.enabled");
  // Nothing that is no setting can be reached.
  for (const char* path : {"baseline", "title", "policy.customs.name", "policy", "", "policy.customs.instrument"})
    says({{path, "x"}}, "there is no such setting");
}

TEST(LiveScenario, ManyMayAskAtOnce) {
  const LiveScenario scenario = live("half-embargo.toml");
  const std::string one = scenario.answer({})["columns"].dump();
  std::vector<std::thread> threads;
  std::vector<std::string> answers(8), files(8);
  for (std::size_t k = 0; k < answers.size(); ++k)
    threads.emplace_back([&, k] {
      answers[k] = scenario.answer({})["columns"].dump();
      files[k] = scenario.result_file({});
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& answer : answers) EXPECT_EQ(answer, one);
  for (const std::string& file : files) EXPECT_GT(file.size(), 1000u);
}

TEST(Serving, HasFourPlaces) {
  const LiveScenario scenario = live("half-embargo.toml");
  const HttpServer::Handler handler = serving(scenario);
  EXPECT_THAT(handler({"/", {}}).body, HasSubstr("id=\"settings\""));
  EXPECT_EQ(handler({"/answer", {}}).type, "application/json");
  EXPECT_EQ(handler({"/scenario.toml", {}}).file_name, "half-embargo.toml");
  EXPECT_EQ(handler({"/results.h5", {}}).file_name, "half-embargo.h5");
  EXPECT_EQ(handler({"/../data/blocs.csv", {}}).status, 404);
  const HttpAnswer wrong = handler({"/answer", {{"policy.embargo.coverage", "2"}}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_THAT(nlohmann::json::parse(wrong.body)["error"].get<std::string>(), HasSubstr("policy.embargo.coverage: "));
}

}  // namespace
}  // namespace entrepot::test
