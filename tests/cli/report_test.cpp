#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program.hpp"
#include "results/netcdf_file.hpp"

// `entrepot report`: what is in the page; how it looks and answers is tests/report/browser_test.py's.

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const char* const kScenario =
    "title = 'Duties <b> & more'\nquestion = 'Who pays?'\nbaseline = 'small'\nsources = ['A paper']\n[[policy]]\n"
    "name = 'duties'\ninstrument = 'tariff'\nimporters = ['USA']\nexporters = ['MEX', 'CAN']\naction = 'add'\nrate = "
    "0.1\n[[policy]]\nname = 'off'\ninstrument = 'tariff'\nenabled = false\nimporters = ['MEX']\nexporters = ['USA']\n"
    "rate = 0.2\n";

class ReportProgram : public testing::Test {
 protected:
  void SetUp() override {
    small_baseline(place, "small");
    write(place / "small.toml", kScenario);
    ASSERT_EQ(place.run({"run", "small.toml", "-q", "-o", "run.h5"}).status, 0);
  }
  nlohmann::json data_of(const std::string& page) const {
    const std::string text = content_of(place / page), begin = "id=\"data\">";
    const std::size_t at = text.find(begin) + begin.size();
    return nlohmann::json::parse(text.substr(at, text.find("</script>", at) - at));
  }
  Workplace place;
};

TEST_F(ReportProgram, HoldsWhatTheFileSays) {
  const Ended ended = place.run({"report", "run.h5"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("Written to run.html"));
  const std::string page = content_of(place / "run.html");
  EXPECT_THAT(page, AllOf(StartsWith("<!doctype html>"), HasSubstr("<title>Duties &lt;b> &amp; more</title>")));
  for (const char* elsewhere : {"http://", "https://", "src=\"", "@import", "url("})
    EXPECT_EQ(page.find(elsewhere), page.npos) << elsewhere;
  const nlohmann::json data = data_of("run.html");
  ASSERT_EQ(data.size(), 1u);
  const nlohmann::json& run = data[0];
  EXPECT_EQ(run["title"], "Duties <b> & more");
  EXPECT_EQ(run["sources"], nlohmann::json::array({"A paper"}));
  ASSERT_EQ(run["policies"].size(), 2u);
  EXPECT_EQ(run["policies"][0]["settings"][1][1], "MEX, CAN");
  EXPECT_THAT(run["policies"][0]["meaning"].get<std::string>(), HasSubstr("duty"));
  EXPECT_TRUE(run["policies"][0]["enabled"].get<bool>());
  EXPECT_FALSE(run["policies"][1]["enabled"].get<bool>());
  const NetcdfReader file(place / "run.h5");
  const std::vector<double> welfare = file.numbers("welfare"), trade = file.numbers("trade"),
                            value_added = file.numbers("value_added");
  const std::size_t countries = welfare.size(), sectors = file.texts("sector").size();
  ASSERT_EQ(run["columns"][0]["name"], "welfare");
  for (std::size_t n = 0; n < countries; ++n) {
    EXPECT_NEAR(run["columns"][0]["values"][n].get<double>() / welfare[n], 1.0, 1e-5);
    for (std::size_t j = 0; j < sectors; ++j)
      EXPECT_NEAR(run["sectors"]["after"][n][j].get<double>(), value_added[n * sectors + j],
                  1e-5 * value_added[n * sectors + j]);
    for (std::size_t i = 0; i < countries; ++i) {
      double flow = 0.0;
      for (std::size_t j = 0; j < sectors && i != n; ++j) flow += trade[(j * countries + i) * countries + n];
      EXPECT_NEAR(run["trade"]["after"][i][n].get<double>(), flow, 1e-5 * flow);
    }
  }
}

TEST_F(ReportProgram, HoldsSweepsBesideRuns) {
  write(place / "study.toml",
        "title = 'Draws'\nscenario = 'small.toml'\nmeasures = ['output', 'welfare']\n[sample]\ndraws = 40\n[[vary]]\n"
        "name = 'duty'\npath = 'policy.duties.rate'\ndistribution = 'uniform'\nlow = 0\nhigh = 0.5\n");
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "draws.h5"}).status, 0);
  ASSERT_EQ(place.run({"report", "run.h5", "draws.h5", "-o", "both.html"}).status, 0);
  const nlohmann::json draws = data_of("both.html")[1];
  EXPECT_EQ(draws["columns"][0]["name"], "welfare");
  const NetcdfReader file(place / "draws.h5");
  const std::vector<double> quantiles = file.numbers("welfare_quantile"), high = file.numbers("welfare_high");
  const std::size_t countries = file.texts("country").size(), levels = file.texts("quantile").size();
  for (std::size_t n = 0; n < countries; ++n) {
    EXPECT_EQ(draws["columns"][0]["low"][n].get<double>(), quantiles[n]);
    EXPECT_EQ(draws["columns"][0]["values"][n].get<double>(), quantiles[levels / 2 * countries + n]);
    EXPECT_EQ(draws["tornado"]["high"][0][n].get<double>(), high[n]);
  }
  EXPECT_EQ(draws["factors"], nlohmann::json::array({"duty"}));
  EXPECT_EQ(draws["countries"][0], data_of("both.html")[0]["countries"][0]) << "by name";
  EXPECT_THAT(draws["summary"][0].get<std::string>(), HasSubstr("A sign is sure where"));

  write(place / "plain.toml", content_of(place / "study.toml"));
  replace_in(place / "plain.toml", "draws = 40", "draws = 40\nquantiles = []");
  ASSERT_EQ(place.run({"sweep", "plain.toml", "-q", "-o", "plain.h5"}).status, 0);
  ASSERT_EQ(place.run({"report", "plain.h5"}).status, 0);
  const nlohmann::json plain = data_of("plain.html")[0];
  EXPECT_EQ(plain["columns"][0]["name"], "welfare_mean");
  EXPECT_TRUE(plain["columns"][0]["drawn"].get<bool>());
  EXPECT_FALSE(plain["columns"][0].contains("low"));

  ASSERT_EQ(place.run({"attribute", "small.toml", "-q", "-o", "shares.h5"}).status, 0);
  ASSERT_EQ(place.run({"report", "shares.h5"}).status, 0);
  const nlohmann::json shares = data_of("shares.html")[0];
  EXPECT_EQ(shares["columns"].size(), 2u);
  EXPECT_EQ(shares["columns"][1]["label"], "welfare, duties");
  EXPECT_EQ(shares["columns"][0]["values"], shares["columns"][1]["values"]) << "one policy is all of it";

  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "part.h5", "--shard", "1/2"}).status, 0);
  const Ended shard = place.run({"report", "part.shard-1-of-2.h5"});
  EXPECT_EQ(shard.status, 2);
  EXPECT_THAT(shard.err, HasSubstr("one shard of a sweep"));
  replace_in(place / "study.toml", "'output', 'welfare'", "'output'");
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "output.h5"}).status, 0);
  EXPECT_THAT(place.run({"report", "output.h5"}).err, HasSubstr("add 'welfare' to its measures"));
}

TEST_F(ReportProgram, SaysThatThereIsNoAnswer) {
  write(place / "none.toml",
        "baseline = 'small'\n[[policy]]\nname = 'wall'\ninstrument = 'embargo'\nsenders = ['all']\ntargets = ['all']\n"
        "direction = 'both'\n");
  ASSERT_EQ(place.run({"run", "none.toml", "-q", "-o", "none.h5"}).status, 3);
  ASSERT_EQ(place.run({"report", "none.h5"}).status, 0);
  const nlohmann::json run = data_of("none.html")[0];
  EXPECT_THAT(run["summary"][0].get<std::string>(), StartsWith("No answer."));
  EXPECT_EQ(run["columns"][0]["name"], "income_base");
  EXPECT_FALSE(run.contains("trade"));
}

TEST_F(ReportProgram, TakesNoOtherFilesPlace) {
  const Ended scenario = place.run({"report", "run.h5", "-o", "small.toml"});
  EXPECT_EQ(scenario.status, 1);
  EXPECT_THAT(scenario.err, HasSubstr("left as it is"));
  EXPECT_EQ(content_of(place / "small.toml"), kScenario);
  ASSERT_EQ(place.run({"report", "run.h5"}).status, 0);
  EXPECT_EQ(place.run({"report", "run.h5"}).status, 0) << "its own page is written over";
  EXPECT_EQ(place.run({"report", "missing.h5"}).status, 2);
  EXPECT_EQ(place.run({"report", "small.toml"}).status, 2);
  EXPECT_EQ(place.run({"report"}).status, 2);
}

}  // namespace
}  // namespace entrepot::test
