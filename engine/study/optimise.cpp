#include "optimise.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "policy_search.hpp"

namespace entrepot {

OptimumResult optimise(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                       const OptimiseOptions& options) {
  OptimumResult result;
  PolicyChoice problem(study, baseline, blocs);
  if (!problem.prepare(result.report)) return result;
  const PolicyPoint& all_before = problem.before();
  const PolicyPoint before = problem.counted_before();
  result.objective_before = objective_of(study, before);
  std::vector<std::pair<Optimum, PolicyPoint>> found;
  std::mt19937_64 draw(study.seed);
  for (int start = 0; start < study.starts; ++start) {
    std::vector<double> from = problem.own();
    if (start > 0)
      for (std::size_t c = 0; c < from.size(); ++c) {
        const double share = (static_cast<double>(draw() >> 11) + 0.5) * 0x1p-53;
        from[c] = study.choices[c].low + share * (study.choices[c].high - study.choices[c].low);
      }
    found.push_back(PolicySearch(study, problem, start, options).run(std::move(from)));
    if (options.stop != nullptr && *options.stop) break;
  }
  std::ranges::stable_sort(found, [](const auto& one, const auto& other) {
    const Optimum &a = one.first, &b = other.first;
    return a.feasible != b.feasible ? a.feasible : a.objective > b.objective;
  });
  const PolicyPoint point = std::move(found.front().second);
  for (auto& one : found) result.found.push_back(std::move(one.first));
  const Optimum& best = result.found.front();
  if (best.choice.empty()) return result;
  if (study.uncertainty) {
    const PolicyPoint everywhere = study.judged_by_worst ? problem.everywhere(best.choice) : point;
    for (const PolicyPoint::Draw& one : everywhere.draws) result.draws.push_back(one.values.front());
    for (const PolicyPoint::Draw& one : all_before.draws) result.draws_before.push_back(one.values.front());
    result.counted = problem.counted();
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
