#include "rate_change.hpp"

namespace entrepot {

/// τ' (model, wedges): paid on the value at the border, to the importer's government.
const Instrument kTariffInstrument{
    .name = "tariff",
    .meaning = "Changes the duty that importers levy on goods from exporters; trade within a country bears none.",
    .compiles_to = "τ'",
    .parameters = rate_parameters("tariff"),
    .example = R"([[policy]]
name = "fta"
instrument = "tariff"
importers = ["EAEU"]
exporters = ["IRN"]
exclude_sectors = ["metals"]
action = "set"
rate = 0.008
)",
    .check = check_rate,
    .compile = [](const Policy& policy, const Context& context, Shock& shock) {
      return change_rates(policy, context, Channel::kTariff, context.world.tariff, shock.tariff);
    }};

}  // namespace entrepot
