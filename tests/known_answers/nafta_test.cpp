// NAFTA, as published by Caliendo & Parro (2015, REStud 82:1, Table 2), through the scenarios that users run.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "study/scenario_run.hpp"

namespace entrepot::testing {
namespace {

struct Published {
  const char* country;
  double terms_of_trade, volume_of_trade, real_wage;  ///< %
};
/// Table 2 of the paper, both worlds balanced, to its two decimals.
constexpr Published kPublished[] = {{"MEX", -0.41, 1.72, 1.72}, {"CAN", -0.11, 0.04, 0.32}, {"USA", 0.04, 0.04, 0.11}};
constexpr double kRounding = 0.005;  ///< half of the last published decimal, in percentage points

const RunResults& run(const std::string& scenario) {
  static std::map<std::string, RunResults> runs;
  const auto found = runs.find(scenario);
  if (found != runs.end()) return found->second;
  const std::filesystem::path source = ENTREPOT_SOURCE_DIR;
  const Scenario read = read_scenario(source / "scenarios/known" / (scenario + ".toml"));
  const Baseline baseline = read_baseline(find_baseline_folder(read, source / "data"));
  return runs.emplace(scenario, run_scenario(read, baseline, BlocTable::read(source / "data/blocs.csv"))).first->second;
}

Index country(const RunResults& run, const std::string& code) {
  for (std::size_t n = 0; n < run.countries.size(); ++n)
    if (run.countries[n].code == code) return static_cast<Index>(n);
  throw std::runtime_error("no country " + code);
}

double part(const RunResults& run, const Decomposition& decomposition, const std::string& name,
            const std::string& code) {
  const auto& names = decomposition.components;
  const auto place = std::find(names.begin(), names.end(), name);
  if (place == names.end()) throw std::runtime_error("no component " + name);
  return decomposition.percent(place - names.begin(), country(run, code));
}

TEST(Nafta, BalancedAsPublished) {
  const RunResults& nafta = run("nafta");
  ASSERT_TRUE(nafta.report.solved()) << nafta.report.sentence;
  for (const Published& published : kPublished) {
    SCOPED_TRACE(published.country);
    EXPECT_NEAR(part(nafta, nafta.first_order, "terms_of_trade", published.country), published.terms_of_trade,
                kRounding);
    EXPECT_NEAR(part(nafta, nafta.first_order, "volume_of_trade", published.country), published.volume_of_trade,
                kRounding);
    EXPECT_NEAR(nafta.measures.real_wage(country(nafta, published.country)), published.real_wage, kRounding);
  }
}

TEST(Nafta, FirstOrderWelfareAsPublished) {
  const RunResults& nafta = run("nafta");
  const std::pair<const char*, double> published[] = {{"MEX", 1.31}, {"CAN", -0.06}, {"USA", 0.08}};
  for (const auto& [code, welfare] : published) {
    EXPECT_NEAR(part(nafta, nafta.first_order, "terms_of_trade", code) +
                    part(nafta, nafta.first_order, "volume_of_trade", code),
                welfare, 0.01)
        << code;
  }
}

/// The same algorithm written out plainly (one power a flow, damped wages) in another language, solved to 1e-12.
TEST(Nafta, AsTheLiteralAlgorithm) {
  const RunResults& nafta = run("nafta");
  struct Literal {
    const char* country;
    double real_wage, welfare, terms_of_trade, volume_of_trade;
  };
  constexpr Literal kLiteral[] = {{"MEX", 1.7153225336, 0.0073202447, -0.4117740626, 1.7238853906},
                                  {"CAN", 0.3228330860, -0.1101060209, -0.1081042686, 0.0442863586},
                                  {"USA", 0.1124429974, 0.0741465063, 0.0435317582, 0.0412217231}};
  constexpr double kDigits = 1e-7;  // percentage points; the scenario is solved to 1e-10
  for (const Literal& literal : kLiteral) {
    SCOPED_TRACE(literal.country);
    const Index n = country(nafta, literal.country);
    EXPECT_NEAR(nafta.measures.real_wage(n), literal.real_wage, kDigits);
    EXPECT_NEAR(nafta.measures.welfare(n), literal.welfare, kDigits);
    EXPECT_NEAR(part(nafta, nafta.first_order, "terms_of_trade", literal.country), literal.terms_of_trade, kDigits);
    EXPECT_NEAR(part(nafta, nafta.first_order, "volume_of_trade", literal.country), literal.volume_of_trade, kDigits);
  }
}

TEST(Nafta, ExactDecompositionAddsUp) {
  const RunResults& nafta = run("nafta");
  ASSERT_FALSE(nafta.exact.empty());
  EXPECT_NEAR(part(nafta, nafta.exact, "terms_of_trade", "MEX"), -0.680, kRounding);
  EXPECT_NEAR(part(nafta, nafta.exact, "volume_of_trade", "MEX"), 0.687, kRounding);
  EXPECT_LE((nafta.exact.percent.colwise().sum().transpose() - nafta.measures.welfare).cwiseAbs().maxCoeff(), 1e-6);
  for (const char* other : {"iceberg", "ban", "productivity", "rent", "transfer"})
    for (const Country& n : nafta.countries)
      EXPECT_NEAR(part(nafta, nafta.exact, other, n.code), 0.0, 1e-9) << other << " of " << n.code;
}

/// The figures' recorded deficits do not go with their shares: recorded spending and its use differ by 3.7 %. This
/// baseline holds the deficits that the shares imply (data/cp2015-nafta/calibrate.py), so that Mexico's real wage is
/// not quite the 1.0164 that the cp2015 package finds with the recorded ones.
TEST(Nafta, WithDeficitsNearTheRecordedOnes) {
  const RunResults& nafta = run("nafta-with-deficits");
  ASSERT_TRUE(nafta.report.solved()) << nafta.report.sentence;
  const Index mexico = country(nafta, "MEX");
  EXPECT_NEAR(nafta.measures.real_wage(mexico), 1.62, kRounding);
  EXPECT_NEAR(nafta.measures.real_wage(mexico), 1.64, 0.03);
  EXPECT_LE((nafta.measures.deficit - nafta.measures.deficit_base).cwiseAbs().maxCoeff(), 1e-6);
  EXPECT_LE((nafta.exact.percent.colwise().sum().transpose() - nafta.measures.welfare).cwiseAbs().maxCoeff(), 1e-6);
}

}  // namespace
}  // namespace entrepot::testing
