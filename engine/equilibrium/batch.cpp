#include "batch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <vector>

#include "batch_base.hpp"
#include "batch_block.hpp"

namespace entrepot {

namespace {

constexpr double kDifference = 1e-4;     ///< in ln ŵ, for the derivatives of the gaps
constexpr double kDifferenceGap = 1e-8;  ///< how closely prices and spending are solved for them
constexpr int kMostHeldSteps = 200;
constexpr Index kTurns = 4;  ///< scenarios that a lane takes at least, one after the other

/// A world with other elasticities, made where it is needed.
class Alone {
 public:
  explicit Alone(const World& world) : world_(world) {}
  Solution solve(const BatchScenario& scenario, double tolerance) {
    if (scenario.theta.size() == 0) return entrepot::solve(world_, scenario.shock, {.tolerance = tolerance});
    if (!own_) own_ = std::make_unique<World>(world_);
    own_->theta = scenario.theta;
    return entrepot::solve(*own_, scenario.shock, {.tolerance = tolerance});
  }

 private:
  const World& world_;
  std::unique_ptr<World> own_;
};

}  // namespace

struct BatchSolver::Implementation {
  const World& world;
  BatchOptions options;
  Solution centre;
  std::unique_ptr<BatchBase> base;  ///< none where the block does not know the world's kind
  std::vector<BatchStart> neighbours;

  const BatchStart& start_of(const BatchScenario& scenario) const {
    return scenario.neighbour < 0 ? base->start : neighbours[at(scenario.neighbour)];
  }

  Vector theta_of(const BatchScenario& scenario) const {
    return scenario.theta.size() > 0 ? scenario.theta : world.theta;
  }

  void find_responses(const BatchBlock& block) {
    const Kernel& kernel = base->kernel;
    const Index countries = kernel.countries;
    base->cost_response.assign(at(kernel.sectors), Matrix::Zero(padded(kernel.locations), countries));
    base->spending_response.assign(at(kernel.sectors), Matrix::Zero(padded(kernel.markets), countries));
    const Matrix cost = block.log_cost(countries), spending = block.spending(countries);
    for (Index n = 0; n < countries; ++n) {
      const Matrix costs = (block.log_cost(n) - cost) / kDifference;
      const Matrix spent = (block.spending(n) - spending).array() / (kDifference * spending.array().max(base->floor));
      for (Index j = 0; j < kernel.sectors; ++j) {
        base->cost_response[at(j)].col(n).head(kernel.locations) = costs.row(j).transpose();
        base->spending_response[at(j)].col(n).head(kernel.markets) = spent.row(j).transpose();
      }
    }
  }

  /// The derivatives of every country's gap in every wage, prices and spending settled: by differences, the wages of
  /// many countries moved at once in lanes of their own. False where they do not settle.
  bool find_wage_step(const BatchScenario& at_centre) {
    const Index countries = world.country_count();
    const Shock none;
    const bool started = centre.report.solved();
    const Shock& shock = started ? at_centre.shock : none;
    const Vector theta = started ? theta_of(at_centre) : world.theta;
    BatchBlock block(*base, countries + 1, kDifferenceGap, true);
    for (Index lane = 0; lane <= countries; ++lane) {
      BatchStart moved = base->start;
      if (lane < countries) {
        moved.log_wage(lane) += kDifference;
        for (Index l = 0; l < world.location_count(); ++l)
          if (world.country_of_location(l) == lane) moved.log_cost.col(l) += base->cost_of_wage.col(l) * kDifference;
      }
      if (!block.enter(lane, shock, theta, moved)) return false;
    }
    for (int step = 0; step < kMostHeldSteps; ++step) {
      block.step();
      bool settled = true;
      for (Index lane = 0; lane <= countries; ++lane) {
        if (block.state(lane) == BatchBlock::State::kLost) return false;
        settled = settled && block.state(lane) == BatchBlock::State::kSettled;
      }
      if (!settled) continue;
      Matrix system(countries, countries);
      const Vector factor = base->start.log_wage.array().exp() * base->kernel.factor_income.array();
      for (Index n = 0; n < countries; ++n) system.col(n) = (block.gap(n) - block.gap(countries)) / kDifference;
      // The level of wages is free: hold world factor income.
      system -= factor * factor.transpose() / factor.sum();
      base->wage_step = padded(Matrix(-system.inverse()));
      find_responses(block);
      return base->wage_step.allFinite();
    }
    return false;
  }
};

BatchSolver::BatchSolver(const World& world, const BatchScenario& centre, const BatchOptions& options)
    : implementation_(new Implementation{world, options, {}, nullptr, {}}) {
  Implementation& self = *implementation_;
  self.centre = Alone(world).solve(centre, options.tolerance);
  if (!BatchBase::suits(world)) return;
  const Equilibrium* start = self.centre.report.solved() ? &self.centre.equilibrium : nullptr;
  self.base = std::make_unique<BatchBase>(world, centre.shock, self.theta_of(centre), start);
  if (!self.find_wage_step(centre)) self.base.reset();
}

BatchSolver::~BatchSolver() = default;
BatchSolver::BatchSolver(BatchSolver&&) noexcept = default;
BatchSolver& BatchSolver::operator=(BatchSolver&&) noexcept = default;

const Solution& BatchSolver::centre() const noexcept { return implementation_->centre; }

Index BatchSolver::add_neighbour(const BatchScenario& scenario) {
  Implementation& self = *implementation_;
  if (!self.base) return kCentre;
  Index number = kCentre;
  solve(
      1, [&](Index) { return scenario; },
      [&](Index, Solution&& solution) {
        if (!solution.report.solved()) return;
        number = static_cast<Index>(self.neighbours.size());
        self.neighbours.emplace_back(solution.equilibrium);
      });
  return number;
}

BatchReport BatchSolver::solve(Index count, const std::function<BatchScenario(Index)>& scenario,
                               const std::function<void(Index, Solution&&)>& answer) const {
  const Implementation& self = *implementation_;
  BatchReport report;
  report.scenarios = count;
  Alone alone(self.world);
  const auto solve_alone = [&](Index k, const BatchScenario& one) {
    ++report.alone;
    answer(k, alone.solve(one, self.options.tolerance));
  };
  if (!self.base) {
    for (Index k = 0; k < count; ++k) solve_alone(k, scenario(k));
    return report;
  }
  constexpr Index kIdle = -1;
  // At the end lanes stand idle until the last has settled: the fewer, the less.
  BatchBlock block(*self.base, std::clamp(count / kTurns, Index{1}, self.options.lanes), self.options.tolerance);
  std::vector<Index> held(at(block.lanes()), kIdle);
  Index next = 0, busy = 0;
  const auto fill = [&](Index lane) {
    held[at(lane)] = kIdle;
    while (next < count) {
      const Index k = next++;
      const BatchScenario one = scenario(k);
      if (block.enter(lane, one.shock, self.theta_of(one), self.start_of(one))) {
        held[at(lane)] = k;
        ++busy;
        return;
      }
      solve_alone(k, one);
    }
    block.leave(lane);
  };
  for (Index lane = 0; lane < block.lanes(); ++lane) fill(lane);
  while (busy > 0) {
    block.step();
    report.lane_steps += block.lanes();
    std::vector<Index> settled, ended;
    for (Index lane = 0; lane < block.lanes(); ++lane) {
      if (held[at(lane)] == kIdle) continue;
      const BatchBlock::State state = block.state(lane);
      if (state == BatchBlock::State::kMoving && block.steps(lane) < self.options.max_steps) continue;
      if (state == BatchBlock::State::kSettled) settled.push_back(lane);
      ended.push_back(lane);
    }
    std::vector<Solution> solutions = block.solutions(settled);
    auto solution = solutions.begin();
    for (const Index lane : ended) {
      const Index k = held[at(lane)];
      --busy;
      const bool found = std::ranges::binary_search(settled, lane);
      if (found && solution->equilibrium.income.minCoeff() > 0.0)
        answer(k, std::move(*solution));
      else
        solve_alone(k, scenario(k));  // also where the answer is none that the world could give: solve() says why
      if (found) ++solution;
      fill(lane);
    }
  }
  return report;
}

}  // namespace entrepot
