#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "optimise.hpp"
#include "results/dataset.hpp"
#include "results/table.hpp"

namespace entrepot {

namespace {

constexpr double kSameChoice = 1e-3;  ///< of ranges: two starts that ended in one place

}  // namespace

std::string show_optimum(const OptimumStudy& study, const OptimumResult& result) {
  std::string text = study.title + "\n";
  if (!study.question.empty()) text += study.question + "\n";
  if (!result.report.solved())
    return text + "The scenario as it is has no equilibrium. " + result.report.sentence + "\n";
  const Optimum& best = result.found.front();
  if (best.choice.empty()) return text + "No choice that was tried has an equilibrium.\n";
  text += fmt::format("\nObjective: {:.6g}, with the scenario's own numbers {:.6g}\n", best.objective,
                      result.objective_before);
  if (!best.feasible) text += "No choice that was tried meets every constraint; this one is nearest.\n";
  Table choices({{"chosen", ""}, {"value", ""}, {"from", ""}, {"to", ""}, {"", ""}});
  for (std::size_t c = 0; c < study.choices.size(); ++c)
    choices.add_row({study.choices[c].name, fmt::format("{:.6g}", best.choice[c]),
                     fmt::format("{:g}", study.choices[c].low), fmt::format("{:g}", study.choices[c].high),
                     std::string(best.at_bound[c] ? "at its bound" : "")});
  Table measures({{"measure", ""}, {"", ""}, {"before", ""}, {"after", ""}, {"", ""}});
  for (const OptimumResult::Row& row : result.measures)
    measures.add_row({row.name, row.units, fmt::format("{:.6g}", row.before), fmt::format("{:.6g}", row.after),
                      std::string(!row.is_constraint ? ""
                                  : row.active       ? "a constraint, which holds it"
                                                     : "a constraint")});
  text += "\n" + choices.text() + "\n" + measures.text() + "\n";
  if (!result.draws.empty()) {
    constexpr double kBetter = 1e-9;  ///< of an objective: less is round-off
    std::size_t better = 0, known = 0;
    double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
    for (std::size_t d = 0; d < result.draws.size(); ++d) {
      const double after = result.draws[d], before = result.draws_before[d];
      if (after == kMissing || before == kMissing) continue;
      ++known;
      better += after - before > kBetter * std::max(std::abs(after), std::abs(before));
      lowest = std::min(lowest, after);
      highest = std::max(highest, after);
    }
    text += study.judged_by_worst
                ? fmt::format(
                      "The objective is the worst of {} draws, which are in the confidence set of {:g} % of {}; "
                      "its measures are means over them, those of constraints of the draw nearest to breaking one.",
                      result.counted.size(), 100.0 * study.confidence, result.draws.size())
                : fmt::format("Means over {} draws.", result.draws.size());
    text += fmt::format(
        " The objective is larger than with the scenario's own numbers in {} of {} draws{}, and lies from {:.6g} to "
        "{:.6g}.\n",
        better, known, known < result.draws.size() ? " that have an answer" : "", lowest, highest);
  }
  text += fmt::format("Slope left: {:.2g} per whole range of a choice; {} solves, ended: {}.\n", best.slope,
                      best.solves, best.ended);
  constexpr double kMuch = 1e-3;  ///< of the objective
  if (best.slope > kMuch * (std::abs(best.objective) + std::abs(result.objective_before)) + 1e-6)
    text += "That is much for an optimum: the way on may have no equilibrium, and other starts may find better.\n";
  int same = 0, others = 0;
  double next = -std::numeric_limits<double>::infinity();
  for (const Optimum& one : result.found) {
    double apart = 0.0;
    for (std::size_t c = 0; c < one.choice.size(); ++c)
      apart =
          std::max(apart, std::abs(one.choice[c] - best.choice[c]) / (study.choices[c].high - study.choices[c].low));
    if (!one.choice.empty() && apart <= kSameChoice) {
      ++same;
    } else {
      ++others;
      if (one.feasible) next = std::max(next, one.objective);
    }
  }
  text += fmt::format("{} of {} starts ended here", same, result.found.size());
  if (others > 0 && std::isfinite(next)) text += fmt::format("; the best of the others reached {:.6g}", next);
  return text + ".\n";
}

}  // namespace entrepot
