#include "scenario_gradient.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "equilibrium/kernel.hpp"
#include "equilibrium/settled_adjoint.hpp"
#include "policy/scenario_settings.hpp"
#include "reference_world.hpp"
#include "results/file_formats.hpp"
#include "study_measures.hpp"

namespace entrepot {

namespace {

constexpr double kTolerance = 1e-12;  ///< of solves whose differences are taken
constexpr double kCompiledStep = 1e-5, kSolvedStep = 1e-3;

/// A world and what is solved in it.
struct Solved {
  World world;
  Settlement settled;
  const Shock& shock() const noexcept { return settled.shock; }
  const Equilibrium& equilibrium() const noexcept { return settled.solution.equilibrium; }
};

/// The scenario with one of its numbers changed.
using Change = std::function<Scenario(double value)>;

class Differentiator {
 public:
  Differentiator(const Scenario& scenario, const Baseline& baseline, const BlocTable& bloc_table)
      : scenario_(scenario),
        baseline_(baseline),
        blocs_(apply_blocs(bloc_table, scenario, baseline.world)),
        document_(parse_toml(scenario.resolved, scenario.file.string())) {}

  /// Solves; false: there is no equilibrium.
  bool solve(SolveReport& report) {
    std::optional<Solved> found = solved(scenario_, report);
    if (!found) return false;
    at_ = std::move(*found);
    components_ = Kernel(at_.world, at_.shock()).components;
    return true;
  }

  const Solved& at() const noexcept { return at_; }
  const BlocTable& blocs() const noexcept { return blocs_; }

  std::vector<Setting> settings() const {
    std::vector<Setting> result = scenario_settings(document_);
    std::erase_if(result, [](const Setting& setting) { return setting.kind != Setting::Kind::kNumber; });
    return result;
  }

  /// Whether a number changes the shock and nothing else, or elasticities that no reference world hangs on.
  bool is_exact(const Setting& setting) const {
    const bool shares_a_zone =
        setting.group.find("(economic_zone") != std::string::npos && setting.label.starts_with("share");
    if (setting.path.starts_with("policy.")) return !shares_a_zone;
    return setting.path.starts_with("theta.") && scenario_.reference_is_baseline();
  }

  /// Of several measures with these gradients, by one number, per unit.
  std::vector<double> derivatives(const Setting& setting, const std::vector<SettledAdjoint::Answer>& gradients,
                                  const std::vector<MeasureNumber>& measures) const {
    const double value = setting.value.number, size = std::max(std::abs(value), 1e-2);
    if (is_exact(setting))
      return differences(setting, kCompiledStep * size, [&](double one, double other, double weight) {
        return along(compiled(setting.path, one), compiled(setting.path, other), weight, gradients);
      });
    return differences(setting, kSolvedStep * size, [&](double one, double other, double weight) {
      const std::vector<double> above = measured(setting.path, one, measures),
                                below = measured(setting.path, other, measures);
      std::vector<double> result;
      for (std::size_t k = 0; k < above.size(); ++k) result.push_back(weight * (above[k] - below[k]));
      return result;
    });
  }

 private:
  /// Central differences, extrapolated; one-sided where the number is at an end of its range.
  /// term(one, other, weight): weight · (f(one) − f(other)) of each measure.
  std::vector<double> differences(
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

  Scenario with(const std::string& path, double value) const {
    TomlValue document = document_;
    set_value(document, path, {.kind = TomlValue::Kind::kNumber, .number = value}, {path, 0, 0});
    return make_scenario(document, scenario_.file, scenario_.table_files);
  }

  struct Compiled {
    Vector theta;
    Shock shock;
  };
  Compiled compiled(const std::string& path, double value) const {
    const Scenario scenario = with(path, value);
    if (!path.starts_with("theta.")) return {at_.world.theta, compile_policies(at_.world, scenario, blocs_)};
    World world = at_.world;
    world.theta = apply_model_options(baseline_.world, scenario).theta;
    Shock shock = compile_policies(world, scenario, blocs_);
    return {std::move(world.theta), std::move(shock)};
  }

  std::optional<Solved> solved(const Scenario& scenario, SolveReport& report) const {
    SolveOptions solver = solver_options(scenario);
    solver.tolerance = std::min(solver.tolerance, kTolerance);
    std::optional<World> world = reference_world(scenario, baseline_.world, blocs_, solver, report);
    if (!world) return std::nullopt;
    Shock shock = compile_policies(*world, scenario, blocs_);
    if (at_.equilibrium().wage.size() > 0) solver.start = &at_.equilibrium();
    Settlement settled = settle(*world, std::move(shock), solver);
    report = settled.solution.report;
    // What round-off keeps from the tighter tolerance is good enough if it meets the usual one.
    constexpr double kUsual = 1e-10;
    if (!report.solved() && !(report.status == SolveStatus::kNoConvergence && report.residual <= kUsual))
      return std::nullopt;
    report.status = SolveStatus::kSolved;
    return Solved{std::move(*world), std::move(settled)};
  }

  std::vector<double> measured(const std::string& path, double value, const std::vector<MeasureNumber>& numbers) const {
    SolveReport report;
    const std::optional<Solved> found = solved(with(path, value), report);
    if (!found) throw InputError({}, path, fmt::format("at {} there is no answer: {}", value, report.sentence));
    const Measures measures = measure(found->world, found->shock(), found->equilibrium());
    std::vector<double> result;
    for (const MeasureNumber& number : numbers) result.push_back(value_of(measures, number));
    return result;
  }

  /// weight · gradient · (one − other), of each measure.
  std::vector<double> along(const Compiled& one, const Compiled& other, double weight,
                            const std::vector<SettledAdjoint::Answer>& gradients) const {
    const World& world = at_.world;
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
    for (std::size_t d = 0; d < std::min(one.shock.detours.size(), other.shock.detours.size()); ++d) {
      const Detour &a = one.shock.detours[d], &b = other.shock.detours[d];
      if (d < at_.shock().detours.size())
        add(a.share * a.margin - b.share * b.margin,
            [&](const SettledAdjoint::Answer& g) { return g.gradient.detour[d]; });
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
    for (Index j = 0; j < world.sector_count(); ++j)
      add(one.theta(j) - other.theta(j), [&](const SettledAdjoint::Answer& g) { return g.gradient.theta(j); });
    return sums;
  }

  /// ln of what a shock limits the producer's price to on the flows of a cap: ĉ ≤ limit·(1+e)/(1+e').
  double log_limit(const Shock& shock, const PriceCap& of) const {
    const Index m = of.markets.front();
    for (const PriceCap& cap : shock.price_caps)
      if (cap.origin == of.origin && cap.sector == of.sector && holds(cap.markets, m))
        return std::log(cap.limit / (1.0 + wedges_at(at_.world, shock, m, cap.origin, cap.sector).export_tax));
    return 0.0;
  }

  /// D' at the factor incomes of the equilibrium.
  Vector deficit_of(const Shock& shock) const {
    const Vector base = factor_income(at_.world);
    return deficits(at_.world, shock, components_, base, base.cwiseProduct(at_.equilibrium().factor_price));
  }

  const Scenario& scenario_;
  const Baseline& baseline_;
  BlocTable blocs_;
  TomlValue document_;
  Solved at_;
  std::vector<Component> components_;
};

/// Sums over locations and uses.
Bilateral by_country(const World& world, const Bilateral& flows, double scale) {
  Bilateral result(world.country_count(), world.country_count(), world.sector_count());
  for (Index j = 0; j < flows.sectors(); ++j)
    for (Index i = 0; i < flows.origins(); ++i)
      for (Index m = 0; m < flows.markets(); ++m)
        result(world.country_of_market(m), world.country_of_location(i), j) += scale * flows(m, i, j);
  return result;
}

constexpr double kPercent = 0.01;

MeasureGradient summed(const World& world, const Gradient& gradient) {
  MeasureGradient result;
  result.trade_cost = by_country(world, gradient.log_iceberg, kPercent);
  result.tariff = by_country(world, gradient.tariff, kPercent);
  result.export_tax = by_country(world, gradient.export_tax, kPercent);
  result.open_share = by_country(world, gradient.open_share, kPercent);
  result.base_share = by_country(world, gradient.log_share, kPercent);
  result.productivity = Matrix::Zero(world.country_count(), world.sector_count());
  for (Index l = 0; l < world.location_count(); ++l)
    result.productivity.row(world.country_of_location(l)) += kPercent * gradient.log_productivity.row(l);
  result.transfer = gradient.transfer;
  result.theta = kPercent * gradient.theta.cwiseProduct(world.theta);
  return result;
}

}  // namespace

ScenarioGradients scenario_gradients(const Scenario& scenario, const std::vector<LocatedText>& measures,
                                     const Baseline& baseline, const BlocTable& blocs) {
  Differentiator differentiator(scenario, baseline, blocs);
  ScenarioGradients result;
  result.description.start_time = time_now();
  result.description.title = scenario.title;
  result.description.question = scenario.question;
  result.description.scenario = scenario.resolved;
  result.description.baseline = baseline.info.name;
  result.description.baseline_sha256 = baseline.sha256;
  if (!differentiator.solve(result.report)) return result;
  const World& world = differentiator.at().world;
  const Shock& shock = differentiator.at().shock();
  const Equilibrium& equilibrium = differentiator.at().equilibrium();
  result.countries = world.countries;
  result.sectors = world.sectors;

  Problems problems;
  const Selector selector(world, differentiator.blocs(), scenario.date);
  std::vector<StudyMeasures> asked;
  for (const LocatedText& one : measures) asked.emplace_back(std::vector{one}, world, selector, problems);
  problems.throw_if_any();
  const Measures found = measure(world, shock, equilibrium);
  std::vector<MeasureNumber> numbers;
  std::vector<SettledAdjoint::Answer> gradients;
  const SettledAdjoint adjoint(world, differentiator.at().settled);
  for (const StudyMeasures& one : asked)
    for (const auto& [name, number, column] : one.numbers()) {
      const std::optional<MeasureSeed> seed = measure_seed(number, world, shock, equilibrium);
      if (!seed)
        problems.add({}, "--of", fmt::format("'{}' has no derivative: it is of the base year, or evasion's", name));
      problems.throw_if_any();
      gradients.push_back(adjoint.gradient(*seed));
      numbers.push_back(number);
      MeasureGradient& measure = result.measures.emplace_back(summed(world, gradients.back().gradient));
      measure.name = name;
      measure.value = value_of(found, number);
      measure.units = one.columns()[column].units;
      measure.long_name = one.columns()[column].long_name;
    }
  for (const Setting& setting : differentiator.settings()) {
    const std::vector<double> derivatives = differentiator.derivatives(setting, gradients, numbers);
    result.numbers.push_back({setting.path, setting.unit, setting.value.number, differentiator.is_exact(setting)});
    for (std::size_t k = 0; k < derivatives.size(); ++k) result.measures[k].numbers.push_back(derivatives[k]);
  }
  Bilateral trade(world.country_count(), world.country_count(), world.sector_count());
  for (Index j = 0; j < found.trade.sectors(); ++j)
    for (Index i = 0; i < found.trade.origins(); ++i)
      for (Index m = 0; m < found.trade.markets(); ++m)
        trade(world.country_of_location(m), world.country_of_location(i), j) += found.trade(m, i, j);
  result.trade = std::move(trade);
  return result;
}

namespace {

std::vector<double> by_row(const Matrix& matrix) {
  const Matrix transposed = matrix.transpose();
  return {transposed.data(), transposed.data() + transposed.size()};
}

template <class Item, class Text>
std::vector<std::string> texts(const std::vector<Item>& items, const Text& text) {
  std::vector<std::string> result;
  std::ranges::transform(items, std::back_inserter(result), text);
  return result;
}

}  // namespace

void write_gradients(const ScenarioGradients& of, DatasetSink& sink) {
  sink.attribute({"format", kGradientFormat});
  sink.attribute({"format_version", kGradientFormatVersion});
  write_description(of.description, sink);
  sink.attribute({"status", status_name(of.report.status)});
  sink.attribute({"status_sentence", of.report.sentence});
  if (of.measures.empty()) return;
  const std::vector<std::string> codes = texts(of.countries, [](const Country& c) { return c.code; });
  sink.dimension("measure", texts(of.measures, [](const MeasureGradient& m) { return m.name; }), "measure");
  sink.variable({"measure_units", {"measure"}, "1", "units", "Units of the measure, and of its derivatives."},
                texts(of.measures, [](const MeasureGradient& m) { return m.units; }));
  sink.dimension("country", codes, "country code");
  sink.variable({"country_name", {"country"}, "1", "country name", "Name of the country."},
                texts(of.countries, [](const Country& c) { return c.name; }));
  sink.dimension("sector", texts(of.sectors, [](const Sector& s) { return s.code; }), "sector code");
  sink.variable({"sector_name", {"sector"}, "1", "sector name", "Name of the sector."},
                texts(of.sectors, [](const Sector& s) { return s.name; }));
  sink.dimension("exporter", codes, "exporter code");
  sink.dimension("importer", codes, "importer code");
  const auto variable = [&](const char* name, std::vector<std::string> dimensions, const char* long_name,
                            const char* description, const auto& values_of) {
    std::vector<double> all;
    for (const MeasureGradient& measure : of.measures) {
      const auto values = values_of(measure);
      all.insert(all.end(), values.begin(), values.end());
    }
    dimensions.insert(dimensions.begin(), "measure");
    sink.variable({name, std::move(dimensions), "measure_units", long_name, description}, all);
  };
  const auto vector = [](const Vector& values) {
    return std::vector<double>(values.data(), values.data() + values.size());
  };
  variable("value", {}, "value", "The measure at the counterfactual.",
           [](const MeasureGradient& m) { return std::vector<double>{m.value}; });
  if (!of.numbers.empty()) {
    sink.dimension("number", texts(of.numbers, [](const auto& n) { return n.path; }),
                   "number of the scenario, by its path");
    std::vector<double> values, exact;
    for (const ScenarioGradients::Number& number : of.numbers) {
      values.push_back(number.value);
      exact.push_back(number.exact ? 1.0 : 0.0);
    }
    sink.variable({"number_value", {"number"}, "1", "value", "The number in the scenario."}, values);
    sink.variable(
        {"number_exact",
         {"number"},
         "1",
         "exact",
         "1: by the adjoint; 0: by differences of whole solves, as it changes the reference world or a nest."},
        exact);
    variable("by_number", {"number"}, "per unit of the number", "Derivative by a number of the scenario.",
             [](const MeasureGradient& m) { return m.numbers; });
  }
  const std::vector<std::string> flows{"sector", "exporter", "importer"};
  const auto flow = [&](const char* name, const char* long_name, const char* description,
                        Bilateral MeasureGradient::*values) {
    variable(name, flows, long_name, description, [&](const MeasureGradient& m) { return (m.*values).values(); });
  };
  flow("by_trade_cost", "per 1 % of trade cost", "Derivative by the iceberg cost of a flow.",
       &MeasureGradient::trade_cost);
  flow("by_tariff", "per percentage point of duty", "Derivative by the tariff on a flow.", &MeasureGradient::tariff);
  flow("by_export_tax", "per percentage point of export tax", "Derivative by the export tax on a flow.",
       &MeasureGradient::export_tax);
  flow("by_open_share", "per percentage point of varieties allowed",
       "Derivative by the share of a flow that no ban outlaws.", &MeasureGradient::open_share);
  flow("by_base_share", "per 1 % of the base-year share",
       "Derivative by a flow's weight in its market of the base year, the others as they are.",
       &MeasureGradient::base_share);
  variable("by_productivity", {"country", "sector"}, "per 1 % of productivity",
           "Derivative by productivity of value added.",
           [](const MeasureGradient& m) { return by_row(m.productivity); });
  variable("by_transfer", {"country"}, "per million USD received",
           "Derivative by a transfer received; transfers add up to zero, so that only differences mean something.",
           [&](const MeasureGradient& m) { return vector(m.transfer); });
  variable("by_theta", {"sector"}, "per 1 % of θ", "Derivative by the trade elasticity of a sector.",
           [&](const MeasureGradient& m) { return vector(m.theta); });
  sink.variable({"trade", flows, "million USD", "trade", "Of the counterfactual, at producer prices."},
                of.trade.values());
}

}  // namespace entrepot
