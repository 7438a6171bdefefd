#include "money.hpp"

namespace entrepot {

namespace {

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
