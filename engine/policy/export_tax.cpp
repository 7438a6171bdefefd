#include "rate_change.hpp"

namespace entrepot {

/// e' (model, wedges): paid on the producer's price, to the exporter's government; negative for a subsidy.
const Instrument kExportTaxInstrument{
    .name = "export_tax",
    .meaning = "Changes the tax (negative: the subsidy) that exporters put on goods for importers.",
    .compiles_to = "e'",
    .parameters = rate_parameters("export tax"),
    .example = R"([[policy]]
name = "grain-duty"
instrument = "export_tax"
importers = "all"
exporters = ["RUS"]
sectors = ["agriculture"]
action = "add"
rate = 0.05
)",
    .check = check_rate,
    .compile = [](const Policy& policy, const Context& context, Shock& shock) {
      return change_rates(policy, context, Channel::kExportTax, context.world.export_tax, shock.export_tax);
    }};

}  // namespace entrepot
