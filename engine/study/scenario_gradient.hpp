#pragma once

#include "policy/scenario.hpp"
#include "results/dataset.hpp"
#include "results/result_file.hpp"
#include "world/baseline_files.hpp"
#include "world/blocs.hpp"

namespace entrepot {

/// Raised whenever a reader of the old files would misread the new ones.
constexpr int kGradientFormatVersion = 1;

/// Derivatives of one reported number with respect to everything it follows from, at a scenario's counterfactual: by
/// how many of its units it changes, to first order, all of the world having adjusted.
struct MeasureGradient {
  std::string name;  ///< "welfare[IRN]"
  std::string units, long_name;
  double value = 0.0;
  /// By the scenario's own numbers, in the order of ScenarioGradients::numbers, per unit of each.
  std::vector<double> numbers;
  // By flows between countries, importer × exporter × sector, all uses and locations together:
  Bilateral trade_cost;  ///< per 1 % of iceberg cost
  Bilateral tariff;      ///< per percentage point of duty
  Bilateral export_tax;  ///< per percentage point
  Bilateral open_share;  ///< per percentage point of varieties allowed
  Bilateral base_share;  ///< per 1 % of the flow's weight in its market of the base year
  Matrix productivity;   ///< per 1 % of Â, country × sector
  Vector transfer;  ///< per million USD received, country; only differences mean something, as transfers add up to 0
  Vector theta;     ///< per 1 % of θ, sector
};

struct ScenarioGradients {
  /// A number of the scenario.
  struct Number {
    std::string path, unit;
    double value = 0.0;
    bool exact = true;  ///< false: by differences of whole solves, as it changes the reference world or a nest
  };
  RunDescription description;
  SolveReport report;  ///< without an equilibrium there is nothing else
  std::vector<Country> countries;
  std::vector<Sector> sectors;
  std::vector<Number> numbers;
  std::vector<MeasureGradient> measures;
  Bilateral trade;  ///< of the counterfactual, importer × exporter × sector, million USD at producer prices
};

/// Solves a scenario and takes the derivatives of some of its measures, named as in a study ("welfare[IRN, EAEU]").
/// Rents of caps that bind and transfers that share a burden move along. Throws InputError for measures that are not
/// known or have no derivative and for policies that do not fit the world.
ScenarioGradients scenario_gradients(const Scenario& scenario, const std::vector<LocatedText>& measures,
                                     const Baseline& baseline, const BlocTable& blocs);

/// All of it, named and described; a dimension `measure`, `number` for the scenario's own, and flows by sector,
/// exporter and importer.
void write_gradients(const ScenarioGradients& gradients, DatasetSink& sink);

}  // namespace entrepot
