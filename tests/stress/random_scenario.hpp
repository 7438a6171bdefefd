#pragma once

#include <cstdint>
#include <string>

#include "policy/scenario.hpp"
#include "world/world.hpp"

namespace entrepot::testing {

/// A scenario file for a random world: one to six policies of any instrument, with parameters drawn from the
/// instruments' own schemas (so that a new instrument takes part without a line here), the other policies before them
/// in the file, some in the reference world, any closure, now and then other elasticities. Policies that are refused as
/// wrong input are drawn anew; the text is one that a user could have written.
std::string random_scenario(const World& world, std::uint32_t seed);

}  // namespace entrepot::testing
