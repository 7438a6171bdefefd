#include "results/baseline_checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.hpp"

namespace entrepot {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kHeader = "country,figure,of,value,unit,year,mark,source,remark\n";

/// Two countries, a good and a service. A sells B 100 of the good at a tariff of 10 % and 30 of the service, B sells A
/// 50 of the good; each sells itself 400 of either; value added is 500 and 450.
World two_countries(Index uses = 1) {
  World world = World::of_shape({{"AAA", "A", {}}, {"BBB", "B", {}}},
                                {{"ore", "Ore", SectorKind::kGoods}, {"bank", "Bank", SectorKind::kServices}}, uses);
  world.tariff = Bilateral(world.market_count(), 2, 2);
  for (Index use = 0; use < uses; ++use) {
    const Index a = world.market(use, 0), b = world.market(use, 1);
    const double part = 1.0 / static_cast<double>(uses);
    world.tariff(b, 0, 0) = 0.1;
    world.expenditure(b, 0, 0) = 110.0 * part;
    world.expenditure(b, 0, 1) = 30.0 * part;
    world.expenditure(a, 1, 0) = 50.0 * part;
    for (Index j = 0; j < 2; ++j) world.expenditure(a, 0, j) = world.expenditure(b, 1, j) = 400.0 * part;
  }
  world.value_added << 300.0, 200.0, 250.0, 200.0;
  return world;
}

class PublishedFigures : public testing::Test {
 protected:
  std::vector<PublishedFigure> read(const std::string& rows) const {
    std::ofstream(folder_.path() / "published.csv") << kHeader << rows;
    return read_published_figures(folder_.path(), two_countries());
  }
  std::string message(const std::string& rows) const {
    try {
      read(rows);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }
  test::TemporaryFolder folder_;
};

TEST_F(PublishedFigures, StandBesideTheBaseYearsOwn) {
  const auto figures = read(
      "AAA,gdp,,400,million USD,2021,measured,bank,\n"
      "AAA,goods_exports,,80,million USD,2021,measured,customs,why\n"
      "AAA,goods_imports,,50,million USD,2021,measured,customs,\n"
      "AAA,services_exports,,30,million USD,2021,proxy,bank,\n"
      "AAA,exports_to,BBB,100,million USD,2021,measured,customs,\n"
      "BBB,gdp,,460,million USD,2021,measured,bank,\n"
      "BBB,exports,,50,million USD,2021,measured,bank,\n"
      "BBB,imports,,130,million USD,2021,measured,bank,\n"
      "BBB,services_imports,,40,million USD,2021,measured,bank,\n"
      "BBB,imports_from,AAA,100,million USD,2021,measured,customs,\n"
      "AAA,goods_export_share,ore,98,%,2015,proxy,customs,\n");
  for (const Index uses : {1, 2}) {
    const auto checks = check_figures(two_countries(uses), figures);
    ASSERT_EQ(checks.size(), 13u);
    const auto expect = [&](std::size_t k, double built, double difference, bool large) {
      EXPECT_NEAR(checks[k].built, built, 1e-9) << checks[k].figure.figure;
      EXPECT_NEAR(checks[k].difference, difference, 1e-9) << checks[k].figure.figure;
      EXPECT_EQ(checks[k].large, large) << checks[k].figure.figure;
    };
    expect(0, 500, 25, true);
    expect(1, 100, 25, true);  // without the tariff
    expect(2, 50, 0, false);
    expect(3, 30, 0, false);
    expect(4, 100, 0, false);
    expect(5, 460, 0, false);  // 450 and 10 of tariffs
    expect(6, 50, 0, false);
    expect(7, 130, 0, false);
    expect(8, 30, -25, true);
    expect(9, 100, 0, false);
    expect(10, 100, 2, false);
    EXPECT_EQ(checks[11].figure.figure, "goods_openness");  // of A: 150/500 against 130/400
    expect(11, 30, -2.5, false);
    EXPECT_EQ(checks[11].figure.remark, "why");
    EXPECT_EQ(checks[12].figure.figure, "openness");
    expect(12, 100.0 * 180 / 460, 0, false);
  }
}

TEST_F(PublishedFigures, AreNoneWithoutAFile) {
  const test::TemporaryFolder empty;
  EXPECT_TRUE(read_published_figures(empty.path(), two_countries()).empty());
  EXPECT_EQ(describe_checks({}, ""), "");
}

TEST_F(PublishedFigures, NameEveryMistakeAndTheNearestName) {
  EXPECT_THAT(message("AAB,gdp,,400,million USD,2021,measured,bank,\n"
                      "AAA,gpd,,x,million USD,2021,measured,bank,\n"
                      "AAA,exports_to,CCC,1,million USD,2021,guess,,\n"
                      "AAA,goods_export_share,or,1,million USD,2021,proxy,bank,\n"
                      "BBB,gdp,,-1,million USD,2021,measured,bank,\n"
                      "BBB,gdp,,1,million USD,2021,measured,bank,\n"),
              AllOf(HasSubstr("published.csv:2"), HasSubstr("did you mean 'AAA'"), HasSubstr("did you mean 'gdp'"),
                    HasSubstr("'x'"), HasSubstr("no country 'CCC'"), HasSubstr("no mark 'guess'"),
                    HasSubstr("needs a source"), HasSubstr("did you mean 'ore'"),
                    HasSubstr("expected '%', not 'million USD'"), HasSubstr("zero or more"), HasSubstr("given twice")));
}

TEST_F(PublishedFigures, AreListedWithTheirRemarks) {
  const auto figures = read(
      "AAA,gdp,,400,million USD,2021,measured,bank,a new census\n"
      "AAA,exports_to,BBB,101,million USD,2021,measured,customs,\n");
  const auto checks = check_figures(two_countries(), figures);
  EXPECT_THAT(describe_checks(checks, "AAA"), AllOf(HasSubstr("! gdp: a new census"), HasSubstr("customs")));
  EXPECT_EQ(describe_checks(checks, "BBB"), "");
  EXPECT_THAT(describe_checks(checks, ""), AllOf(HasSubstr("1 of 2 figures differ"), Not(HasSubstr("census"))));
}

}  // namespace
}  // namespace entrepot
