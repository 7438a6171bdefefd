#include "shock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <tuple>

namespace entrepot {

namespace {

constexpr std::size_t kShownOfAKind = 3;

/// Every value of an array moved by one rule; an empty array stays empty.
Bilateral moved(const Bilateral& array, const std::function<double(std::size_t, double)>& rule) {
  Bilateral result = array;
  for (std::size_t k = 0; k < result.values().size(); ++k) result.values()[k] = rule(k, array.values()[k]);
  return result;
}

/// Sentences about one kind of mistake: the first few by name, then how many more.
class Found {
 public:
  explicit Found(std::vector<std::string>& sentences) : sentences_(sentences) {}
  template <class Sentence>
  void add(Sentence sentence) {
    if (count_++ < kShownOfAKind) sentences_.push_back(sentence());
  }
  ~Found() {
    if (count_ > kShownOfAKind) sentences_.push_back(fmt::format("and {} more like it", count_ - kShownOfAKind));
  }
  Found(const Found&) = delete;
  Found& operator=(const Found&) = delete;

 private:
  std::vector<std::string>& sentences_;
  std::size_t count_ = 0;
};

bool fits(const World& world, const Bilateral& array) {
  return array.empty() || (array.markets() == world.market_count() && array.origins() == world.location_count() &&
                           array.sectors() == world.sector_count());
}

constexpr double kLargest = std::numeric_limits<double>::max();

template <class Allowed>
void check_flows(const World& world, const Bilateral& array, const char* what, const char* rule, const Allowed& allowed,
                 std::vector<std::string>& sentences) {
  std::size_t wrong = 0;  // without a branch, as there are none but for a mistake
  for (const double value : array.values()) wrong += (std::abs(value) <= kLargest && allowed(value)) ? 0U : 1U;
  if (wrong == 0) return;
  Found found(sentences);
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const double value = array(m, i, j);
        if (std::isfinite(value) && allowed(value)) continue;
        found.add([&] {
          return fmt::format("the {} of {} from {} to {} is {}; it must be {}", what,
                             world.sectors[static_cast<std::size_t>(j)].code,
                             world.locations[static_cast<std::size_t>(i)].code,
                             world.locations[static_cast<std::size_t>(world.location_of_market(m))].code, value, rule);
        });
      }
}

/// Detours that are there, and margins that add up to those of the flows.
void check_detours(const World& world, const Shock& shock, std::vector<std::string>& sentences) {
  if (shock.detours.empty() && shock.hub_margin.empty()) return;
  Bilateral gap = shock.hub_margin;
  if (gap.empty()) gap = Bilateral(world.market_count(), world.location_count(), world.sector_count());
  Found found(sentences);
  for (const Detour& detour : shock.detours) {
    const bool inside = detour.market >= 0 && detour.market < world.market_count() && detour.origin >= 0 &&
                        detour.origin < world.location_count() && detour.sector >= 0 &&
                        detour.sector < world.sector_count() && detour.hub >= 0 && detour.hub < world.country_count();
    if (!inside) {
      found.add([] { return std::string("a detour leads through places that are not there"); });
    } else if (!(detour.share >= 0.0 && detour.share <= 1.0 && detour.margin >= 0.0 && detour.margin < 1.0)) {
      found.add([&] {
        return fmt::format("a detour through {} carries {} of a flow at a margin of {}; both must be between 0 and 1",
                           world.countries[static_cast<std::size_t>(detour.hub)].code, detour.share, detour.margin);
      });
    } else {
      gap(detour.market, detour.origin, detour.sector) -= detour.share * detour.margin;
    }
  }
  constexpr double kRounding = 1e-12;
  if (std::ranges::any_of(gap.values(), [](double value) { return !(std::abs(value) <= kRounding); }))
    found.add([] { return std::string("the hubs' margins of some flow are not the sum of those of its detours"); });
}

/// Price caps on flows that are there, once each and without another rent.
void check_caps(const World& world, const Shock& shock, std::vector<std::string>& sentences) {
  Found found(sentences);
  std::set<std::tuple<Index, Index, Index>> capped;
  for (const PriceCap& cap : shock.price_caps) {
    const bool inside = cap.origin >= 0 && cap.origin < world.location_count() && cap.sector >= 0 &&
                        cap.sector < world.sector_count() && !cap.markets.empty() && cap.markets.front() >= 0 &&
                        cap.markets.back() < world.market_count() && std::ranges::is_sorted(cap.markets);
    if (!inside) {
      found.add([] { return std::string("a price cap is on flows that are not there"); });
      continue;
    }
    if (!(std::isfinite(cap.limit) && cap.limit > 0.0))
      found.add([&] {
        return fmt::format("a price cap on {} from {} is {} of the base price; it must be above 0",
                           world.sectors[static_cast<std::size_t>(cap.sector)].code,
                           world.locations[static_cast<std::size_t>(cap.origin)].code, cap.limit);
      });
    for (const Index m : cap.markets) {
      const bool twice = !capped.emplace(m, cap.origin, cap.sector).second;
      if (twice || wedges_at(world, shock, m, cap.origin, cap.sector).rent != 0.0)
        found.add([&] {
          return fmt::format("{} from {} to {} is under a price cap and {}",
                             world.sectors[static_cast<std::size_t>(cap.sector)].code,
                             world.locations[static_cast<std::size_t>(cap.origin)].code,
                             world.locations[static_cast<std::size_t>(world.location_of_market(m))].code,
                             twice ? "under another one" : "bears another rent");
        });
    }
  }
}

void check_groups(const World& world, const Shock& shock, std::vector<std::string>& sentences) {
  std::set<Index> members;
  for (const std::vector<Index>& group : shock.burden_groups) {
    if (group.size() < 2) sentences.push_back("a group that shares a burden has fewer than two members");
    for (const Index n : group) {
      if (n < 0 || n >= world.country_count())
        sentences.push_back("a group that shares a burden has a member that is not there");
      else if (!members.insert(n).second)
        sentences.push_back(
            fmt::format("{} shares its burden twice", world.countries[static_cast<std::size_t>(n)].code));
    }
  }
}

}  // namespace

Shock part_way(const World& world, const Shock& shock, double t) {
  const auto from = [&](const Bilateral& base) {
    return [&base, t](std::size_t k, double rate) { return std::lerp(base.empty() ? 0.0 : base.values()[k], rate, t); };
  };
  const auto in_logs = [t](std::size_t, double ratio) { return std::pow(ratio, t); };
  Shock part = shock;
  part.tariff = moved(shock.tariff, from(world.tariff));
  part.export_tax = moved(shock.export_tax, from(world.export_tax));
  part.iceberg = moved(shock.iceberg, in_logs);
  part.open_share = moved(shock.open_share, [t](std::size_t, double share) { return std::lerp(1.0, share, t); });
  part.rent = moved(shock.rent, [t](std::size_t, double rent) { return t * rent; });
  part.hub_margin = moved(shock.hub_margin, [t](std::size_t, double margin) { return t * margin; });
  for (Detour& detour : part.detours) detour.share *= t;
  part.productivity = shock.productivity.unaryExpr([t](double ratio) { return std::pow(ratio, t); });
  part.transfer = t * shock.transfer;
  part.closed_deficit = t * shock.closed_deficit;
  return part;
}

std::vector<std::string> check_values(const World& world, const Shock& shock) {
  for (const Bilateral* array :
       {&shock.tariff, &shock.export_tax, &shock.iceberg, &shock.open_share, &shock.rent, &shock.hub_margin})
    if (!fits(world, *array)) return {"the arrays of this shock do not have the shape of the world's flows"};
  const bool beneficiaries_fit =
      shock.rent_beneficiary.empty() || shock.rent_beneficiary.size() == world.expenditure.values().size();
  const bool productivity_fits =
      shock.productivity.size() == 0 ||
      (shock.productivity.rows() == world.location_count() && shock.productivity.cols() == world.sector_count());
  const bool transfer_fits = shock.transfer.size() == 0 || shock.transfer.size() == world.country_count();
  const bool deficits_fit = shock.closed_deficit.size() == 0 || shock.closed_deficit.size() == world.country_count();
  if (!beneficiaries_fit || !productivity_fits || !transfer_fits || !deficits_fit) {
    return {"the arrays of this shock do not have the shape of the world's locations and countries"};
  }
  std::vector<std::string> sentences;
  const auto above_minus_one = [](double rate) { return rate > -1.0; };
  check_flows(world, shock.tariff, "tariff", "above -1 (-100 %)", above_minus_one, sentences);
  check_flows(world, shock.export_tax, "export tax", "above -1 (-100 %)", above_minus_one, sentences);
  check_flows(
      world, shock.iceberg, "iceberg cost", "above 0", [](double ratio) { return ratio > 0.0; }, sentences);
  check_flows(
      world, shock.open_share, "open share", "between 0 and 1",
      [](double share) { return share >= 0.0 && share <= 1.0; }, sentences);
  check_flows(world, shock.rent, "rent", "above -1 (-100 %)", above_minus_one, sentences);
  {
    Found found(sentences);
    for (const Index beneficiary : shock.rent_beneficiary)
      if (beneficiary < -1 || beneficiary >= world.country_count())
        found.add(
            [&] { return fmt::format("a rent's beneficiary is country number {}, which there is not", beneficiary); });
  }
  if (shock.productivity.size() > 0) {
    Found found(sentences);
    for (Index l = 0; l < world.location_count(); ++l)
      for (Index j = 0; j < world.sector_count(); ++j) {
        const double ratio = shock.productivity(l, j);
        if (std::isfinite(ratio) && ratio > 0.0) continue;
        found.add([&] {
          return fmt::format("the productivity change of {} in {} is {}; it must be above 0",
                             world.sectors[static_cast<std::size_t>(j)].code,
                             world.locations[static_cast<std::size_t>(l)].code, ratio);
        });
      }
  }
  check_detours(world, shock, sentences);
  check_caps(world, shock, sentences);
  check_groups(world, shock, sentences);
  for (Index n = 0; n < shock.closed_deficit.size(); ++n)
    if (!(shock.closed_deficit(n) >= 0.0 && shock.closed_deficit(n) <= 1.0))
      sentences.push_back(fmt::format("{} of the deficit of {} is closed; it must be between 0 and 1",
                                      shock.closed_deficit(n), world.countries[static_cast<std::size_t>(n)].code));
  if (shock.transfer.size() > 0) {
    constexpr double kRounding = 1e-9;
    const double sum = shock.transfer.sum(), size = shock.transfer.cwiseAbs().sum();
    if (!std::isfinite(size)) {
      sentences.push_back("a transfer is not a finite number");
    } else if (std::abs(sum) > kRounding * size) {
      sentences.push_back(fmt::format("transfers sum to {} million USD; they must sum to zero", sum));
    }
  }
  return sentences;
}

}  // namespace entrepot
