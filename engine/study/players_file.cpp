#include "players_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "coalition.hpp"
#include "compliance_game.hpp"

namespace entrepot {

namespace {

constexpr const char* kMoney = "million USD";

class PlayersFile {
 public:
  PlayersFile(NetcdfWriter& writer, const Players& players, const std::vector<RowColumn>& columns,
              const SweepSource& source, Index draws)
      : writer_(writer),
        players_(players),
        source_(source),
        combinations_(players.combinations()),
        cases_(draws / combinations_) {
    const RowColumn& column = *std::ranges::find(columns, std::string("welfare_usd"), &RowColumn::name);
    const std::vector<std::string>& labels = column.dimensions[0].labels;
    const auto place = [&](const std::string& code) {
      places_.push_back(column.first + static_cast<std::size_t>(std::ranges::find(labels, code) - labels.begin()));
    };
    for (const std::vector<std::string>* some : {&players.targets, &players.core, &players.countries})
      for (const std::string& code : *some) place(code);
  }

  void write() {
    writer_.attribute({"cases_are_listed", players_.listed ? 1 : 0});
    writer_.numbered_dimension("case", at(cases_), "draw of what is uncertain, in which all combinations are solved");
    if (players_.kind == Players::Kind::kCoalition)
      coalitions();
    else
      game();
  }

 private:
  /// Changes in real income in a case: combination × (targets, core, players).
  Matrix welfare(Index number) const {
    std::vector<RowResult> rows(at(combinations_));
    source_.rows(number * combinations_, rows);
    Matrix result(combinations_, static_cast<Index>(places_.size()));
    for (Index k = 0; k < combinations_; ++k)
      for (std::size_t p = 0; p < places_.size(); ++p) {
        const RowResult& row = rows[at(k)];
        result(k, static_cast<Index>(p)) = row.status == SolveStatus::kSolved ? row.values[places_[p]] : kMissing;
      }
    return result;
  }

  /// A variable by case, then what each case has of it.
  NetcdfWriter::Rows by_case(const char* name, std::vector<std::string> dimensions, const char* units,
                             const char* long_name, const char* description) {
    dimensions.insert(dimensions.begin(), "case");
    return writer_.row_variable({name, std::move(dimensions), units, long_name, description}, 1);
  }
  void put(const NetcdfWriter::Rows& variable, Index number, const Vector& values) {
    writer_.write_rows(variable, at(number), {values.data(), at(values.size())});
  }
  void put(const NetcdfWriter::Rows& variable, Index number, const Matrix& values) {
    const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = values;
    writer_.write_rows(variable, at(number), {rows.data(), at(rows.size())});
  }

  std::string coalition_name(Index coalition) const {
    std::string name;
    for (std::size_t j = 0; j < players_.countries.size(); ++j)
      if (players_.strategy(coalition, static_cast<Index>(j)) == 1)
        name += (name.empty() ? "" : "+") + players_.countries[j];
    return name.empty() ? "none" : name;
  }

  std::string profile_name(Index profile) const {
    std::string name;
    for (std::size_t i = 0; i < players_.countries.size(); ++i)
      name += (name.empty() ? "" : ", ") + players_.countries[i] + " " +
              players_.strategies[at(players_.strategy(profile, static_cast<Index>(i)))];
    return name;
  }

  void strategies(const char* name, const char* dimension, const char* who, const char* meaning) {
    std::vector<double> values;
    for (Index k = 0; k < combinations_; ++k)
      for (std::size_t i = 0; i < players_.countries.size(); ++i)
        values.push_back(static_cast<double>(players_.strategy(k, static_cast<Index>(i))));
    writer_.variable({name, {dimension, who}, "1", "what each does", meaning}, values);
  }

  void bounds() {
    std::vector<std::string> names, reasons;
    std::vector<double> losses, costs;
    for (const Players::Bound& bound : players_.bounds) {
      names.push_back(bound.name);
      reasons.push_back(bound.reason);
      losses.push_back(bound.target_loss);
      costs.push_back(bound.cost);
    }
    writer_.dimension("bound", names, "who joins, and what they do");
    const auto put_bounds = [&](const char* name, const char* long_name, const char* description,
                                const std::vector<double>& values) {
      const NetcdfWriter::Rows stored = writer_.row_variable({name, {"bound"}, kMoney, long_name, description}, 1);
      writer_.write_rows(stored, 0, values);
    };
    put_bounds(
        "bound_target_loss", "targets' loss",
        "What sanctions could take, without draws: as they are and as an embargo of all trade (vertical), by the "
        "coalition and by the world (horizontal), after Chowdhry, Hinz, Kamin & Wanner (2024).",
        losses);
    put_bounds("bound_cost", "members' cost", "What that costs all its members together.", costs);
    writer_.variable({"bound_reason", {"bound"}, "1", "reason", "Why it has no answer, where it has none."}, reasons);
  }

  void coalitions() {
    std::vector<std::string> names;
    for (Index k = 0; k < combinations_; ++k) names.push_back(coalition_name(k));
    writer_.dimension("coalition", names, "who joins, beside the bloc's other members");
    writer_.dimension("joiner", players_.countries, "country that may join");
    std::vector<std::string> members = players_.core;
    members.insert(members.end(), players_.countries.begin(), players_.countries.end());
    writer_.dimension("member", members, "possible member");
    const std::size_t asked = players_.losses.empty() ? usual_loss_shares().size() : players_.losses.size();
    writer_.numbered_dimension("step", asked, "asked loss of the target");
    strategies("joins", "coalition", "joiner", "1: it joins, 0: it does not.");
    bounds();
    const auto target_loss =
        by_case("target_loss", {"coalition"}, kMoney, "targets' loss", "Fall of the targets' real incomes together.");
    const auto cost = by_case("coalition_cost", {"coalition"}, kMoney, "members' cost",
                              "Fall of the real incomes of all members together.");
    const auto cheapest = by_case("cheapest", {"coalition"}, "1", "whether it is the cheapest for some loss",
                                  "1: no other coalition with an answer takes as much for less or more for the same, "
                                  "0: another does.");
    const auto unanswered =
        by_case("unanswered", {}, "1", "coalitions without an answer", "Those in which trade has no equilibrium.");
    const auto shapley = by_case("target_loss_added", {"joiner"}, kMoney, "what a joiner adds to the target's loss",
                                 "Its Shapley value: the mean over all orders in which they could join. Missing where "
                                 "a coalition has no answer.");
    const auto alone = by_case("target_loss_added_first", {"joiner"}, kMoney, "the same where it joins first",
                               "What it adds to the coalition without joiners.");
    const auto last = by_case("target_loss_added_last", {"joiner"}, kMoney, "the same where it joins last",
                              "What it adds to the coalition of all others.");
    const auto own = by_case("joining_cost", {"joiner"}, kMoney, "what joining costs the joiner",
                             "Fall of its own real income when it joins: the mean over all orders.");
    const auto own_last = by_case("joining_cost_last", {"joiner"}, kMoney, "the same where it joins last",
                                  "Fall of its own real income when it joins all others.");
    const auto asked_loss = by_case("asked_loss", {"step"}, kMoney, "asked loss of the target",
                                    "Losses that the cheapest coalition is found for; unless they are given, tenths "
                                    "of the most that any coalition with an answer takes.");
    const auto least = by_case("least_cost_coalition", {"step"}, "1", "the cheapest coalition for it",
                               "Place along `coalition`; missing where none takes so much.");
    const auto least_cost = by_case("least_cost", {"step"}, kMoney, "what it costs", "Its members' cost.");
    const auto receives = by_case("receives", {"coalition", "member"}, kMoney, "transfer that evens out the burden",
                                  "After it every member of a coalition has lost the same share of its income, prices "
                                  "as they are; below 0 it pays. Missing of who is no "
                                  "member. The income is the reference world's without draws.");
    for (Index c = 0; c < cases_; ++c) {
      const CoalitionResults found = analyse_coalitions(players_, welfare(c));
      put(target_loss, c, found.target_loss);
      put(cost, c, found.cost);
      writer_.write_rows(cheapest, at(c), found.cheapest);
      const double without = static_cast<double>(found.unanswered);
      writer_.write_rows(unanswered, at(c), {&without, 1});
      put(shapley, c, found.loss.shapley);
      put(alone, c, found.loss.alone);
      put(last, c, found.loss.last);
      put(own, c, found.joining_cost);
      put(own_last, c, found.joining_cost_last);
      put(asked_loss, c, found.asked_loss);
      std::vector<double> which, costs;
      for (const Index k : found.least) {
        which.push_back(k < 0 ? kMissing : static_cast<double>(k));
        costs.push_back(k < 0 ? kMissing : found.cost(k));
      }
      writer_.write_rows(least, at(c), which);
      writer_.write_rows(least_cost, at(c), costs);
      put(receives, c, found.receives);
    }
  }

  void game() {
    const auto players = static_cast<Index>(players_.countries.size());
    std::vector<std::string> names;
    for (Index k = 0; k < combinations_; ++k) names.push_back(profile_name(k));
    writer_.dimension("profile", names, "what all players do");
    writer_.dimension("player", players_.countries, "player");
    writer_.dimension("strategy", players_.strategies, "strategy; the first is to comply");
    std::vector<std::string> penalties;
    for (const double penalty : players_.penalties) penalties.push_back(fmt::format("{}", penalty));
    writer_.dimension("penalty", penalties, "on whoever does not comply, million USD");
    strategies("plays", "profile", "player", "Place along `strategy`.");
    const auto payoff = by_case("payoff", {"profile", "player"}, kMoney, "what it comes to for the player",
                                "Change of its real income, before any penalty.");
    const auto gain = by_case("gain_by_deviating", {"profile", "player"}, kMoney, "gain by another strategy",
                              "What the player's best other strategy would add to its real income, before any penalty; "
                              "not above 0: it has none.");
    const auto equilibrium =
        by_case("equilibrium", {"penalty", "profile"}, "1", "whether it is an equilibrium",
                "1: no player gains by another strategy (Nash 1951), 0: one does. Missing where that is not known, as "
                "a combination has no answer.");
    const auto if_others = by_case("penalty_if_others_comply", {"player"}, kMoney, "penalty, others complying",
                                   "The smallest that makes the player comply where all others do; 0: none is needed.");
    const auto whatever = by_case("penalty_whatever_others_do", {"player"}, kMoney, "penalty, whatever others do",
                                  "The smallest that makes the player comply in any case.");
    const auto at_least = by_case("penalty_at_least", {"player"}, kMoney, "penalty, at the least",
                                  "The smallest that makes it comply in the case that tempts it least; below it, it "
                                  "never does.");
    std::optional<NetcdfWriter::Rows> target;
    if (!players_.targets.empty())
      target =
          by_case("target_loss", {"profile"}, kMoney, "targets' loss", "Fall of the targets' real incomes together.");
    std::vector<double> counted(players_.penalties.size() * at(combinations_), 0.0);
    for (Index c = 0; c < cases_; ++c) {
      const Matrix all = welfare(c), own = all.rightCols(players);
      const GameResults found = play(players_, own);
      put(payoff, c, own);
      put(gain, c, found.gain);
      put(equilibrium, c, found.equilibrium);
      put(if_others, c, found.if_others_comply);
      put(whatever, c, found.whatever_others_do);
      put(at_least, c, found.at_least);
      if (target) {
        Vector loss = -all.leftCols(all.cols() - players).rowwise().sum();
        for (Index k = 0; k < combinations_; ++k)
          if (all(k, 0) == kMissing) loss(k) = kMissing;
        put(*target, c, loss);
      }
      for (Index p = 0; p < found.equilibrium.rows(); ++p)
        for (Index k = 0; k < combinations_; ++k)
          if (found.equilibrium(p, k) == 1.0) counted[at(p * combinations_ + k)] += 1.0;
    }
    for (double& share : counted) share *= 100.0 / static_cast<double>(cases_);
    writer_.variable({"equilibrium_share",
                      {"penalty", "profile"},
                      "percent",
                      "share of cases in which it is an equilibrium",
                      "Of all cases; those in which it is not known count as none."},
                     counted);
  }

  NetcdfWriter& writer_;
  const Players& players_;
  const SweepSource& source_;
  Index combinations_, cases_;
  std::vector<std::size_t> places_;  ///< of target, core and countries in a row
};

}  // namespace

void write_players(NetcdfWriter& writer, const Players& players, const std::vector<RowColumn>& columns,
                   const SweepSource& source, Index draws) {
  PlayersFile(writer, players, columns, source, draws).write();
}

}  // namespace entrepot
