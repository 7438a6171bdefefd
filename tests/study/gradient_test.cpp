#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "results/memory_dataset.hpp"
#include "study/scenario_gradient.hpp"
#include "study/scenario_run.hpp"
#include "study/show_gradients.hpp"
#include "support/temporary_folder.hpp"

// Derivatives of reported measures by the numbers of scenario files, against runs of the changed scenario.

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

const std::filesystem::path kSource = ENTREPOT_SOURCE_DIR;

const Baseline& eurasia() {
  static const Baseline baseline = read_baseline(kSource / "data/eurasia-2021");
  return baseline;
}
const BlocTable& blocs() {
  static const BlocTable table = BlocTable::read(kSource / "data/blocs.csv");
  return table;
}

Scenario shipped(const std::string& name, std::vector<std::string> overrides = {}) {
  overrides.push_back("solver.tolerance=1e-12");
  return read_scenario(kSource / "scenarios" / (name + ".toml"), overrides);
}

ScenarioGradients gradients(const Scenario& scenario, const std::vector<std::string>& names) {
  std::vector<LocatedText> measures;
  for (const std::string& name : names) measures.push_back({name, {"--of", 0, 0}});
  return scenario_gradients(scenario, measures, eurasia(), blocs());
}

Measures run(const Scenario& scenario) {
  const RunResults results = run_scenario(scenario, eurasia(), blocs(), {.exact_decomposition = false});
  EXPECT_LE(results.report.residual, 1e-11) << results.report.sentence;
  return results.measures;
}

Index country(const std::string& code) {
  for (std::size_t n = 0; n < eurasia().world.countries.size(); ++n)
    if (eurasia().world.countries[n].code == code) return static_cast<Index>(n);
  return -1;
}
Index sector(const std::string& code) {
  for (std::size_t j = 0; j < eurasia().world.sectors.size(); ++j)
    if (eurasia().world.sectors[j].code == code) return static_cast<Index>(j);
  return -1;
}

struct Case {
  std::string scenario, path;
  double value, step;
  bool exact = true;
};

class NumberOf : public testing::TestWithParam<Case> {};

TEST_P(NumberOf, MovesMeasuresAsRunsSay) {
  const auto& [name, path, value, step, exact] = GetParam();
  const std::vector<std::pair<std::string, std::function<double(const Measures&)>>> measures{
      {"welfare[IRN]", [](const Measures& m) { return m.welfare(country("IRN")); }},
      {"welfare_usd[RUS]", [](const Measures& m) { return m.welfare_usd(country("RUS")); }},
      {"real_gdp[BLR]", [](const Measures& m) { return m.real_gdp(country("BLR")); }},
      {"real_wage[IRN]", [](const Measures& m) { return m.real_wage(country("IRN")); }},
      {"consumer_prices[IRN]", [](const Measures& m) { return m.consumer_prices(country("IRN")); }},
      {"gdp[CHN]", [](const Measures& m) { return m.gdp(country("CHN")); }},
      {"income[CHN]", [](const Measures& m) { return m.income(country("CHN")); }},
      {"exports[IRN]", [](const Measures& m) { return m.exports(country("IRN")); }},
      {"imports[IRN]", [](const Measures& m) { return m.imports(country("IRN")); }},
      {"trade_balance[RUS]", [](const Measures& m) { return m.trade_balance(country("RUS")); }},
      {"export_volume[RUS]", [](const Measures& m) { return m.export_volume(country("RUS")); }},
      {"import_volume[IRN]", [](const Measures& m) { return m.import_volume(country("IRN")); }},
      {"tariff_revenue[IRN]", [](const Measures& m) { return m.tariff_revenue(country("IRN")); }},
      {"output[IRN; chemicals]", [](const Measures& m) { return m.output(country("IRN"), sector("chemicals")); }},
      {"value_added[RUS; mining]", [](const Measures& m) { return m.value_added(country("RUS"), sector("mining")); }},
      {"employment[IRN; food]", [](const Measures& m) { return m.employment(country("IRN"), sector("food")); }},
      {"producer_price[IRN; food]", [](const Measures& m) { return m.producer_price(country("IRN"), sector("food")); }},
      {"price[IRN; machinery]", [](const Measures& m) { return m.price(country("IRN"), sector("machinery")); }},
      {"input_price[IRN; machinery]",
       [](const Measures& m) { return m.input_price(country("IRN"), sector("machinery")); }},
      {"trade[RUS; food; IRN]",
       [](const Measures& m) { return m.trade(country("IRN"), country("RUS"), sector("food")); }},
      {"trade_volume_change[RUS; food; IRN]",
       [](const Measures& m) { return m.trade_volume_change(country("IRN"), country("RUS"), sector("food")); }}};
  std::vector<std::string> names;
  for (const auto& [measure, ignored] : measures) names.push_back(measure);
  const auto with = [&](double v) { return shipped(name, {path + "=" + std::to_string(v)}); };
  const ScenarioGradients found = gradients(with(value), names);
  ASSERT_TRUE(found.report.solved()) << found.report.sentence;
  const auto number = std::ranges::find(found.numbers, path, &ScenarioGradients::Number::path);
  ASSERT_NE(number, found.numbers.end());
  EXPECT_EQ(number->exact, exact);
  const auto place = static_cast<std::size_t>(number - found.numbers.begin());
  const Measures below = run(with(value - step)), above = run(with(value + step)), at = run(with(value));
  for (std::size_t k = 0; k < measures.size(); ++k) {
    const auto& [measure, of] = measures[k];
    EXPECT_NEAR(found.measures[k].value, of(at), 1e-7 * std::max(1.0, std::abs(of(at)))) << measure;
    const double slope = (of(above) - of(below)) / (2.0 * step);
    // Of the solves whose difference this is; of a balance, that of what it is the difference of.
    const double size = measure.starts_with("trade_balance") ? at.exports(country("RUS")) : std::abs(of(at));
    const double noise = 1e-11 * std::max(1.0, size) / step;
    EXPECT_NEAR(found.measures[k].numbers[place], slope, 2e-4 * std::abs(slope) + 1e-6 + noise)
        << measure << " by " << path;
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, NumberOf,
                         testing::Values(Case{"half-embargo", "policy.embargo.coverage", 0.5, 1e-3},
                                         Case{"minsk-2025", "policy.free-trade-area.covered", 0.87, 1e-3},
                                         Case{"minsk-2025", "policy.customs.days_saved", 2.0, 1e-2},
                                         Case{"minsk-2025", "policy.tractors.amount_million_usd", 100.0, 10.0},
                                         Case{"minsk-2025", "theta.scale", 1.1, 1e-3},
                                         Case{"minsk-2025", "model.value_added_elasticity", 0.8, 1e-3},
                                         Case{"minsk-2025", "model.value_added_elasticity", 1.0, 1e-3},
                                         Case{"minsk-2025", "model.input_elasticity", 1.2, 1e-3},
                                         Case{"minsk-2025", "model.labour_mobility", 2.0, 1e-3},
                                         Case{"minsk-2025", "policy.joint-zone.share", 0.01, 1e-4, false},
                                         Case{"half-embargo", "theta.scale", 1.1, 1e-3, false}),
                         [](const auto& of) {
                           std::string name = fmt::format("{}_{}_{}", of.param.scenario, of.param.path, of.param.value);
                           std::ranges::replace_if(
                               name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

TEST(ScenarioGradient, OfEvasionAndFinance) {
  const Scenario scenario = shipped("russia-2022-evasion");
  const ScenarioGradients found = gradients(scenario, {"welfare[RUS]"});
  ASSERT_TRUE(found.report.solved()) << found.report.sentence;
  int looked_at = 0;
  for (std::size_t k = 0; k < found.numbers.size(); ++k) {
    const ScenarioGradients::Number& number = found.numbers[k];
    if (number.path.find("premium") == std::string::npos && number.path.find("margin") == std::string::npos &&
        number.path.find("cost") == std::string::npos)
      continue;
    if (number.value == 0.0) continue;
    ++looked_at;
    const double step = 1e-3 * number.value;
    const auto at = [&](double v) {
      return run(shipped("russia-2022-evasion", {fmt::format("{}={:.17g}", number.path, v)})).welfare(country("RUS"));
    };
    const double slope = (at(number.value + step) - at(number.value - step)) / (2.0 * step);
    EXPECT_NEAR(found.measures[0].numbers[k], slope, 2e-4 * std::abs(slope) + 1e-6) << number.path;
  }
  EXPECT_GE(looked_at, 2);
}

/// What evades, what leaks, what hubs and customs see: by whatever moves it, the shares of detours themselves too.
TEST(ScenarioGradient, OfWhatEvades) {
  const std::string name = "russia-2022-evasion";
  const Index china = country("CHN"), machinery = sector("machinery");
  const std::vector<std::string> measures{"evaded_trade[CHN; machinery]",
                                          "leakage[CHN; machinery]",
                                          "re_exports[CHN]",
                                          "recorded_trade[DEU; machinery; CHN]",
                                          "recorded_trade[CHN; machinery; RUS]",
                                          "recorded_trade[DEU; machinery; RUS]",
                                          "outlawed_trade[DEU; machinery]"};
  const auto values = [&](const Measures& m) {
    const Index germany = country("DEU"), russia = country("RUS");
    return std::vector<double>{m.evaded_trade(china, machinery),
                               m.leakage(china, machinery),
                               m.re_exports(china),
                               m.recorded_trade(china, germany, machinery),
                               m.recorded_trade(russia, china, machinery),
                               m.recorded_trade(russia, germany, machinery),
                               m.outlawed_trade(germany, machinery)};
  };
  const ScenarioGradients found = gradients(shipped(name), measures);
  ASSERT_TRUE(found.report.solved()) << found.report.sentence;
  const std::vector<double> here = values(run(shipped(name)));
  for (std::size_t k = 0; k < measures.size(); ++k) {
    EXPECT_NEAR(found.measures[k].value, here[k], 1e-7 * std::abs(here[k]));
    EXPECT_GT(here[k], 0.0) << measures[k];
  }
  int looked_at = 0;
  for (std::size_t n = 0; n < found.numbers.size(); ++n) {
    const ScenarioGradients::Number& number = found.numbers[n];
    if (number.value == 0.0 || !number.exact) continue;
    ++looked_at;
    const double step = 1e-3 * std::abs(number.value) * (number.value >= 1.0 ? -1.0 : 1.0);
    const auto at = [&](double v) { return values(run(shipped(name, {fmt::format("{}={:.17g}", number.path, v)}))); };
    // At the end of a range to one side, to second order.
    const bool end = number.value >= 1.0;
    const std::vector<double> one = at(number.value + step),
                              other = end ? at(number.value + 2.0 * step) : at(number.value - step);
    for (std::size_t k = 0; k < measures.size(); ++k) {
      const double slope =
          end ? (4.0 * one[k] - other[k] - 3.0 * here[k]) / (2.0 * step) : (one[k] - other[k]) / (2.0 * step);
      EXPECT_NEAR(found.measures[k].numbers[n], slope, 5e-4 * std::abs(slope) + 1e-7 * here[k] / std::abs(step))
          << measures[k] << " by " << number.path;
    }
  }
  EXPECT_GE(looked_at, 4);
}

TEST(ScenarioGradient, OfConditions) {
  const auto look = [](const std::string& name, const std::vector<std::string>& overrides, const std::string& path,
                       double value, double step) {
    const auto with = [&](double v) {
      std::vector<std::string> all = overrides;
      all.push_back(fmt::format("{}={:.17g}", path, v));
      return shipped(name, all);
    };
    const ScenarioGradients found = gradients(with(value), {"welfare[RUS]", "welfare[CHN]", "exports[RUS]"});
    ASSERT_TRUE(found.report.solved()) << found.report.sentence;
    const auto number = std::ranges::find(found.numbers, path, &ScenarioGradients::Number::path);
    ASSERT_NE(number, found.numbers.end());
    EXPECT_TRUE(number->exact);
    const auto place = static_cast<std::size_t>(number - found.numbers.begin());
    const auto at = [&](double v) {
      const RunResults results = run_scenario(with(v), eurasia(), blocs(), {.exact_decomposition = false});
      EXPECT_TRUE(results.report.solved()) << results.report.sentence;
      return std::array{results.measures.welfare(country("RUS")), results.measures.welfare(country("CHN")),
                        results.measures.exports(country("RUS"))};
    };
    const auto below = at(value - step), above = at(value + step);
    for (std::size_t k = 0; k < 3; ++k) {
      const double slope = (above[k] - below[k]) / (2.0 * step);
      EXPECT_NEAR(found.measures[k].numbers[place], slope, 1e-3 * std::abs(slope) + 1e-5) << path << " " << k;
      EXPECT_GT(std::abs(slope), 1e-6) << path << " does something";
    }
  };
  look("russia-2022-price-cap", {}, "policy.cap.limit", 0.91, 1e-4);
  look("russia-2022-price-cap", {}, "policy.payments.cost", 0.1, 1e-4);
}

TEST(ScenarioGradient, OfASharedBurden) {
  const auto with = [&](double coverage) {
    return parse_scenario(
        fmt::format(
            "baseline = 'eurasia-2021'\n[reference]\nclosure = 'balanced'\n[solver]\ntolerance = 1e-11\n[[policy]]\n"
            "name = 'embargo'\ninstrument = 'embargo'\nsenders = ['USA', 'DEU', 'ITA']\ntargets = ['RUS']\n"
            "direction = 'both'\ncoverage = {:.17g}\n[[policy]]\nname = 'shared'\ninstrument = 'burden_sharing'\n"
            "members = ['USA', 'DEU', 'ITA']\n",
            coverage),
        kSource / "scenarios/shared.toml", {});
  };
  const ScenarioGradients found =
      gradients(with(0.5), {"welfare[DEU]", "welfare[USA]", "welfare[RUS]", "deficit[DEU]"});
  ASSERT_TRUE(found.report.solved()) << found.report.sentence;
  const auto number = std::ranges::find(found.numbers, "policy.embargo.coverage", &ScenarioGradients::Number::path);
  ASSERT_NE(number, found.numbers.end());
  const auto place = static_cast<std::size_t>(number - found.numbers.begin());
  const auto at = [&](double coverage) {
    const RunResults results = run_scenario(with(coverage), eurasia(), blocs(), {.exact_decomposition = false});
    EXPECT_TRUE(results.report.solved()) << results.report.sentence;
    const Measures& m = results.measures;
    return std::array{m.welfare(country("DEU")), m.welfare(country("USA")), m.welfare(country("RUS")),
                      m.deficit(country("DEU"))};
  };
  constexpr double kStep = 1e-3;
  const auto below = at(0.5 - kStep), above = at(0.5 + kStep);
  for (std::size_t k = 0; k < 4; ++k) {
    const double slope = (above[k] - below[k]) / (2.0 * kStep);
    EXPECT_NEAR(found.measures[k].numbers[place], slope, 1e-3 * std::abs(slope) + 1e-5) << k;
    EXPECT_GT(std::abs(slope), 1e-4) << k;
  }
  EXPECT_NEAR(found.measures[0].numbers[place], found.measures[1].numbers[place], 1e-7) << "borne alike";
}

TEST(ScenarioGradient, SaysWhatItDoesNotGive) {
  const auto says = [](const std::string& scenario, const std::string& measure, const char* sentence) {
    EXPECT_THAT([&] { gradients(shipped(scenario), {measure}); }, ThrowsMessage<InputError>(HasSubstr(sentence)));
  };
  says("half-embargo", "welfare_us[IRN]", "did you mean 'welfare_usd'?");
  says("half-embargo", "welfare[IRAN]", "IRN");
  says("half-embargo", "income_base[IRN]", "has no derivative");
}

TEST(ScenarioGradient, WithoutAnEquilibriumThereIsNone) {
  const ScenarioGradients found =
      gradients(shipped("half-embargo", {"policy.embargo.senders=[\"all\"]", "policy.embargo.targets=[\"all\"]",
                                         "policy.embargo.coverage=1", "reference.closure=fixed"}),
                {"welfare[IRN]"});
  EXPECT_FALSE(found.report.solved());
  EXPECT_TRUE(found.measures.empty());
  EXPECT_THAT(show_gradients(found, 5), HasSubstr(found.report.sentence));
}

TEST(ScenarioGradient, IsShownAndWritten) {
  const ScenarioGradients found = gradients(shipped("half-embargo"), {"welfare[IRN, CHN]"});
  const std::string text = show_gradients(found, 3);
  EXPECT_THAT(text, AllOf(HasSubstr("welfare[IRN]: welfare, "), HasSubstr("welfare[CHN]: welfare, "),
                          HasSubstr("policy.embargo.coverage"), HasSubstr("trade cost +1 %")));
  MemoryDataset memory("gradient.h5");
  write_gradients(found, memory);
  EXPECT_EQ(memory.texts("measure"), (std::vector<std::string>{"welfare[IRN]", "welfare[CHN]"}));
  const std::size_t n = found.countries.size(), s = found.sectors.size();
  EXPECT_EQ(memory.find("by_tariff")->shape, (std::vector<std::size_t>{2, s, n, n}));
  const std::vector<double> tariffs = memory.numbers("by_tariff");
  const std::size_t importer = 3, exporter = 5, sector_number = 2;
  EXPECT_EQ(tariffs[((1 * s + sector_number) * n + exporter) * n + importer],
            found.measures[1].tariff(Index(importer), Index(exporter), Index(sector_number)));
  EXPECT_EQ(memory.numbers("by_productivity")[(0 * n + 4) * s + 1], found.measures[0].productivity(4, 1));
}

}  // namespace
}  // namespace entrepot::test
