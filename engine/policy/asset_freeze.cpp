#include "transfer.hpp"

namespace entrepot {

namespace {

Effect compile_freeze(const Policy& policy, const Context& context, Shock& shock) {
  Effect effect{.changes = {{Channel::kTransfer}}};
  const std::vector<Index> owners = resolve_countries(policy, context, "owners", effect);
  const std::vector<Index> holders = resolve_countries(policy, context, "holders", effect);
  expect_two_sides(policy, context, "holders", owners, holders);
  const double a_year = policy.arguments.number("assets_million_usd") * policy.arguments.number("annual_return");
  add_transfer(context.world, owners, holders, a_year, policy.arguments.text("split"), shock);
  return effect;
}

}  // namespace

/// D' (model eq. 5): the owners lose what the assets earn in a year, the holders keep it.
const Instrument kAssetFreezeInstrument{
    .name = "asset_freeze",
    .meaning = "Keeps the yearly income of assets abroad from those who own them; those who hold the assets keep it.",
    .compiles_to = "D' − assets × annual_return for the owners, + the same for the holders",
    .parameters = {country_list("owners", "whose assets are frozen"),
                   country_list("holders", "where the assets lie"),
                   country_exclusions("owners and holders"),
                   {.name = "assets_million_usd",
                    .type = ValueType::kNumber,
                    .meaning = "the assets frozen, a stock, at base-year world GDP",
                    .unit = "million USD",
                    .required = true,
                    .range = {.lower = 0.0}},
                   {.name = "annual_return",
                    .type = ValueType::kNumber,
                    .meaning = "what they earn a year; 1 stands for assets that are seized and spent within the year",
                    .unit = "fraction",
                    .required = true,
                    .range = {.lower = 0.0, .upper = 1.0}},
                   transfer_split()},
    .example = R"([[policy]]
name = "reserves"
instrument = "asset_freeze"
owners = ["RUS"]
holders = ["EU", "USA", "JPN"]
assets_million_usd = 300000
annual_return = 0.02
)",
    .compile = compile_freeze};

}  // namespace entrepot
