#include "existence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace entrepot {

namespace {

const std::string& location(const Kernel& kernel, Index l) { return kernel.world.locations[at(l)].code; }
const std::string& sector(const Kernel& kernel, Index j) { return kernel.world.sectors[at(j)].code; }
const std::string& country(const Kernel& kernel, Index n) { return kernel.world.countries[at(n)].code; }

std::string unsupplied_sentence(const Kernel& kernel) {
  constexpr std::size_t kMostNamed = 20;
  std::string text = "No source is left of something that buyers cannot do without: ";
  Index last = -1;
  for (std::size_t k = 0; k < std::min(kernel.unsupplied.size(), kMostNamed); ++k) {
    const Kernel::Unsupplied& hole = kernel.unsupplied[k];
    const Index l = kernel.world.location_of_market(hole.market);
    if (l == last) {
      text += ", " + sector(kernel, hole.sector);
    } else {
      text += fmt::format("{}in {}: {}", last < 0 ? "" : "; ", location(kernel, l), sector(kernel, hole.sector));
    }
    last = l;
  }
  if (kernel.unsupplied.size() > kMostNamed) text += fmt::format(" and {} more", kernel.unsupplied.size() - kMostNamed);
  return text + ". A lower coverage, or one source left open, has an equilibrium.";
}

std::string deficit_sentence(const Kernel& kernel, const Component& component, double total) {
  constexpr std::size_t kMostNamed = 6;
  std::string names;
  for (std::size_t k = 0; k < std::min(component.countries.size(), kMostNamed); ++k)
    names += (k > 0 ? ", " : "") + country(kernel, component.countries[k]);
  if (component.countries.size() > kMostNamed) names += ", …";
  return fmt::format(
      "The policies cut {} off from everyone else, yet its deficit is held at {:.0f} million USD, which no one can "
      "deliver. Set closure = \"balanced\" or \"proportional\" under [reference].",
      names, total);
}

bool makes_anything(const Kernel& kernel, Index n) {
  return std::any_of(kernel.locations_of[at(n)].begin(), kernel.locations_of[at(n)].end(),
                     [&](Index l) { return kernel.alive.col(l).any(); });
}

}  // namespace

std::optional<Obstacle> find_obstacle(const Kernel& kernel) {
  if (!kernel.unsupplied.empty()) return Obstacle{SolveStatus::kNoSupply, unsupplied_sentence(kernel)};
  for (Index n = 0; n < kernel.countries; ++n)
    if (!makes_anything(kernel, n))
      return Obstacle{SolveStatus::kNoEquilibrium,
                      fmt::format("Nothing can be made or sold in {}: every producer there has lost an input it cannot "
                                  "do without, or all its customers.",
                                  country(kernel, n))};
  const Vector deficit = kernel.deficit(kernel.factor_income);
  for (const Component& component : kernel.components) {
    double total = 0.0, income = 0.0;
    for (const Index n : component.countries) {
      total += deficit(n);
      income += kernel.factor_income(n);
    }
    if (std::abs(total) > 1e-9 * income)
      return Obstacle{SolveStatus::kNoEquilibrium, deficit_sentence(kernel, component, total)};
  }
  return std::nullopt;
}

Obstacle insolvency(const Kernel& kernel, Index n, double deficit, double income) {
  return {SolveStatus::kNoEquilibrium,
          fmt::format(
              "{} would have to hand over {:.0f} million USD, more than the {:.0f} that it earns. A smaller transfer, "
              "or another closure under [reference], may have an equilibrium.",
              country(kernel, n), -deficit, income - deficit)};
}

Obstacle runaway_prices(const Kernel& kernel, Index j, Index l) {
  return {SolveStatus::kNoEquilibrium,
          fmt::format("{} in {} would use up more of itself, directly and through its inputs, than it makes: inputs "
                      "replace each other too badly to do without what is lost. Higher elasticities of substitution "
                      "under [model], a lower coverage, or one source left open may have an equilibrium.",
                      sector(kernel, j), location(kernel, l))};
}

}  // namespace entrepot
