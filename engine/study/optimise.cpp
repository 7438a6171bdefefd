#include "optimise.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "in_parallel.hpp"
#include "policy_search.hpp"

namespace entrepot {

namespace {

/// From every start; side by side where nothing is drawn, as draws are solved side by side else.
std::vector<std::pair<Optimum, PolicyPoint>> search_all(const OptimumStudy& study, PolicyChoice& problem,
                                                        const OptimiseOptions& options) {
  std::vector<std::vector<double>> starts(static_cast<std::size_t>(study.starts), problem.own());
  std::mt19937_64 draw(study.seed);
  for (std::size_t start = 1; start < starts.size(); ++start)
    for (std::size_t c = 0; c < study.choices.size(); ++c) {
      const double share = (static_cast<double>(draw() >> 11) + 0.5) * 0x1p-53;
      starts[start][c] = study.choices[c].low + share * (study.choices[c].high - study.choices[c].low);
    }
  std::vector<std::pair<Optimum, PolicyPoint>> found(starts.size());
  in_parallel(
      starts.size(),
      [&](std::size_t start) {
        found[start] = PolicySearch(study, problem, static_cast<int>(start), options).run(starts[start]);
      },
      problem.counted().size() == 1);
  return found;
}

}  // namespace

OptimumResult optimise(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                       const OptimiseOptions& options) {
  OptimumResult result;
  PolicyChoice problem(study, baseline, blocs, options.stop);
  if (!problem.prepare(result.report)) return result;
  const PolicyPoint& before = problem.before();
  result.objective_before = objective_of(study, before);
  result.feasible_before = is_feasible(study, before, problem);
  std::vector<std::pair<Optimum, PolicyPoint>> found = search_all(study, problem, options);
  std::ranges::stable_sort(found, [](const auto& one, const auto& other) {
    const Optimum &a = one.first, &b = other.first;
    return a.feasible != b.feasible ? a.feasible : a.objective > b.objective;
  });
  const PolicyPoint point = std::move(found.front().second);
  for (auto& one : found) result.found.push_back(std::move(one.first));
  const Optimum& best = result.found.front();
  if (best.choice.empty()) return result;
  if (study.uncertainty) {
    result.counted = problem.counted();
    if (study.judged_by_worst) {
      result.draws = problem.everywhere(best.choice);
      result.draws_before = problem.everywhere({});
    } else {
      for (const PolicyPoint::Draw& one : point.draws) result.draws.push_back(one.values.front());
      for (const PolicyPoint::Draw& one : before.draws) result.draws_before.push_back(one.values.front());
    }
  }
  std::size_t k = 0;
  for (const PolicyChoice::Term& term : problem.terms()) {
    result.measures.push_back({term.name, term.units, before.mean.measures[k], point.mean.measures[k]});
    ++k;
  }
  for (std::size_t l = 0; l < problem.limits().size(); ++l) {
    const PolicyChoice::Limit& limit = problem.limits()[l];
    const double after = measure_of(study, point, problem, l);
    result.measures.push_back({limit.of.name, limit.of.units, measure_of(study, before, problem, l), after, true,
                               holds_with_equality(after, limit)});
  }
  result.scenario = to_toml(problem.document(best.choice));
  return result;
}

}  // namespace entrepot
