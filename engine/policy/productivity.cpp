#include "instrument.hpp"

namespace entrepot {

/// Â (model eq. 1): multiplied by 1 + change at every location of the countries, in the sectors selected.
const Instrument kProductivityInstrument{
    .name = "productivity",
    .meaning = "Changes the productivity of value added in the sectors of some countries, as by investment or damage.",
    .compiles_to = "Â × (1 + change)",
    .parameters = {country_list("countries", "where"),
                   sector_list(),
                   country_exclusions("countries"),
                   sector_exclusions(),
                   {.name = "change",
                    .type = ValueType::kNumber,
                    .meaning = "relative change of productivity",
                    .unit = "fraction",
                    .required = true,
                    .range = {.lower = -1.0, .upper = 100.0, .above_lower = true}}},
    .example = R"([[policy]]
name = "joint-venture"
instrument = "productivity"
countries = ["BLR"]
sectors = ["machinery"]
change = 0.02
)",
    .compile = [](const Policy& policy, const Context& context, Shock& shock) {
      const World& world = context.world;
      Effect effect{.changes = {{Channel::kProductivity}}};
      const std::vector<Index> countries = resolve_countries(policy, context, "countries", effect);
      const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
      if (shock.productivity.size() == 0) {
        shock.productivity = Matrix::Ones(world.location_count(), world.sector_count());
      }
      for (Index l = 0; l < world.location_count(); ++l)
        for (const Index n : countries)
          if (n == world.country_of_location(l))
            for (const Index j : sectors) shock.productivity(l, j) *= 1.0 + policy.arguments.number("change");
      return effect;
    }};

}  // namespace entrepot
