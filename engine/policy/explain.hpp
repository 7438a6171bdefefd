#pragma once

#include <string>

#include "scenario.hpp"

namespace entrepot {

/// What a scenario says, in words, for `entrepot check`: for each policy whom and what it came to stand for, the flows
/// it touches with their base-year value, the average rate before and after (weighted by value before duty), overlaps
/// and members left out; and the markets that would lose all supply. Nothing is solved: policies are read against the
/// base year with the reference policies' rates and bans in place.
/// world: the base year after add_zones. Throws InputError as compile_reference and compile_policies do.
std::string explain(const World& world, const Scenario& scenario, const BlocTable& blocs);

/// The base year with a shock's rates and full bans in place but nothing solved: values before duty stay.
World with_shock(World world, const Shock& shock);

/// What a scenario does to single flows, for `entrepot check --flows`: tariff, export tax, trade cost, bans, rent and
/// the limit of a price cap (whose rent is found when solving) in the base year and after each policy that changes
/// them, reference policies first, then in the order of the file; the flows with the largest base-year value first,
/// `most` of them at most, and how many more there are. Costs, bans and rents are against the base year. A flow of
/// several locations or uses has the mean, weighted by value before duty. patterns: "IMPORTER:EXPORTER:SECTOR" each,
/// names as in a scenario file or "*"; none: all flows. Nothing is solved. world: as for explain. Throws InputError for
/// patterns that say nothing and as explain does.
std::string explain_flows(const World& world, const Scenario& scenario, const BlocTable& blocs,
                          const std::vector<std::string>& patterns, std::size_t most);

/// What `entrepot check` says of a scenario: explain(), or explain_flows() where there are patterns. Throws InputError
/// as these do. base: the base year as read; blocs: as read.
std::string check_scenario(const World& base, const Scenario& scenario, const BlocTable& blocs,
                           const std::vector<std::string>& patterns, std::size_t most);

}  // namespace entrepot
