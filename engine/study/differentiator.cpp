#include "differentiator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "policy/selector.hpp"
#include "reference_world.hpp"

namespace entrepot {

namespace {

constexpr double kTolerance = 1e-12;  ///< of solves whose differences are taken
constexpr double kUsual = 1e-10;      ///< what round-off keeps from that is good enough if it meets this
constexpr double kCompiledStep = 1e-5, kSolvedStep = 1e-3;

/// Whether two shocks have the same detours, of whatever shares and margins.
bool same_detours(const Shock& one, const Shock& other) {
  return std::ranges::equal(one.detours, other.detours, [](const Detour& a, const Detour& b) {
    return std::tie(a.market, a.origin, a.sector, a.hub) == std::tie(b.market, b.origin, b.sector, b.hub);
  });
}

/// θ, σ or ν.
bool is_elasticity(const std::string& path) { return path.starts_with("theta.") || path.starts_with("model."); }

}  // namespace

Differentiator::Elasticities Differentiator::elasticities_of(const World& world) {
  return {world.theta, world.value_added_elasticity, world.input_elasticity, world.labour_mobility};
}

Differentiator::Differentiator(const Scenario& scenario, const Baseline& baseline, const BlocTable& blocs)
    : scenario_(scenario),
      baseline_(baseline),
      blocs_(apply_blocs(blocs, scenario, baseline.world)),
      document_(parse_toml(scenario.resolved, scenario.file.string())) {}

bool Differentiator::solve(SolveReport& report, const Equilibrium* start) {
  std::optional<SolvedScenario> found =
      solved(scenario_, known_ ? known_ : reference_of(scenario_, report), report, start);
  if (!found) return false;
  at_ = std::move(*found);
  components_ = Kernel(at_.world(), at_.shock()).components;
  return true;
}

std::vector<Setting> Differentiator::settings() const {
  std::vector<Setting> result = scenario_settings(document_);
  std::erase_if(result, [](const Setting& setting) { return setting.kind != Setting::Kind::kNumber; });
  return result;
}

bool Differentiator::is_exact(const Setting& setting) const {
  const bool shares_a_zone =
      setting.group.find("(economic_zone") != std::string::npos && setting.label.starts_with("share");
  if (setting.path.starts_with("policy.")) return !shares_a_zone;
  return is_elasticity(setting.path) && scenario_.reference_is_baseline();
}

Differentiator::Derivatives Differentiator::derivatives(const Setting& setting,
                                                        const std::vector<SettledAdjoint::Answer>& gradients,
                                                        const Values& values) const {
  const double size = std::abs(setting.value.number);
  if (is_exact(setting)) {
    bool same = true;  // what goes around is what went around, more or less of it
    std::vector<double> exact =
        differences(setting, kCompiledStep * std::max(size, 1e-2), [&](double one, double other, double weight) {
          const Compiled a = compiled(setting.path, one), b = compiled(setting.path, other);
          same = same && same_detours(a.shock, at_.shock()) && same_detours(b.shock, at_.shock());
          return same ? along(a, b, weight, gradients) : std::vector<double>(gradients.size(), 0.0);
        });
    if (same) return {std::move(exact), true};
  }
  return {differences(setting, kSolvedStep * std::max(size, 0.1),
                      [&](double one, double other, double weight) {
                        std::vector<double> result = measured(setting.path, one, values);
                        const std::vector<double> below = measured(setting.path, other, values);
                        for (std::size_t k = 0; k < result.size(); ++k) result[k] = weight * (result[k] - below[k]);
                        return result;
                      }),
          false};
}

/// Central differences, extrapolated; one-sided where the number is at an end of its range.
/// term(one, other, weight): weight · (f(one) − f(other)) of each measure.
std::vector<double> Differentiator::differences(
    const Setting& setting, double h,
    const std::function<std::vector<double>(double one, double other, double weight)>& term) const {
  const double value = setting.value.number;
  const auto inside = [&](double v) {
    const Range& range = setting.range;
    return (range.above_lower ? v > range.lower : v >= range.lower) && v <= range.upper;
  };
  std::vector<std::array<double, 3>> terms;
  if (inside(value - 2.0 * h) && inside(value + 2.0 * h)) {
    terms = {{value + h, value - h, 4.0 / (6.0 * h)}, {value + 2.0 * h, value - 2.0 * h, -1.0 / (12.0 * h)}};
  } else {
    const double way = inside(value + 2.0 * h) ? h : -h;
    terms = {{value + way, value, 2.0 / way}, {value + 2.0 * way, value, -1.0 / (2.0 * way)}};
  }
  std::vector<double> sum;
  for (const auto& [one, other, weight] : terms) {
    const std::vector<double> part = term(one, other, weight);
    sum.resize(part.size());
    for (std::size_t k = 0; k < part.size(); ++k) sum[k] += part[k];
  }
  return sum;
}

Scenario Differentiator::with(const std::string& path, double value) const {
  TomlValue document = document_;
  set_value(document, path, {.kind = TomlValue::Kind::kNumber, .number = value}, {path, 0, 0});
  return make_scenario(document, scenario_.file, scenario_.table_files);
}

Differentiator::Compiled Differentiator::compiled(const std::string& path, double value) const {
  const Scenario scenario = with(path, value);
  if (!is_elasticity(path)) return {elasticities_of(at_.world()), compile_policies(at_.world(), scenario, blocs_)};
  World world = at_.world();
  const World changed = apply_model_options(baseline_.world, scenario);
  world.theta = changed.theta;
  Shock shock = compile_policies(world, scenario, blocs_);
  return {elasticities_of(changed), std::move(shock)};
}

SolveOptions Differentiator::exactly(const Scenario& scenario) const {
  SolveOptions solver = solver_options(scenario);
  solver.tolerance = std::min(solver.tolerance, kTolerance);
  solver.stop = stop_;
  return solver;
}

/// Empty where it has no equilibrium.
std::shared_ptr<const World> Differentiator::reference_of(const Scenario& scenario, SolveReport& report) const {
  std::optional<World> world = reference_world(scenario, baseline_.world, blocs_, exactly(scenario), report);
  return world ? std::make_shared<const World>(std::move(*world)) : nullptr;
}

std::optional<SolvedScenario> Differentiator::solved(const Scenario& scenario, std::shared_ptr<const World> reference,
                                                     SolveReport& report, const Equilibrium* start) const {
  if (!reference) return std::nullopt;
  SolveOptions solver = exactly(scenario);
  solver.start = start;
  const auto good = [](const SolveReport& of) {
    return of.solved() || (of.status == SolveStatus::kNoConvergence && !of.residuals.empty() && of.residual <= kUsual);
  };
  const Shock shock = compile_policies(*reference, scenario, blocs_);
  Settlement settled = settle(*reference, shock, solver);
  if (start != nullptr && !good(settled.solution.report)) {
    solver.start = nullptr;  // far from there, or so near that round-off leads away
    settled = settle(*reference, shock, solver);
  }
  report = settled.solution.report;
  if (!good(report)) return std::nullopt;
  report.status = SolveStatus::kSolved;
  return SolvedScenario{std::move(reference), std::move(settled)};
}

std::vector<double> Differentiator::measured(const std::string& path, double value, const Values& values) const {
  SolveReport report;
  const Scenario other = with(path, value);
  const std::optional<SolvedScenario> found = solved(other, reference_of(other, report), report, &at_.equilibrium());
  if (!found) throw InputError({}, path, fmt::format("at {} there is no answer: {}", value, report.sentence));
  return values(*found);
}

/// weight · gradient · (one − other), of each measure.
std::vector<double> Differentiator::along(const Compiled& one, const Compiled& other, double weight,
                                          const std::vector<SettledAdjoint::Answer>& gradients) const {
  const World& world = at_.world();
  std::vector<double> sums(gradients.size(), 0.0);
  const auto add = [&](double change, const auto& derivative) {
    if (change == 0.0) return;
    for (std::size_t k = 0; k < gradients.size(); ++k) sums[k] += weight * change * derivative(gradients[k]);
  };
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        if (world.expenditure(m, i, j) == 0.0) continue;
        const Wedges a = wedges_at(world, one.shock, m, i, j), b = wedges_at(world, other.shock, m, i, j);
        add(a.tariff - b.tariff, [&](const SettledAdjoint::Answer& g) { return g.gradient.tariff(m, i, j); });
        add(a.export_tax - b.export_tax,
            [&](const SettledAdjoint::Answer& g) { return g.gradient.export_tax(m, i, j); });
        add(a.open_share - b.open_share,
            [&](const SettledAdjoint::Answer& g) { return g.gradient.open_share(m, i, j); });
        if (a.iceberg != b.iceberg)
          add(std::log(a.iceberg / b.iceberg),
              [&](const SettledAdjoint::Answer& g) { return g.gradient.log_iceberg(m, i, j); });
      }
  for (std::size_t d = 0; d < at_.shock().detours.size(); ++d) {  // the same in all, see derivatives()
    const Detour &a = one.shock.detours[d], &b = other.shock.detours[d];
    add(a.share * a.margin - b.share * b.margin, [&](const SettledAdjoint::Answer& g) { return g.gradient.detour[d]; });
    const auto own = [&](double change, std::vector<double> Gradient::*of) {
      add(change,
          [&](const SettledAdjoint::Answer& g) { return d < (g.gradient.*of).size() ? (g.gradient.*of)[d] : 0.0; });
    };
    own(a.share - b.share, &Gradient::detour_share);
    own(a.margin - b.margin, &Gradient::detour_margin);
  }
  for (std::size_t k = 0; k < at_.settled.caps.size(); ++k) {
    const PriceCap& cap = at_.settled.caps[k].cap;
    add(log_limit(one.shock, cap) - log_limit(other.shock, cap),
        [&](const SettledAdjoint::Answer& g) { return g.log_limit(static_cast<Index>(k)); });
  }
  const auto value = [](const auto& array, Index k, Index c, double otherwise) {
    return array.size() > 0 ? array(k, c) : otherwise;
  };
  for (Index l = 0; l < world.location_count(); ++l)
    for (Index j = 0; j < world.sector_count(); ++j)
      add(std::log(value(one.shock.productivity, l, j, 1.0) / value(other.shock.productivity, l, j, 1.0)),
          [&](const SettledAdjoint::Answer& g) { return g.gradient.log_productivity(l, j); });
  const Vector change = deficit_of(one.shock) - deficit_of(other.shock);
  for (Index n = 0; n < world.country_count(); ++n)
    add(change(n), [&](const SettledAdjoint::Answer& g) { return g.gradient.transfer(n); });
  for (Index j = 0; j < world.sector_count(); ++j) {
    add(one.of.theta(j) - other.of.theta(j), [&](const SettledAdjoint::Answer& g) { return g.gradient.theta(j); });
    add(one.of.value_added(j) - other.of.value_added(j),
        [&](const SettledAdjoint::Answer& g) { return g.gradient.value_added_elasticity(j); });
    add(one.of.input(j) - other.of.input(j),
        [&](const SettledAdjoint::Answer& g) { return g.gradient.input_elasticity(j); });
  }
  for (Index n = 0; n < world.country_count(); ++n)
    if (one.of.mobility(n) != other.of.mobility(n))
      add(one.of.mobility(n) - other.of.mobility(n),
          [&](const SettledAdjoint::Answer& g) { return g.gradient.labour_mobility(n); });
  return sums;
}

/// ln of what a shock limits the producer's price to on the flows of a cap: ĉ ≤ limit·(1+e)/(1+e').
double Differentiator::log_limit(const Shock& shock, const PriceCap& of) const {
  const Index m = of.markets.front();
  for (const PriceCap& cap : shock.price_caps)
    if (cap.origin == of.origin && cap.sector == of.sector && holds(cap.markets, m))
      return std::log(cap.limit / (1.0 + wedges_at(at_.world(), shock, m, cap.origin, cap.sector).export_tax));
  return 0.0;
}

/// D' at the factor incomes of the equilibrium.
Vector Differentiator::deficit_of(const Shock& shock) const {
  const Vector base = factor_income(at_.world());
  return deficits(at_.world(), shock, components_, base, base.cwiseProduct(at_.equilibrium().factor_price));
}

}  // namespace entrepot
