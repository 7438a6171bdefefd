#include "show_gradients.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "results/table.hpp"

namespace entrepot {

namespace {

/// Four digits, however large or small.
std::string short_text(double value) { return fmt::format("{:.4g}", value); }

/// Places of the largest in absolute value, in falling order; zeros are left out.
std::vector<std::size_t> largest(const std::vector<double>& values, std::size_t most) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t k) { return values[k] == 0.0; });
  std::ranges::stable_sort(order, std::greater<>(), [&](std::size_t k) { return std::abs(values[k]); });
  order.resize(std::min(order.size(), most));
  return order;
}

std::string numbers(const ScenarioGradients& of, const MeasureGradient& measure) {
  constexpr double kStep = 0.01;
  Table table({{"number of the scenario", ""},
               {"value", ""},
               {"per unit", measure.units},
               {"one per cent more", measure.units}});
  bool approximate = false, zeros = false;
  for (const std::size_t k : largest(measure.numbers, measure.numbers.size())) {
    const ScenarioGradients::Number& number = of.numbers[k];
    approximate = approximate || !number.exact;
    table.add_row({number.path + (number.exact ? "" : " *"), fmt::format("{:g}", number.value),
                   short_text(measure.numbers[k]),
                   number.value == 0.0 ? Cell() : Cell(short_text(kStep * number.value * measure.numbers[k]))});
  }
  for (const double derivative : measure.numbers) zeros = zeros || derivative == 0.0;
  if (table.rows() == 0) return "No number of the scenario changes it.\n";
  return table.text() + (approximate ? "* by differences of whole solves\n" : "") +
         (zeros ? "Other numbers of the scenario do not change it.\n" : "");
}

std::string flows(const ScenarioGradients& of, const MeasureGradient& measure, std::size_t most) {
  Table table({{"exporter", ""},
               {"importer", ""},
               {"sector", ""},
               {"trade", "million USD"},
               {"trade cost +1 %", measure.units},
               {"duty +1 point", measure.units},
               {"export tax +1 point", measure.units}});
  const auto count = of.countries.size();
  std::vector<double> abroad = measure.trade_cost.values();
  for (std::size_t k = 0; k < abroad.size(); ++k)
    if (k % count == k / count % count) abroad[k] = 0.0;
  for (const std::size_t k : largest(abroad, most))
    table.add_row({of.countries[k / count % count].code, of.countries[k % count].code,
                   of.sectors[k / count / count].code, of.trade.values()[k], measure.trade_cost.values()[k],
                   measure.tariff.values()[k], measure.export_tax.values()[k]});
  return table.text();
}

std::string producers(const ScenarioGradients& of, const MeasureGradient& measure, std::size_t most) {
  Table table({{"country", ""}, {"sector", ""}, {"productivity +1 %", measure.units}});
  const std::vector<double> values(measure.productivity.data(),
                                   measure.productivity.data() + measure.productivity.size());
  for (const std::size_t k : largest(values, most))
    table.add_row({of.countries[k % of.countries.size()].code, of.sectors[k / of.countries.size()].code, values[k]});
  return table.text();
}

std::string elasticities(const ScenarioGradients& of, const MeasureGradient& measure, std::size_t most) {
  Table table({{"sector", ""}, {"trade elasticity +1 %", measure.units}});
  const std::vector<double> values(measure.theta.data(), measure.theta.data() + measure.theta.size());
  for (const std::size_t k : largest(values, most)) table.add_row({of.sectors[k].code, values[k]});
  return table.text();
}

}  // namespace

std::string show_gradients(const ScenarioGradients& gradients, std::size_t most) {
  std::string text = gradients.description.title + "\n";
  if (!gradients.report.solved()) return text + gradients.report.sentence + "\n";
  for (const MeasureGradient& measure : gradients.measures) {
    text += fmt::format("\n{}: {}, {:.6g} {}\n\nBy how much it changes:\n\n", measure.name, measure.long_name,
                        measure.value, measure.units);
    text += numbers(gradients, measure) + "\n" + flows(gradients, measure, most) + "\n" +
            producers(gradients, measure, most) + "\n" + elasticities(gradients, measure, most);
  }
  return text + "\nTo first order, all of the world having adjusted.\n";
}

}  // namespace entrepot
