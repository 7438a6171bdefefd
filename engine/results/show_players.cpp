#include "show_players.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "table.hpp"
#include "text/file_error.hpp"

namespace entrepot {

namespace {

constexpr const char* kMoney = "million USD";
constexpr std::size_t kMostCasesShown = 12;     ///< each by itself; more are counted over
constexpr std::size_t kMostProfilesShown = 10;  ///< of a case, or of those that are equilibria in some case
constexpr std::size_t kMostTransfersShown = 12;
constexpr std::size_t kMostInputsShown = 3;  ///< of what is varied, to tell cases by

/// Mean of the numbers that are there; none where none is.
Cell mean(const std::vector<double>& values) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const double value : values)
    if (value != kMissing) {
      sum += value;
      ++count;
    }
  return count == 0 ? Cell() : Cell(sum / static_cast<double>(count));
}

class PlayersText {
 public:
  explicit PlayersText(const DatasetSource& reader) : reader_(reader), cases_(length("case")) {
    if (reader.find("profile") != nullptr) plays_ = numbers("plays", {"profile", "player"});
    if (length("draw") % cases_ != 0) throw damaged("case");
  }

  std::string text() const { return reader_.find("profile") != nullptr ? game() : coalitions(); }

 private:
  /// A variable by case, of which `own` numbers are each case's.
  struct ByCase {
    std::vector<double> values;
    std::size_t own;
    double at(std::size_t number, std::size_t k) const { return values[number * own + k]; }
    /// One of each of these cases.
    std::vector<double> in(const std::vector<std::size_t>& cases, std::size_t k) const {
      std::vector<double> result;
      for (const std::size_t number : cases) result.push_back(at(number, k));
      return result;
    }
  };
  FileError damaged(const std::string& name) const {
    return {reader_.file(), fmt::format("'{}' does not fit the rest: the file is damaged", name)};
  }

  /// Of a dimension: one at least.
  std::size_t length(const std::string& dimension) const {
    const StoredVariable* found = reader_.find(dimension);
    if (found == nullptr || found->shape.size() != 1 || found->shape.front() == 0) throw damaged(dimension);
    return found->shape.front();
  }

  /// A variable over these dimensions.
  std::vector<double> numbers(const std::string& name, const std::vector<std::string>& dimensions) const {
    std::size_t count = 1;
    for (const std::string& dimension : dimensions) count *= length(dimension);
    std::vector<double> values = reader_.numbers(name);
    if (values.size() != count) throw damaged(name);
    return values;
  }

  ByCase by_case(const std::string& name, const std::vector<std::string>& dimensions) const {
    std::size_t own = 1;
    for (const std::string& dimension : dimensions) own *= length(dimension);
    std::vector<double> values = reader_.numbers(name);
    if (values.size() != cases_ * own) throw damaged(name);
    return {std::move(values), own};
  }

  std::string names(const std::string& list) const {
    std::string text;
    for (const std::string& one : reader_.texts(list)) text += (text.empty() ? "" : ", ") + one;
    return text;
  }

  /// Whether each case is shown by itself.
  bool apart() const { return cases_ > 1 && cases_ <= kMostCasesShown; }

  /// Whether cases are told apart by values that were listed, so that a mean over them would be nobody's.
  bool listed() const { return apart() && reader_.number_attribute("cases_are_listed").value_or(0.0) != 0.0; }

  std::vector<std::size_t> all_cases() const {
    std::vector<std::size_t> all(cases_);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
  }

  std::string over_cases() const {
    return cases_ == 1 ? "" : fmt::format("Means over {} draws of what is varied.\n", cases_);
  }

  // --- coalition ---

  /// The cheapest coalition for each asked loss, in these cases: the one that is it most often, what it takes and costs
  /// where it is.
  std::string cheapest(const std::vector<std::size_t>& cases) const {
    const ByCase asked = by_case("asked_loss", {"step"}), least = by_case("least_cost_coalition", {"step"}),
                 cost = by_case("coalition_cost", {"coalition"}), loss = by_case("target_loss", {"coalition"});
    const std::vector<std::string> coalitions = reader_.texts("coalition");
    std::vector<Table::Column> columns{{"loss asked", kMoney}, {"cheapest coalition", "joiners"}};
    if (cases.size() > 1) columns.push_back({"so", "% of draws"});
    columns.push_back({"takes", kMoney});
    columns.push_back({"costs its members", kMoney});
    Table table(columns);
    for (std::size_t step = 0; step < asked.own; ++step) {
      std::map<double, std::vector<std::size_t>> answers;  // by coalition, in which cases
      std::vector<double> losses;
      for (const std::size_t c : cases) {
        answers[least.at(c, step)].push_back(c);
        losses.push_back(asked.at(c, step));
      }
      const auto& [which, where] =
          *std::ranges::max_element(answers, {}, [](const auto& one) { return one.second.size(); });
      const bool none = !(which >= 0.0 && which < static_cast<double>(coalitions.size()));
      std::vector<Cell> row{mean(losses),
                            none ? std::string("none takes so much") : coalitions[static_cast<std::size_t>(which)]};
      if (cases.size() > 1)
        row.emplace_back(100.0 * static_cast<double>(where.size()) / static_cast<double>(cases.size()));
      std::vector<double> takes, costs;
      for (const std::size_t c : where) {
        takes.push_back(none ? kMissing : loss.at(c, static_cast<std::size_t>(which)));
        costs.push_back(none ? kMissing : cost.at(c, static_cast<std::size_t>(which)));
      }
      row.push_back(mean(takes));
      row.push_back(mean(costs));
      table.add_row(std::move(row));
    }
    return table.text();
  }

  std::string joiners(const std::vector<std::size_t>& cases) const {
    std::vector<ByCase> columns;
    for (const char* name : {"target_loss_added", "target_loss_added_first", "target_loss_added_last", "joining_cost",
                             "joining_cost_last"})
      columns.push_back(by_case(name, {"joiner"}));
    Table table({{"joiner", ""},
                 {"adds", kMoney},
                 {"as the first", kMoney},
                 {"as the last", kMoney},
                 {"own cost", kMoney},
                 {"as the last", kMoney}});
    const std::vector<std::string> labels = reader_.texts("joiner");
    for (std::size_t j = 0; j < labels.size(); ++j) {
      std::vector<Cell> row{labels[j]};
      for (const ByCase& column : columns) row.push_back(mean(column.in(cases, j)));
      table.add_row(std::move(row));
    }
    return table.text();
  }

  std::string bounds() const {
    const std::vector<std::string> labels = reader_.texts("bound"), reasons = reader_.texts("bound_reason");
    if (reasons.size() != labels.size()) throw damaged("bound_reason");
    const std::vector<double> loss = numbers("bound_target_loss", {"bound"}), cost = numbers("bound_cost", {"bound"});
    double most = 0.0;
    for (const double one : loss) most = std::max(most, one == kMissing ? 0.0 : one);
    Table table({{"", ""}, {"takes", kMoney}, {"", "% of the most"}, {"costs its members", kMoney}});
    const auto known = [](double value) { return value == kMissing ? Cell() : Cell(value); };
    std::string without;
    for (std::size_t k = 0; k < labels.size(); ++k) {
      table.add_row({labels[k], known(loss[k]),
                     loss[k] == kMissing || most == 0.0 ? Cell() : Cell(100.0 * loss[k] / most), known(cost[k])});
      if (!reasons[k].empty()) without += fmt::format("{}: {}\n", labels[k], reasons[k]);
    }
    return table.text() + without;
  }

  std::string transfers(const std::vector<std::size_t>& cases) const {
    const std::vector<std::string> members = reader_.texts("member");
    const ByCase receives = by_case("receives", {"coalition", "member"});
    const std::size_t all = receives.own - members.size();  // the last coalition: all join
    std::vector<std::pair<double, std::size_t>> found;
    for (std::size_t m = 0; m < members.size(); ++m)
      if (const Cell value = mean(receives.in(cases, all + m)); std::holds_alternative<double>(value))
        found.emplace_back(std::get<double>(value), m);
    if (found.empty()) return "Not all coalitions have an answer, the one of all among them.\n";
    if (found.size() > kMostTransfersShown) {
      std::ranges::sort(found, std::greater<>(), [](const auto& one) { return std::abs(one.first); });
      found.resize(kMostTransfersShown);
    }
    std::ranges::sort(found, std::greater<>());
    Table table({{"member", ""}, {"receives", kMoney}});
    for (const auto& [value, m] : found) table.add_row({members[m], value});
    return table.text();
  }

  std::string coalitions_in(const std::vector<std::size_t>& cases) const {
    return fmt::format(
        "{}\nEach adds to the target's loss, and pays by joining, on average over all orders in which they could join "
        "(Shapley values):\n\n{}\nTransfers after which every member of the coalition of all has lost the same share "
        "of "
        "its income:\n\n{}",
        cheapest(cases), joiners(cases), transfers(cases));
  }

  std::string coalitions() const {
    std::string text = fmt::format("{} coalitions, with and without {}. {}", reader_.texts("coalition").size(),
                                   names("joiner"), listed() ? "" : over_cases());
    double unanswered = 0.0;
    for (const double one : numbers("unanswered", {"case"})) unanswered += one;
    if (unanswered > 0.0)
      text += fmt::format("{:.0f} have no answer{}; the cheapest are those of the others.\n", unanswered,
                          cases_ > 1 ? ", over all draws" : "");
    text += "\n";
    const std::vector<std::size_t> all = all_cases();
    if (listed()) {
      const std::vector<double> drawn = numbers("drawn", {"draw", "input"});
      for (const std::size_t c : all) text += fmt::format("--- {}\n\n{}\n", case_name(c, drawn), coalitions_in({c}));
    } else {
      text += coalitions_in(all) + "\n";
    }
    return text + fmt::format("What sanctions could take, by these measures and by an embargo of all trade{}:\n\n{}",
                              cases_ > 1 ? ", without draws" : "", bounds());
  }

  // --- game ---

  /// A number as it is; of a drawn text, "0: balanced, 1: fixed", the one it stands for.
  static std::string value_text(const std::string& texts, double value) {
    const std::string number = fmt::format("{:g}", value), start = number + ": ";
    const std::size_t at = texts.starts_with(start) ? 0 : texts.find(", " + start);
    if (texts.empty() || at == std::string::npos) return number;
    const std::size_t from = texts.find(start, at) + start.size(),
                      next = texts.find(fmt::format(", {:g}: ", value + 1.0), from);
    return texts.substr(from, next == std::string::npos ? next : next - from);
  }

  /// "cost of secondary sanctions 0.002": what is drawn in a case.
  std::string case_name(std::size_t number, const std::vector<double>& drawn) const {
    const std::vector<std::string> inputs = reader_.texts("input"), texts = reader_.texts("input_texts");
    if (texts.size() != inputs.size()) throw damaged("input_texts");
    const std::size_t rows = length("draw") / cases_;
    std::string text;
    std::size_t told = 0;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const double value = drawn[number * rows * inputs.size() + k];
      // Those of players differ within a case, or are the same in all.
      bool fixed = true, varies = false;
      for (std::size_t row = 0; row < rows && fixed; ++row)
        fixed = drawn[(number * rows + row) * inputs.size() + k] == value;
      for (std::size_t c = 0; c < cases_ && !varies; ++c) varies = drawn[c * rows * inputs.size() + k] != value;
      if (fixed && varies && ++told > kMostInputsShown) return fmt::format("case {}", number);
      if (fixed && varies)
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", inputs[k], value_text(texts[k], value));
    }
    return text;
  }

  /// The equilibria of one case and penalty, or all with how often they are.
  std::string equilibria() const {
    const std::vector<std::string> profiles = reader_.texts("profile"), penalties = reader_.texts("penalty");
    const ByCase is = by_case("equilibrium", {"penalty", "profile"});
    const std::vector<double> share = numbers("equilibrium_share", {"penalty", "profile"});
    const bool has_target = reader_.find("target_loss") != nullptr;
    const ByCase loss = has_target ? by_case("target_loss", {"profile"}) : ByCase{};
    std::string text;
    if (cases_ > kMostCasesShown) {
      for (std::size_t p = 0; p < penalties.size(); ++p) {
        std::vector<std::size_t> order(profiles.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const auto share_of = [&](std::size_t k) { return share[p * profiles.size() + k]; };
        std::erase_if(order, [&](std::size_t k) { return share_of(k) == 0.0; });
        std::ranges::stable_sort(order, std::greater<>(), share_of);
        std::vector<Table::Column> columns{{fmt::format("equilibrium, penalty {}", penalties[p]), ""},
                                           {"so", "% of draws"}};
        if (has_target) columns.push_back({"targets' loss", kMoney});
        Table table(columns);
        for (std::size_t k = 0; k < std::min(order.size(), kMostProfilesShown); ++k) {
          std::vector<Cell> row{short_name(order[k]), share_of(order[k])};
          if (has_target) {
            std::vector<double> losses;
            for (std::size_t c = 0; c < cases_; ++c)
              if (is.at(c, p * profiles.size() + order[k]) == 1.0) losses.push_back(loss.at(c, order[k]));
            row.push_back(mean(losses));
          }
          table.add_row(std::move(row));
        }
        bool unknown = false;
        for (std::size_t c = 0; c < cases_; ++c)
          for (std::size_t k = 0; k < profiles.size(); ++k) unknown |= is.at(c, p * profiles.size() + k) == kMissing;
        text += order.empty() ? fmt::format("No equilibrium in pure strategies in any draw{}, penalty {}.\n",
                                            unknown ? " that is known" : "", penalties[p])
                              : table.text();
        if (order.size() > kMostProfilesShown)
          text += fmt::format("{} more: equilibrium_share in the file.\n", order.size() - kMostProfilesShown);
        text += "\n";
      }
      return text;
    }
    const std::vector<double> drawn = numbers("drawn", {"draw", "input"});
    std::vector<Table::Column> columns;
    if (cases_ > 1) columns.push_back({"where", ""});
    columns.push_back({"penalty", kMoney});
    columns.push_back({"equilibrium", ""});
    if (has_target) columns.push_back({"targets' loss", kMoney});
    Table table(columns);
    for (std::size_t c = 0; c < cases_; ++c)
      for (std::size_t p = 0; p < penalties.size(); ++p) {
        std::size_t found = 0, unknown = 0;
        const auto add = [&](const std::string& what, Cell target) {
          std::vector<Cell> row;
          if (cases_ > 1) row.emplace_back(case_name(c, drawn));
          row.emplace_back(penalties[p]);
          row.emplace_back(what);
          if (has_target) row.push_back(std::move(target));
          table.add_row(std::move(row));
        };
        for (std::size_t k = 0; k < profiles.size(); ++k) {
          const double here = is.at(c, p * profiles.size() + k);
          unknown += here == kMissing;
          if (here != 1.0 || ++found > kMostProfilesShown) continue;
          add(short_name(k), has_target ? Cell(loss.at(c, k)) : Cell());
        }
        if (found > kMostProfilesShown) add(fmt::format("and {} more", found - kMostProfilesShown), {});
        if (found == 0) add(unknown > 0 ? "none that is known" : "none in pure strategies", {});
      }
    return table.text();
  }

  /// "joins: CHN, IND; hub: ARE".
  std::string short_name(std::size_t profile) const {
    const std::vector<std::string> players = reader_.texts("player"), strategies = reader_.texts("strategy");
    std::vector<std::string> who(strategies.size());
    for (std::size_t i = 0; i < players.size(); ++i) {
      const double plays = plays_[profile * players.size() + i];
      if (!(plays >= 0.0 && plays < static_cast<double>(who.size()))) continue;
      std::string& of = who[static_cast<std::size_t>(plays)];
      of += (of.empty() ? "" : ", ") + players[i];
    }
    std::string text;
    for (std::size_t s = 0; s < who.size(); ++s)
      if (!who[s].empty()) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", strategies[s], who[s]);
    return text;
  }

  std::string penalties() const {
    const ByCase others = by_case("penalty_if_others_comply", {"player"}),
                 whatever = by_case("penalty_whatever_others_do", {"player"}),
                 least = by_case("penalty_at_least", {"player"});
    const std::vector<std::string> labels = reader_.texts("player");
    std::vector<Table::Column> columns;
    const bool each = apart();
    if (each) columns.push_back({"where", ""});
    columns.insert(
        columns.end(),
        {{"player", ""}, {"at the least", kMoney}, {"if the others comply", kMoney}, {"whatever they do", kMoney}});
    Table table(columns);
    const auto known = [](double value) { return value == kMissing ? Cell() : Cell(value); };
    if (each) {
      const std::vector<double> drawn = numbers("drawn", {"draw", "input"});
      for (std::size_t c = 0; c < cases_; ++c)
        for (std::size_t i = 0; i < labels.size(); ++i)
          table.add_row({case_name(c, drawn), labels[i], known(least.at(c, i)), known(others.at(c, i)),
                         known(whatever.at(c, i))});
    } else {
      for (std::size_t i = 0; i < labels.size(); ++i)
        table.add_row({labels[i], mean(least.in(all_cases(), i)), mean(others.in(all_cases(), i)),
                       mean(whatever.in(all_cases(), i))});
    }
    return table.text();
  }

  std::string game() const {
    return fmt::format(
        "A game of {}, each of whom does one of: {}. An equilibrium is what no player alone gains by leaving.\n\n"
        "{}\nThe smallest penalty that makes a player comply ({}):\n{}\n{}",
        names("player"), names("strategy"), equilibria(), reader_.texts("strategy").front(),
        cases_ > kMostCasesShown ? over_cases() : "", penalties());
  }

  const DatasetSource& reader_;
  std::size_t cases_;
  std::vector<double> plays_;  ///< profile × player: place of the strategy
};

}  // namespace

bool has_players(const DatasetSource& reader) {
  return reader.find("case") != nullptr && (reader.find("profile") != nullptr || reader.find("coalition") != nullptr);
}

std::string show_players(const DatasetSource& reader) { return PlayersText(reader).text(); }

}  // namespace entrepot
