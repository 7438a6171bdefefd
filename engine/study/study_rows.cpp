#include "study_rows.hpp"

#include <map>

#include "equilibrium/conditions.hpp"
#include "reference_world.hpp"

namespace entrepot {

namespace {

bool has_conditions(const Shock& shock) { return !shock.price_caps.empty() || !shock.burden_groups.empty(); }

std::string first_sentence(const InputError& error) {
  const Problem& problem = error.problems().front();
  return problem.key.empty() ? problem.sentence : problem.key + ": " + problem.sentence;
}

}  // namespace

struct StudyRows::Implementation {
  const StudyScenarios& scenarios;
  const World& baseline;
  const BlocTable& blocs;
  SolveOptions solver;
  std::unique_ptr<StudyMeasures> measures;
  // Where all rows share a world:
  std::unique_ptr<World> world;  ///< the reference world
  std::unique_ptr<BatchSolver> batch;
  /// Rows that are solved first, for the others to start from the nearest: its numbers in (0, 1), and the solver's
  /// number of it.
  std::vector<std::pair<Vector, Index>> neighbours;

  Vector point(Index row) const {
    Vector numbers(scenarios.design().dimensions());
    scenarios.design().row(row, {numbers.data(), static_cast<std::size_t>(numbers.size())});
    return numbers;
  }

  /// The nearest neighbour of a row, or the centre.
  Index nearest(Index row) const {
    if (neighbours.empty()) return BatchSolver::kCentre;
    const Vector own = point(row);
    Index found = BatchSolver::kCentre;
    double least = (own.array() - 0.5).matrix().squaredNorm();
    for (const auto& [numbers, number] : neighbours)
      if (const double distance = (own - numbers).squaredNorm(); distance < least) {
        least = distance;
        found = number;
      }
    return found;
  }

  /// Rows at equal distances through the sample, as many as pay.
  void find_neighbours() {
    constexpr Index kMost = 16, kRowsForEach = 32;
    const Index rows = scenarios.design().sample_rows(), count = std::min(kMost, rows / kRowsForEach);
    World own = *world;
    for (Index k = 0; k < count; ++k) {
      const Index row = k * rows / count;
      try {
        BatchScenario one = compiled(row, own);
        if (has_conditions(one.shock)) continue;
        const Index number = batch->add_neighbour(one);
        if (number != BatchSolver::kCentre) neighbours.emplace_back(point(row), number);
      } catch (const InputError&) {
        // A draw that makes no sense is nobody's neighbour.
      }
    }
  }

  void finish(RowResult& result, const SolveReport& report, const Measures* found) const {
    result.status = report.status;
    if (report.solved())
      result.values = measures->pick(*found);
    else
      result.sentence = report.sentence;
    for (const double value : result.values)
      if (!std::isfinite(value)) {
        result = {SolveStatus::kNoConvergence, "A result is not a finite number.", {}};
        return;
      }
  }

  /// θ of a scenario in the shared world.
  Vector theta_of(const Scenario& scenario) const {
    if (scenario.theta.empty()) return baseline.theta;
    World elasticities;  // only what apply_model_options looks at
    elasticities.countries = baseline.countries;
    elasticities.sectors = baseline.sectors;
    elasticities.theta = baseline.theta;
    elasticities.theta_sets = baseline.theta_sets;
    elasticities.value_added_elasticity = baseline.value_added_elasticity;
    elasticities.input_elasticity = baseline.input_elasticity;
    elasticities.labour_mobility = baseline.labour_mobility;
    return apply_model_options(std::move(elasticities), scenario).theta;
  }

  void alone(Index row, RowResult& result) const {
    const Scenario scenario = scenarios.scenario(row);
    const BlocTable own_blocs = apply_blocs(blocs, scenario, baseline);
    SolveReport report;
    const std::optional<World> own = reference_world(scenario, baseline, own_blocs, solver, report);
    if (!own) return finish(result, report, nullptr);
    const Settlement settled = settle(*own, compile_policies(*own, scenario, own_blocs), solver);
    if (!settled.solution.report.solved()) return finish(result, settled.solution.report, nullptr);
    const Measures found = Measurer(*own)(settled.shock, settled.solution.equilibrium, measures->scope());
    finish(result, settled.solution.report, &found);
  }

  /// own: the shared world, which gets the row's θ: some policies are compiled by it (evasion).
  BatchScenario compiled(Index row, World& own) const {
    const Scenario scenario = scenarios.scenario(row);
    own.theta = theta_of(scenario);
    const BlocTable own_blocs = scenario.blocs.empty() ? BlocTable() : apply_blocs(blocs, scenario, baseline);
    return {compile_policies(own, scenario, scenario.blocs.empty() ? blocs : own_blocs), own.theta, nearest(row)};
  }

  void side_by_side(Index first, std::span<RowResult> results) const {
    World own = *world;  // with each row's θ in turn
    const Measurer measurer(own);
    std::vector<bool> given(results.size(), false);
    const auto row_of = [&](Index k) -> RowResult& { return results[at(k)]; };
    batch->solve(
        static_cast<Index>(results.size()),
        [&](Index k) -> BatchScenario {
          try {
            BatchScenario one = compiled(first + k, own);
            if (!has_conditions(one.shock)) return one;
            given[at(k)] = true;
            const Settlement settled = settle(own, std::move(one.shock), solver);
            const SolveReport& report = settled.solution.report;
            if (!report.solved()) {
              finish(row_of(k), report, nullptr);
            } else {
              const Measures found = measurer(settled.shock, settled.solution.equilibrium, measures->scope());
              finish(row_of(k), report, &found);
            }
          } catch (const InputError& error) {
            given[at(k)] = true;
            row_of(k) = {SolveStatus::kNotSolved, first_sentence(error), {}};
          }
          return {};
        },
        [&](Index k, Solution&& solution) {
          if (given[at(k)]) return;
          if (!solution.report.solved()) return finish(row_of(k), solution.report, nullptr);
          // The shock is made once more where it is needed: keeping those of all lanes would take too much memory.
          BatchScenario one;
          if (measures->scope().trade) {
            one = compiled(first + k, own);
          }
          const Measures found = measurer(one.shock, solution.equilibrium, measures->scope());
          finish(row_of(k), solution.report, &found);
        });
  }
};

StudyRows::StudyRows(const StudyScenarios& scenarios, const Baseline& baseline, const BlocTable& blocs)
    : implementation_(new Implementation{
          scenarios, baseline.world, blocs, solver_options(scenarios.plain()), nullptr, nullptr, nullptr, {}}) {
  Implementation& self = *implementation_;
  const Scenario& plain = scenarios.plain();
  const BlocTable own_blocs = apply_blocs(blocs, plain, baseline.world);
  const World shape = add_zones(apply_model_options(baseline.world, plain), plain, own_blocs);
  Problems problems;
  const Selector selector(shape, own_blocs, plain.date);
  self.measures = std::make_unique<StudyMeasures>(scenarios.study().measures, shape, selector, problems);
  problems.throw_if_any();
  SolveReport report;
  std::optional<World> reference = reference_world(plain, self.baseline, own_blocs, self.solver, report);
  // Policies that fit nowhere are a mistake of the scenario, said before anything is drawn.
  const Shock shock = compile_policies(reference ? *reference : shape, plain, own_blocs);
  if (!scenarios.one_world() || !reference) return;
  self.world = std::make_unique<World>(std::move(*reference));
  const Index middle = scenarios.design().sample_rows();
  BatchScenario centre{shock, {}};
  if (scenarios.design().options().tornado) {
    try {
      World own = *self.world;
      centre = self.compiled(middle, own);
    } catch (const InputError&) {
      // The scenario without draws is as good a centre.
    }
  }
  self.batch = std::make_unique<BatchSolver>(*self.world, centre, BatchOptions{.tolerance = self.solver.tolerance});
  self.find_neighbours();
}

StudyRows::~StudyRows() = default;

const StudyMeasures& StudyRows::measures() const noexcept { return *implementation_->measures; }

bool StudyRows::batched() const noexcept { return implementation_->batch != nullptr; }

void StudyRows::evaluate(Index first, std::span<RowResult> results) const {
  const Implementation& self = *implementation_;
  for (RowResult& result : results) result = {};
  if (self.batch) return self.side_by_side(first, results);
  for (std::size_t k = 0; k < results.size(); ++k) {
    try {
      self.alone(first + static_cast<Index>(k), results[k]);
    } catch (const InputError& error) {
      results[k] = {SolveStatus::kNotSolved, first_sentence(error), {}};
    }
  }
}

}  // namespace entrepot
