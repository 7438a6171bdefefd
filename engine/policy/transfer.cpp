#include "transfer.hpp"

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

Effect compile_transfer(const Policy& policy, const Context& context, Shock& shock) {
  Effect effect{.changes = {{Channel::kTransfer}}};
  const std::vector<Index> givers = resolve_countries(policy, context, "from", effect);
  const std::vector<Index> receivers = resolve_countries(policy, context, "to", effect);
  expect_two_sides(policy, context, "to", givers, receivers);
  add_transfer(context.world, givers, receivers, policy.arguments.number("amount_million_usd"),
               policy.arguments.text("split"), shock);
  return effect;
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

/// D' (model eq. 5): added for the receivers, taken from the givers.
const Instrument kTransferInstrument{
    .name = "transfer",
    .meaning = "Moves income every year from some countries to others: aid, seized assets, burden sharing.",
    .compiles_to = "D' ± amount",
    .parameters = {country_list("from", "who gives"),
                   country_list("to", "who receives"),
                   country_exclusions("givers and receivers"),
                   {.name = "amount_million_usd",
                    .type = ValueType::kNumber,
                    .meaning = "the whole amount a year, at base-year world GDP",
                    .unit = "million USD",
                    .required = true,
                    .range = {.lower = 0.0}},
                   transfer_split()},
    .example = R"([[policy]]
name = "burden-sharing"
instrument = "transfer"
from = ["USA"]
to = ["EU"]
amount_million_usd = 5000
split = "factor_income"
)",
    .compile = compile_transfer};

}  // namespace entrepot
