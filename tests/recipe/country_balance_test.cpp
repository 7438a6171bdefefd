#include "recipe/country_balance.hpp"

#include <gtest/gtest.h>

namespace entrepot {
namespace {

CostStructure structure() {
  CostStructure cost{Matrix(3, 3), Vector(3), Vector(3)};
  cost.input_share << 0.3, 0.1, 0.05, 0.2, 0.4, 0.1, 0.1, 0.2, 0.15;
  cost.value_added_share = Vector::Ones(3) - cost.input_share.colwise().sum().transpose();
  cost.final_share << 0.3, 0.2, 0.5;
  return cost;
}

void expect_balanced(const CountryAccounts& accounts, const CountryTargets& targets) {
  for (Index k = 0; k < 3; ++k) {
    const double output = accounts.home(k) + targets.exports(k), supply = accounts.home(k) + targets.imports(k);
    EXPECT_NEAR(accounts.input.col(k).sum() + accounts.value_added(k), output, 1e-11 * output);
    EXPECT_NEAR(accounts.input.row(k).sum() + accounts.final_use(k), supply, 1e-11 * supply);
    EXPECT_GT(accounts.home(k), 0.0);
    EXPECT_GT(accounts.value_added(k), 0.0);
    EXPECT_GT(accounts.final_use(k), 0.0);
  }
  EXPECT_NEAR(accounts.value_added.sum(), targets.value_added, 1e-11 * targets.value_added);
  EXPECT_NEAR(accounts.final_use.sum(), targets.final_use(), 1e-11 * targets.final_use());
}

TEST(CountryBalance, SharesThatCanMeetTheTargetsAreKept) {
  CountryTargets targets{Vector(3), Vector(3), 1000.0};
  targets.exports << 50.0, 20.0, 10.0;
  targets.imports << 30.0, 40.0, 20.0;
  const CountryAccounts first = first_accounts(structure(), targets, Vector::Zero(3), 0.05);
  const CountryBalance balance = balance_accounts(first, targets);
  expect_balanced(balance.accounts, targets);
  EXPECT_TRUE(balance.accounts.input.isApprox(first.input, 1e-10));
  EXPECT_TRUE(balance.accounts.final_use.isApprox(first.final_use, 1e-10));
}

TEST(CountryBalance, MoreExportsAndImportsThanTheStructureAllowsStayAsTheyAre) {
  CountryTargets targets{Vector(3), Vector(3), 1000.0};
  targets.exports << 50.0, 1800.0, 10.0;
  targets.imports << 30.0, 1500.0, 900.0;
  const CountryBalance balance = balance_accounts(first_accounts(structure(), targets, Vector::Zero(3), 0.05), targets);
  EXPECT_LE(balance.residual, 1e-12);
  expect_balanced(balance.accounts, targets);
}

TEST(CountryBalance, ReExportsAreTheSectorsOwnInput) {
  CountryTargets targets{Vector(3), Vector(3), 1000.0};
  targets.exports << 600.0, 20.0, 10.0;
  targets.imports << 620.0, 40.0, 20.0;
  Vector share = Vector::Zero(3);
  share(0) = 0.9;
  const CountryAccounts through = first_accounts(structure(), targets, share, 0.05);
  const CountryAccounts plain = first_accounts(structure(), targets, Vector::Zero(3), 0.05);
  EXPECT_LT(through.value_added(0), plain.value_added(0));
  EXPECT_GT(through.input(0, 0), 540.0);
  const CountryBalance balance = balance_accounts(through, targets);
  expect_balanced(balance.accounts, targets);
  EXPECT_TRUE(balance.accounts.input.isApprox(through.input, 1e-10));
}

TEST(CountryBalance, WithTwoUsesEachBalances) {
  CountryTargets targets{Vector(3), Matrix(3, 2), 1000.0};
  targets.exports << 50.0, 20.0, 10.0;
  targets.imports << 20.0, 30.0, 60.0, 5.0, 0.0, 15.0;
  CountryAccounts first{Matrix(3, 3), Vector(3), Vector(3), Matrix(3, 2)};
  first.input << 90.0, 20.0, 10.0, 70.0, 80.0, 20.0, 30.0, 40.0, 40.0;
  first.value_added << 200.0, 400.0, 500.0;
  first.final_use << 300.0, 250.0, 0.0;  // of the third sector there is no final use
  first.home << 150.0, 250.0, 100.0, 260.0, 120.0, 0.0;
  targets.imports(2, 1) = 0.0;
  const CountryBalance balance = balance_accounts(first, targets);
  const CountryAccounts& accounts = balance.accounts;
  EXPECT_LE(balance.residual, 1e-13);
  for (Index k = 0; k < 3; ++k) {
    EXPECT_NEAR(accounts.input.row(k).sum(), accounts.home(k, 0) + targets.imports(k, 0), 1e-9);
    EXPECT_NEAR(accounts.final_use(k), accounts.home(k, 1) + targets.imports(k, 1), 1e-9);
    EXPECT_NEAR(accounts.home.row(k).sum() + targets.exports(k), accounts.input.col(k).sum() + accounts.value_added(k),
                1e-9);
  }
  EXPECT_EQ(accounts.final_use(2), 0.0) << "a zero stays";
  EXPECT_NEAR(accounts.value_added.sum(), 1000.0, 1e-9);
}

TEST(CountryBalance, UnitsDoNotMatter) {
  CountryTargets targets{Vector(3), Vector(3), 1000.0};
  targets.exports << 50.0, 900.0, 10.0;
  targets.imports << 30.0, 40.0, 700.0;
  CountryTargets thousand{1000.0 * targets.exports, 1000.0 * targets.imports, 1000.0 * targets.value_added};
  const auto solve = [](const CountryTargets& of) {
    return balance_accounts(first_accounts(structure(), of, Vector::Zero(3), 0.05), of).accounts;
  };
  EXPECT_TRUE(solve(thousand).input.isApprox(1000.0 * solve(targets).input, 1e-9));
}

}  // namespace
}  // namespace entrepot
