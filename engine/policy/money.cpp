#include "money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace entrepot {

namespace {

/// Each country's share of a side: equal, or in proportion to its factor income in the base year.
Vector shares(const World& world, const std::vector<Index>& countries, const std::string& split) {
  const Vector factor = factor_income(world);
  Vector share = Vector::Zero(world.country_count());
  for (const Index n : countries) share(n) = split == "equal" ? 1.0 : factor(n);
  return countries.empty() ? share : Vector(share / share.sum());
}

}  // namespace

Parameter transfer_split() {
  return {.name = "split",
          .meaning = "how several countries on one side share it: by factor income or equally",
          .fallback = "factor_income",
          .choices = {"factor_income", "equal"}};
}

void add_transfer(const World& world, const std::vector<Index>& givers, const std::vector<Index>& receivers,
                  double amount, const std::string& split, Shock& shock) {
  if (shock.transfer.size() == 0) shock.transfer = Vector::Zero(world.country_count());
  shock.transfer += amount * (shares(world, receivers, split) - shares(world, givers, split));
}

void expect_two_sides(const Policy& policy, const Context& context, const std::string& parameter,
                      const std::vector<Index>& one, const std::vector<Index>& other) {
  std::vector<Index> both;
  std::set_intersection(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(both));
  if (both.empty()) return;
  context.problems.add(policy.arguments.where(parameter), policy.arguments.key(parameter),
                       fmt::format("{} is on both sides of this transfer", context.world.countries[at(both[0])].code));
}

}  // namespace entrepot
