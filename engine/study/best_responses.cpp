#include "best_responses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "policy_search.hpp"
#include "results/table.hpp"

namespace entrepot {

namespace {

constexpr double kStill = 1e-6;  ///< of a choice's range: nobody moves
constexpr double kFlat = 1e-3;   ///< of an objective, per whole range: less slope than this is none
constexpr double kGain = 1e-6;   ///< of an objective: less is no reason to choose otherwise

class Rounds {
 public:
  Rounds(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs, const OptimiseOptions& options)
      : study_(study), baseline_(baseline), blocs_(blocs), options_(options) {
    result_.players.resize(study.players.size());
    result_.choice.resize(study.choices.size());
    result_.at_bound.resize(study.choices.size());
  }

  BestResponses run() {
    if (!begin()) return result_;
    while (result_.rounds < study_.rounds && !result_.settled && result_.report.solved() && !stopped()) {
      ++result_.rounds;
      result_.moved = 0.0;
      each([&](std::size_t p) { answer(p, 1, 0.0); });
      if (result_.moved > kStill) continue;
      result_.settled = true;
      each([&](std::size_t p) { answer(p, study_.starts, kGain); });
    }
    result_.stopped = stopped();
    if (stopped()) result_.settled = false;
    if (result_.report.solved()) result_.scenario = to_toml(document());
    return result_;
  }

 private:
  bool stopped() const { return options_.stop != nullptr && *options_.stop; }

  template <class Action>
  void each(const Action& action) {
    for (std::size_t p = 0; p < study_.players.size() && result_.report.solved() && !stopped(); ++p) action(p);
  }

  /// The scenario's own numbers, and what each has by them.
  bool begin() {
    for (std::size_t p = 0; p < study_.players.size(); ++p) {
      const OptimumStudy own = study_of(p, 1, study_.scenario);
      PolicyChoice problem(own, baseline_, blocs_, options_.stop);
      if (!problem.prepare(result_.report)) return false;
      result_.players[p].name = study_.players[p];
      result_.players[p].objective_before = objective_of(own, problem.before());
      const std::vector<std::size_t> places = places_of(p);
      for (std::size_t c = 0; c < places.size(); ++c) result_.choice[places[c]] = problem.own()[c];
    }
    return true;
  }

  /// A player's best answer to what the others have chosen. It takes the place of its choice where that is worth more
  /// than `least` of its objective.
  void answer(std::size_t p, int starts, double least) {
    const OptimumStudy own = study_of(p, starts, document());
    OptimiseOptions options = options_;
    options.record_key = result_.choice;
    options.record_key.push_back(static_cast<double>(p));
    const OptimumResult found = optimise(own, baseline_, blocs_, options);
    if (!found.report.solved()) return lost(found.report);
    const Optimum& best = found.found.front();
    if (best.choice.empty() || stopped()) return;
    BestResponses::Player& player = result_.players[p];
    const std::vector<std::size_t> places = places_of(p);
    double moved = 0.0;
    for (std::size_t c = 0; c < places.size(); ++c)
      moved = std::max(
          moved, std::abs(best.choice[c] - result_.choice[places[c]]) / (own.choices[c].high - own.choices[c].low));
    player.slope = best.slope;
    player.cut_short = std::ranges::any_of(found.found, &Optimum::cut_short) ||
                       best.slope > kFlat * (std::abs(best.objective) + std::abs(found.objective_before)) + kGain;
    player.gain = best.objective - found.objective_before;
    // A choice that meets the constraints is worth more than any that does not.
    const bool worth = best.feasible != found.feasible_before
                           ? best.feasible
                           : player.gain > least * std::max(std::abs(best.objective), std::abs(found.objective_before));
    const bool kept = least > 0.0 && !(worth && moved > kStill);
    player.objective = kept ? found.objective_before : best.objective;
    player.feasible = kept ? found.feasible_before : best.feasible;
    if (kept) return;
    result_.moved = std::max(result_.moved, moved);
    if (moved > kStill) result_.settled = false;
    for (std::size_t c = 0; c < places.size(); ++c) {
      result_.choice[places[c]] = best.choice[c];
      result_.at_bound[places[c]] = best.at_bound[c];
    }
  }

  void lost(const SolveReport& report) {
    result_.report = report;
    result_.settled = false;
  }

  std::vector<std::size_t> places_of(std::size_t p) const {
    std::vector<std::size_t> result;
    for (std::size_t c = 0; c < study_.choices.size(); ++c)
      if (study_.choices[c].player == study_.players[p]) result.push_back(c);
    return result;
  }

  TomlValue document() const { return with_choices(study_.scenario, study_.choices, result_.choice); }

  /// What one player sees of the study.
  OptimumStudy study_of(std::size_t p, int starts, TomlValue scenario) const {
    OptimumStudy own = study_;
    const auto is_others = [&](const auto& one) { return one.player != study_.players[p]; };
    std::erase_if(own.choices, is_others);
    std::erase_if(own.objective, is_others);
    std::erase_if(own.bounds, is_others);
    own.players.clear();
    own.starts = starts;
    own.scenario = std::move(scenario);
    if (own.uncertainty) own.uncertainty->scenario = own.scenario;
    return own;
  }

  const OptimumStudy& study_;
  const Baseline& baseline_;
  const BlocTable& blocs_;
  const OptimiseOptions& options_;
  BestResponses result_;
};

}  // namespace

bool BestResponses::is_equilibrium() const {
  return settled &&
         std::ranges::all_of(players, [](const Player& player) { return player.feasible && !player.cut_short; });
}

BestResponses best_responses(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                             const OptimiseOptions& options) {
  return Rounds(study, baseline, blocs, options).run();
}

std::string show_best_responses(const OptimumStudy& study, const BestResponses& result) {
  std::string text = study.title + "\n";
  if (!study.question.empty()) text += study.question + "\n";
  if (!result.report.solved()) return text + "There is no equilibrium. " + result.report.sentence + "\n";
  Table choices({{"player", ""}, {"chosen", ""}, {"value", ""}, {"from", ""}, {"to", ""}, {"", ""}});
  for (std::size_t c = 0; c < study.choices.size(); ++c)
    choices.add_row({study.choices[c].player, study.choices[c].name, fmt::format("{:.6g}", result.choice[c]),
                     fmt::format("{:g}", study.choices[c].low), fmt::format("{:g}", study.choices[c].high),
                     std::string(result.at_bound[c] ? "at its bound" : "")});
  Table players({{"player", ""},
                 {"objective before", ""},
                 {"after", ""},
                 {"gain by another choice", ""},
                 {"slope left", ""},
                 {"", ""}});
  for (const BestResponses::Player& player : result.players)
    players.add_row({player.name, fmt::format("{:.6g}", player.objective_before),
                     fmt::format("{:.6g}", player.objective), fmt::format("{:.2g}", std::max(0.0, player.gain)),
                     fmt::format("{:.2g}", player.slope),
                     std::string(player.feasible ? "" : "not every constraint is met")});
  text += "\n" + choices.text() + "\n" + players.text() + "\n";
  const bool feasible = std::ranges::all_of(result.players, &BestResponses::Player::feasible);
  if (result.settled && !feasible)
    return text + fmt::format(
                      "Nobody changes its own after {} rounds of best answers, but not every constraint is met: "
                      "no equilibrium.\n",
                      result.rounds);
  if (result.settled && !result.is_equilibrium())
    return text +
           fmt::format(
               "Nobody changes its own after {} rounds of best answers, but a search for something better "
               "ended early (search.most_solves) or with slope left: whether it is an equilibrium is not known.\n",
               result.rounds);
  if (result.settled)
    return text +
           fmt::format(
               "A Nash equilibrium, after {} rounds of best answers: nobody gains by another choice, as far as {} "
               "starts each tell.\n",
               result.rounds, study.starts);
  if (result.stopped) return text + fmt::format("Stopped in round {} of best answers.\n", result.rounds);
  return text +
         fmt::format("Not settled: after {} rounds of best answers a choice still moves by {:.2g} of its range.\n",
                     result.rounds, result.moved);
}

}  // namespace entrepot
