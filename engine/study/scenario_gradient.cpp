#include "scenario_gradient.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "differentiator.hpp"
#include "results/file_formats.hpp"
#include "study_measures.hpp"

namespace entrepot {

namespace {

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
  const World& world = differentiator.at().world();
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
      if (!seed) problems.add({}, "--of", fmt::format("'{}' has no derivative: it is of the base year", name));
      problems.throw_if_any();
      gradients.push_back(adjoint.gradient(*seed));
      numbers.push_back(number);
      MeasureGradient& measure = result.measures.emplace_back(summed(world, gradients.back().gradient));
      measure.name = name;
      measure.value = value_at(found, number, world, shock, equilibrium);
      measure.units = one.columns()[column].units;
      measure.long_name = one.columns()[column].long_name;
    }
  for (const Setting& setting : differentiator.settings()) {
    const Differentiator::Derivatives derivatives =
        differentiator.derivatives(setting, gradients, [&](const SolvedScenario& at) {
          const Measures all = measure(at.world(), at.shock(), at.equilibrium());
          std::vector<double> values;
          for (const MeasureNumber& number : numbers)
            values.push_back(value_at(all, number, at.world(), at.shock(), at.equilibrium()));
          return values;
        });
    result.numbers.push_back({setting.path, setting.unit, setting.value.number, derivatives.exact});
    for (std::size_t k = 0; k < derivatives.values.size(); ++k)
      result.measures[k].numbers.push_back(derivatives.values[k]);
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
    sink.variable({"number_exact",
                   {"number"},
                   "1",
                   "exact",
                   "1: by the adjoint; 0: by differences of whole solves, as it changes the reference world or the "
                   "size of a zone, or detours begin with it."},
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
