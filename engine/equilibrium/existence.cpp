#include "existence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace entrepot {

namespace {

constexpr double kNoMoney = 1e-6;  ///< of a sum: what the rounding of a balanced reference world leaves, and more

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

/// What these countries are given by the transfers of the policies, million USD.
double transfers_to(const Kernel& kernel, const std::vector<Index>& countries) {
  double sum = 0.0;
  if (kernel.shock.transfer.size() > 0)
    for (const Index n : countries) sum += kernel.shock.transfer(n);
  return sum;
}

std::string deficit_sentence(const Kernel& kernel, const Component& component, double total) {
  constexpr std::size_t kMostNamed = 6;
  std::string names;
  for (std::size_t k = 0; k < std::min(component.countries.size(), kMostNamed); ++k)
    names += (k > 0 ? ", " : "") + country(kernel, component.countries[k]);
  if (component.countries.size() > kMostNamed) names += ", …";
  // The closure can only help with what it holds: the rest are transfers.
  const double given = transfers_to(kernel, component.countries);
  const bool holds = std::abs(total - given) > kNoMoney * std::abs(total);
  const bool gives = std::abs(given) > kNoMoney * std::abs(total);
  return fmt::format(
      "The policies cut {} off from everyone else, yet its {} is held at {:.0f} million USD, which no one can {}. {}",
      names, total > 0.0 ? "deficit" : "surplus", std::abs(total), total > 0.0 ? "deliver" : "receive",
      !holds  ? "All of it is transfers across the cut: drop these."
      : gives ? "Set closure = \"balanced\" under [reference] and drop the transfers across the cut."
              : "Set closure = \"balanced\" under [reference].");
}

bool makes_anything(const Kernel& kernel, Index n) {
  return std::any_of(kernel.locations_of[at(n)].begin(), kernel.locations_of[at(n)].end(),
                     [&](Index l) { return kernel.alive.col(l).any(); });
}

/// Whom each country still buys from, country × country.
std::vector<std::vector<Index>> suppliers_of(const Kernel& kernel) {
  Eigen::Matrix<bool, Eigen::Dynamic, Eigen::Dynamic> buys;
  buys.setConstant(kernel.countries, kernel.countries, false);
  for (Index j = 0; j < kernel.sectors; ++j) {
    if (!kernel.traded[at(j)]) continue;
    const auto weight = kernel.weight.sector(j);
    for (Index i = 0; i < kernel.locations; ++i)
      for (Index m = 0; m < kernel.markets; ++m)
        if (weight(m, i) > 0.0) buys(kernel.world.country_of_market(m), kernel.world.country_of_location(i)) = true;
  }
  std::vector<std::vector<Index>> suppliers(at(kernel.countries));
  for (Index n = 0; n < kernel.countries; ++n)
    for (Index i = 0; i < kernel.countries; ++i)
      if (i != n && buys(n, i)) suppliers[at(n)].push_back(i);
  return suppliers;
}

/// All that can be reached from a country along the links.
std::vector<bool> reached_from(Index start, const std::vector<std::vector<Index>>& links) {
  std::vector<bool> reached(links.size());
  std::vector<Index> next{start};
  reached[at(start)] = true;
  while (!next.empty()) {
    const Index n = next.back();
    next.pop_back();
    for (const Index other : links[at(n)]) {
      if (reached[at(other)]) continue;
      reached[at(other)] = true;
      next.push_back(other);
    }
  }
  return reached;
}

std::string one_way_sentence(const Kernel& kernel, const std::vector<bool>& inside, bool sells, double deficit) {
  constexpr std::size_t kMostNamed = 6;
  std::string names;
  std::size_t count = 0;
  for (Index n = 0; n < kernel.countries; ++n)
    if (inside[at(n)] && ++count <= kMostNamed) names += (count > 1 ? ", " : "") + country(kernel, n);
  if (count > kMostNamed) names += ", …";
  return fmt::format(
      "The policies let {} {} the rest of the world and {} it, which only a {} could pay for; the deficit is held at "
      "{:.0f} million USD. Trade in both directions, or a transfer, may have an equilibrium.",
      names, sells ? "sell to" : "buy from", sells ? "buy nothing from" : "sell nothing to",
      sells ? "surplus" : "deficit", deficit);
}

/// The deficit of some countries together: whether it can be below zero, and whether above.
struct Held {
  double deficit = 0.0;  ///< at base-year income
  bool may_be_surplus = true, may_be_deficit = true;
};

Held held_by(const Kernel& kernel, const std::vector<bool>& inside, const Vector& deficit) {
  constexpr double kNothing = 1e-12;
  Held held;
  double income = 0.0, transfer = 0.0;
  double least_inside = 1e300, most_inside = -1e300, least_outside = 1e300, most_outside = -1e300;
  const Index component = kernel.component_of[at(std::ranges::find(inside, true) - inside.begin())];
  for (Index n = 0; n < kernel.countries; ++n) {
    if (kernel.component_of[at(n)] != component) continue;
    const double rate = kernel.world.deficit(n) / kernel.factor_income(n);
    double &least = inside[at(n)] ? least_inside : least_outside, &most = inside[at(n)] ? most_inside : most_outside;
    least = std::min(least, rate);
    most = std::max(most, rate);
    if (!inside[at(n)]) continue;
    held.deficit += deficit(n);
    income += kernel.factor_income(n);
    if (kernel.shock.transfer.size() > 0) transfer += kernel.shock.transfer(n);
  }
  if (kernel.shock.closure == Closure::kProportional) {
    // D'_n = (D_n/V_n − shift) Φ̂_n V_n, the shift a mean of all rates whatever the incomes.
    if (kernel.shock.closed_deficit.size() > 0) return held;
    held.may_be_surplus = least_inside < most_outside || transfer < 0.0;
    held.may_be_deficit = most_inside > least_outside || transfer > 0.0;
  } else {
    held.may_be_surplus = held.deficit < -kNothing * income;
    held.may_be_deficit = held.deficit > kNothing * income;
  }
  return held;
}

/// Those who sell to others and buy nothing from them need a surplus, those who only buy a deficit.
std::optional<Obstacle> one_way_trade(const Kernel& kernel, const Vector& deficit) {
  for (const TaxedFlow& flow : kernel.taxed_flows)
    if (flow.rent != 0.0 && flow.beneficiary != kernel.world.country_of_market(flow.market))
      return std::nullopt;  // rents pay for trade, too
  const std::vector<std::vector<Index>> suppliers = suppliers_of(kernel);
  std::vector<std::vector<Index>> customers(suppliers.size());
  for (Index n = 0; n < kernel.countries; ++n)
    for (const Index i : suppliers[at(n)]) customers[at(i)].push_back(n);
  const auto all = [](const std::vector<bool>& reached) { return std::ranges::find(reached, false) == reached.end(); };
  if (all(reached_from(0, suppliers)) && all(reached_from(0, customers))) return std::nullopt;
  for (Index n = 0; n < kernel.countries; ++n)
    for (const bool sells : {true, false}) {
      const std::vector<bool> inside = reached_from(n, sells ? suppliers : customers);
      bool trades = false;
      for (Index k = 0; k < kernel.countries; ++k)
        if (inside[at(k)])
          for (const Index other : (sells ? customers : suppliers)[at(k)]) trades = trades || !inside[at(other)];
      if (!trades) continue;
      const Held held = held_by(kernel, inside, deficit);
      if (!(sells ? held.may_be_surplus : held.may_be_deficit))
        return Obstacle{SolveStatus::kNoEquilibrium, one_way_sentence(kernel, inside, sells, held.deficit)};
    }
  return std::nullopt;
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
  const Component* smallest = nullptr;
  double its_deficit = 0.0;
  for (const Component& component : kernel.components) {
    double total = 0.0, income = 0.0;
    for (const Index n : component.countries) {
      total += deficit(n);
      income += kernel.factor_income(n);
    }
    if (std::abs(total) <= 1e-9 * income) continue;
    if (smallest != nullptr && smallest->countries.size() <= component.countries.size()) continue;
    smallest = &component;
    its_deficit = total;
  }
  if (smallest != nullptr)
    return Obstacle{SolveStatus::kNoEquilibrium, deficit_sentence(kernel, *smallest, its_deficit)};
  return one_way_trade(kernel, deficit);
}

Obstacle insolvency(const Kernel& kernel, Index n, double deficit, double income) {
  const double given = transfers_to(kernel, {n});
  const bool holds = deficit - given < kNoMoney * deficit;  // a surplus of the reference world
  const char* less =
      !holds        ? "A smaller transfer"
      : given < 0.0 ? "A smaller transfer, or a smaller surplus in the reference world, such as closure = \"balanced\" "
                      "gives,"
                    : "A smaller surplus in the reference world, such as closure = \"balanced\" gives,";
  return {SolveStatus::kNoEquilibrium,
          fmt::format("{} would have to hand over {:.0f} million USD, more than the {:.0f} that it earns. {} may have "
                      "an equilibrium.",
                      country(kernel, n), -deficit, income - deficit, less)};
}

Obstacle runaway_prices(const Kernel& kernel, Index j, Index l) {
  return {SolveStatus::kNoEquilibrium,
          fmt::format("{} in {} would use up more of itself, directly and through its inputs, than it makes: inputs "
                      "replace each other too badly to do without what is lost. Higher elasticities of substitution "
                      "under [model], a lower coverage, or one source left open may have an equilibrium.",
                      sector(kernel, j), location(kernel, l))};
}

}  // namespace entrepot
