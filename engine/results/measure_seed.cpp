#include "measure_seed.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "equilibrium/welfare.hpp"
#include "evasion.hpp"
#include "trade_values.hpp"

namespace entrepot {

namespace {

/// Measures of one country, as sums of logs and money.
class CountrySeed {
 public:
  CountrySeed(const World& world, const Shock& shock, const Equilibrium& equilibrium, Index country)
      : world_(world), shock_(shock), at_(equilibrium), n_(country) {}

  MeasureSeed seed;

  double price() const { return consumer_price_index(world_, at_.price)(n_); }
  double factors() const { return at_.factor_price(n_) * factor_income(world_)(n_); }

  void money(Vector MeasureSeed::*member, double per_unit) {
    Vector& array = seed.*member;
    if (array.size() == 0) array = Vector::Zero(world_.country_count());
    array(n_) += per_unit;
  }
  /// Of ln P̂_n, the index of final use.
  void consumer_price(double per_log) { seed.log_price = per_log * consumer_price_weights(world_, n_); }
  /// Of GDP at market prices, per million USD.
  void gdp(double per_unit) {
    money(&MeasureSeed::log_factor_price, per_unit * factors());
    for (Vector MeasureSeed::*member :
         {&MeasureSeed::tariff_revenue, &MeasureSeed::export_tax_revenue, &MeasureSeed::rent})
      money(member, per_unit);
  }
  double gdp() const { return factors() + at_.tariff_revenue(n_) + at_.export_tax_revenue(n_) + at_.rent(n_); }
  /// Of what crosses its border, at border prices, per million USD.
  void border(double of_exports, double of_imports) {
    for_border(
        [&](Index m, Index i, Index j, bool exported) { seed.border(m, i, j) += exported ? of_exports : of_imports; });
  }
  /// Quantities shipped at base prices, in per cent of their base value.
  void volume(bool of_exports) {
    const TradeValues base = base_trade_values(world_), after = trade_values(world_, shock_, at_);
    double total = 0.0;
    for_border([&](Index m, Index i, Index j, bool exported) {
      if (exported == of_exports && m < world_.location_count()) total += base.border(m, i, j);
    });
    seed.border = {};
    if (!(total > 0.0)) return;
    seed.receipts = Bilateral(world_.market_count(), world_.location_count(), world_.sector_count());
    seed.log_cost = Matrix::Zero(world_.location_count(), world_.sector_count());
    for_border([&](Index m, Index i, Index j, bool exported) {
      const Index l = world_.location_of_market(m);
      if (exported != of_exports || !(base.receipts(l, i, j) > 0.0) || !(at_.cost(i, j) > 0.0)) return;
      const double per_receipt = 100.0 / total * base.border(l, i, j) / base.receipts(l, i, j) / at_.cost(i, j);
      seed.receipts(m, i, j) = per_receipt;
      if (m == l) seed.log_cost(i, j) -= per_receipt * after.receipts(l, i, j);
    });
    seed.border = {};
  }

 private:
  template <class Visit>
  void for_border(const Visit& visit) {
    if (seed.border.empty())
      seed.border = Bilateral(world_.market_count(), world_.location_count(), world_.sector_count());
    for (Index j = 0; j < world_.sector_count(); ++j)
      for (Index i = 0; i < world_.location_count(); ++i)
        for (Index m = 0; m < world_.market_count(); ++m) {
          const Index seller = world_.country_of_location(i), buyer = world_.country_of_market(m);
          if (seller == buyer) continue;
          if (seller == n_) visit(m, i, j, true);
          if (buyer == n_) visit(m, i, j, false);
        }
  }

  const World& world_;
  const Shock& shock_;
  const Equilibrium& at_;
  Index n_;
};

std::optional<MeasureSeed> country_seed(Vector Measures::*measure, Index n, const World& world, const Shock& shock,
                                        const Equilibrium& equilibrium) {
  CountrySeed of(world, shock, equilibrium, n);
  const double base = income(world)(n), base_gdp = base - world.deficit(n), price = of.price();
  if (measure == &Measures::welfare || measure == &Measures::welfare_usd) {
    const double scale = measure == &Measures::welfare ? 100.0 / (base * price) : 1.0 / price;
    of.money(&MeasureSeed::income, scale);
    of.consumer_price(-scale * equilibrium.income(n));
  } else if (measure == &Measures::real_gdp) {
    const double scale = 100.0 / (base_gdp * price);
    of.gdp(scale);
    of.consumer_price(-scale * of.gdp());
  } else if (measure == &Measures::real_wage) {
    const double real = 100.0 * equilibrium.factor_price(n) / price;
    of.money(&MeasureSeed::log_factor_price, real);
    of.consumer_price(-real);
  } else if (measure == &Measures::consumer_prices) {
    of.consumer_price(100.0 * price);
  } else if (measure == &Measures::gdp) {
    of.gdp(1.0);
  } else if (measure == &Measures::exports) {
    of.border(1.0, 0.0);
  } else if (measure == &Measures::imports) {
    of.border(0.0, 1.0);
  } else if (measure == &Measures::trade_balance) {
    of.border(1.0, -1.0);
  } else if (measure == &Measures::export_volume || measure == &Measures::import_volume) {
    of.volume(measure == &Measures::export_volume);
  } else {
    for (const auto& [reported, member] :
         {std::pair(&Measures::income, &MeasureSeed::income),
          std::pair(&Measures::tariff_revenue, &MeasureSeed::tariff_revenue),
          std::pair(&Measures::export_tax_revenue, &MeasureSeed::export_tax_revenue),
          std::pair(&Measures::rent, &MeasureSeed::rent), std::pair(&Measures::deficit, &MeasureSeed::deficit)})
      if (measure == reported) of.money(member, 1.0);
    if (of.seed.income.size() + of.seed.tariff_revenue.size() + of.seed.export_tax_revenue.size() +
            of.seed.rent.size() + of.seed.deficit.size() ==
        0)
      return std::nullopt;
  }
  return std::move(of.seed);
}

std::optional<MeasureSeed> sector_seed(const MeasureNumber& number, const World& world,
                                       const Equilibrium& equilibrium) {
  const Index l = number.place, j = number.sector;
  MeasureSeed seed;
  const auto at_producer = [&](Matrix MeasureSeed::*member, double value) {
    seed.*member = Matrix::Zero(world.location_count(), world.sector_count());
    (seed.*member)(l, j) = value;
  };
  const auto at_market = [&](Index use) {
    const Index m = world.market(use, l);
    seed.log_price = Matrix::Zero(world.market_count(), world.sector_count());
    if (world.expenditure.sector(j).row(m).sum() > 0.0) seed.log_price(m, j) = 100.0 * equilibrium.price(m, j);
  };
  if (number.by_sector == &Measures::output) {
    at_producer(&MeasureSeed::output, 1.0);
  } else if (number.by_sector == &Measures::value_added) {
    at_producer(&MeasureSeed::value_added, 1.0);
  } else if (number.by_sector == &Measures::producer_price) {
    at_producer(&MeasureSeed::log_cost, 100.0 * equilibrium.cost(l, j));
  } else if (number.by_sector == &Measures::price) {
    at_market(world.final_demand_use());
  } else if (number.by_sector == &Measures::input_price) {
    at_market(world.intermediate_use());
  } else if (number.by_sector == &Measures::employment) {
    const Index n = world.country_of_location(l);
    const double base = world.value_added(l, j);
    const double per_unit = base > 0.0 ? 100.0 / (equilibrium.factor_price(n) * base) : 0.0;
    at_producer(&MeasureSeed::value_added, per_unit);
    seed.log_factor_price = Vector::Zero(world.country_count());
    seed.log_factor_price(n) = -per_unit * equilibrium.value_added(l, j);
  } else {
    return std::nullopt;
  }
  return seed;
}

std::optional<MeasureSeed> trade_seed(const MeasureNumber& number, const World& world, const Shock& shock,
                                      const Equilibrium& equilibrium) {
  const Index i = number.place, j = number.sector;
  MeasureSeed seed;
  double per_receipt = 1.0;
  if (number.trade == &Measures::trade_volume_change) {
    const double base = base_trade_values(world).receipts(number.importer, i, j), cost = equilibrium.cost(i, j);
    per_receipt = base > 0.0 && cost > 0.0 ? 100.0 / (base * cost) : 0.0;
    seed.log_cost = Matrix::Zero(world.location_count(), world.sector_count());
    seed.log_cost(i, j) = -per_receipt * trade_values(world, shock, equilibrium).receipts(number.importer, i, j);
  } else if (number.trade != &Measures::trade) {
    return std::nullopt;
  }
  seed.receipts = Bilateral(world.market_count(), world.location_count(), world.sector_count());
  for (Index use = 0; use < world.uses; ++use) seed.receipts(world.market(use, number.importer), i, j) = per_receipt;
  return seed;
}

/// Whether a measure is of trade that evades an embargo: measure_evasion() has what it is.
bool is_of_evasion(const MeasureNumber& number) {
  return number.by_country == &Measures::re_exports || number.by_sector == &Measures::evaded_trade ||
         number.by_sector == &Measures::outlawed_trade || number.by_sector == &Measures::leakage ||
         number.trade == &Measures::recorded_trade;
}

constexpr double kRounding = 1e-12;

/// Of what goes into a hub, out of it, and straight, and of what is outlawed, as measure_evasion() adds them up.
MeasureSeed evasion_seed(const MeasureNumber& number, const World& world, const Shock& shock,
                         const Equilibrium& equilibrium) {
  MeasureSeed seed;
  if (shock.detours.empty()) {
    if (number.trade == nullptr) return seed;
    seed.border = Bilateral(world.market_count(), world.location_count(), world.sector_count());
    for (Index use = 0; use < world.uses; ++use)
      seed.border(world.market(use, number.importer), number.place, number.sector) = 1.0;
    return seed;
  }
  const std::vector<Index> home = home_locations(world);
  const Bilateral flow = trade_flows(world, shock, equilibrium);
  Bilateral straight(world.market_count(), world.location_count(), world.sector_count(), 1.0);
  for (Bilateral MeasureSeed::*array : {&MeasureSeed::purchases, &MeasureSeed::before_hubs, &MeasureSeed::open_share})
    seed.*array = Bilateral(world.market_count(), world.location_count(), world.sector_count());
  for (const Detour& detour : shock.detours) straight(detour.market, detour.origin, detour.sector) -= detour.share;
  double outlawed = 0.0, evaded = 0.0;  // of leakage, in its sector
  if (number.by_sector == &Measures::leakage) {
    Measures measures;
    measure_evasion(world, shock, equilibrium, measures);
    outlawed = measures.outlawed_trade.col(number.sector).sum();
    evaded = measures.evaded_trade(number.place, number.sector);
    if (!(outlawed > 0.0)) return {};
  }
  const auto of_outlawed = [&](Index i, Index j) {
    if (number.by_sector == &Measures::outlawed_trade) return i == number.place && j == number.sector ? 1.0 : 0.0;
    if (number.by_sector == &Measures::leakage && j == number.sector) return -100.0 * evaded / (outlawed * outlawed);
    return 0.0;
  };
  const auto of_straight = [&](Index m, Index i, Index j) {
    return number.trade != nullptr && world.location_of_market(m) == number.importer && i == number.place &&
                   j == number.sector
               ? 1.0
               : 0.0;
  };
  std::set<std::tuple<Index, Index, Index>> seen;
  for (const Detour& detour : shock.detours) {
    const auto [m, i, j] = std::tuple(detour.market, detour.origin, detour.sector);
    const Index hub = home[at(detour.hub)];
    double into = 0.0, out = 0.0;
    if (number.by_country != nullptr) {
      out = detour.hub == number.place ? 1.0 : 0.0;
    } else if (number.trade != nullptr) {
      into = hub == number.importer && i == number.place && j == number.sector ? 1.0 : 0.0;
      out = world.location_of_market(m) == number.importer && hub == number.place && j == number.sector ? 1.0 : 0.0;
    } else if (hub == number.place && j == number.sector) {
      out = number.by_sector == &Measures::evaded_trade ? 1.0 : outlawed > 0.0 ? 100.0 / outlawed : 0.0;
    }
    const Wedges wedges = wedges_at(world, shock, m, i, j);
    const double f = flow(m, i, j), border = f / wedges.paid() * (1.0 + wedges.export_tax), share = detour.share,
                 margin = detour.margin;
    seed.before_hubs(m, i, j) += (into + out) * share * (1.0 - margin);
    seed.purchases(m, i, j) += out * share * margin;
    const bool some_straight = straight(m, i, j) > -kRounding;  // where all is outlawed, as seen from a little less
    const double at_risk = wedges.open_share * world.before_duty(m, i, j) * of_outlawed(i, j);
    seed.detour_share.push_back((into + out) * (1.0 - margin) * border + out * margin * f +
                                (some_straight ? at_risk - of_straight(m, i, j) * border : 0.0));
    seed.detour_margin.push_back(share * (out * f - (into + out) * border));
    if (some_straight && seen.emplace(m, i, j).second)
      seed.open_share(m, i, j) -= straight(m, i, j) * world.before_duty(m, i, j) * of_outlawed(i, j);
  }
  if (number.trade != nullptr)
    for (Index use = 0; use < world.uses; ++use) {
      const Index m = world.market(use, number.importer);
      seed.before_hubs(m, number.place, number.sector) += std::max(0.0, straight(m, number.place, number.sector));
    }
  return seed;
}

}  // namespace

void add(MeasureSeed& to, double weight, const MeasureSeed& other) {
  const auto add_array = [&](auto& array, const auto& more) {
    if (more.size() == 0) return;
    if (array.size() == 0)
      array = weight * more;
    else
      array += weight * more;
  };
  for (Matrix MeasureSeed::*array :
       {&MeasureSeed::log_cost, &MeasureSeed::log_price, &MeasureSeed::output, &MeasureSeed::value_added})
    add_array(to.*array, other.*array);
  for (Vector MeasureSeed::*array :
       {&MeasureSeed::income, &MeasureSeed::tariff_revenue, &MeasureSeed::export_tax_revenue, &MeasureSeed::rent,
        &MeasureSeed::deficit, &MeasureSeed::log_factor_price})
    add_array(to.*array, other.*array);
  for (std::vector<double> MeasureSeed::*array : {&MeasureSeed::detour_share, &MeasureSeed::detour_margin}) {
    const std::vector<double>& more = other.*array;
    if ((to.*array).size() < more.size()) (to.*array).resize(more.size());
    for (std::size_t k = 0; k < more.size(); ++k) (to.*array)[k] += weight * more[k];
  }
  for (Bilateral MeasureSeed::*array : {&MeasureSeed::receipts, &MeasureSeed::border, &MeasureSeed::purchases,
                                        &MeasureSeed::before_hubs, &MeasureSeed::open_share}) {
    const Bilateral& more = other.*array;
    if (more.empty()) continue;
    if ((to.*array).empty()) to.*array = Bilateral(more.markets(), more.origins(), more.sectors());
    for (std::size_t k = 0; k < more.values().size(); ++k) (to.*array).values()[k] += weight * more.values()[k];
  }
}

double value_at(const Measures& measures, const MeasureNumber& number, const World& world, const Shock& shock,
                const Equilibrium& equilibrium) {
  if (number.by_country != nullptr) {
    const Vector& values = measures.*number.by_country;
    return values.size() > 0 ? values(number.place) : 0.0;
  }
  if (number.by_sector != nullptr) {
    const Matrix& values = measures.*number.by_sector;
    return values.size() > 0 ? values(number.place, number.sector) : 0.0;
  }
  const Bilateral& values = measures.*number.trade;
  if (!values.empty()) return values(number.importer, number.place, number.sector);
  return number.trade == &Measures::recorded_trade
             ? trade_values(world, shock, equilibrium).border(number.importer, number.place, number.sector)
             : 0.0;
}

std::optional<MeasureSeed> measure_seed(const MeasureNumber& number, const World& world, const Shock& shock,
                                        const Equilibrium& equilibrium) {
  if (is_of_evasion(number)) return evasion_seed(number, world, shock, equilibrium);
  if (number.by_country != nullptr) return country_seed(number.by_country, number.place, world, shock, equilibrium);
  if (number.by_sector != nullptr) return sector_seed(number, world, equilibrium);
  return trade_seed(number, world, shock, equilibrium);
}

}  // namespace entrepot
