#include "show_players.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "table.hpp"

namespace entrepot {

namespace {

constexpr const char* kMoney = "million USD";
constexpr std::size_t kMostCasesShown = 12;     ///< each by itself; more are counted over
constexpr std::size_t kMostProfilesShown = 10;  ///< of a case, or of those that are equilibria in some case
constexpr std::size_t kMostTransfersShown = 12;

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
  explicit PlayersText(const DatasetSource& reader) : reader_(reader), cases_(reader.find("case")->shape[0]) {
    if (reader.find("plays") != nullptr) plays_ = reader.numbers("plays");
  }

  std::string text() const { return reader_.find("profile") != nullptr ? game() : coalitions(); }

 private:
  /// A variable by case, of which `own` numbers are each case's.
  struct ByCase {
    std::vector<double> values;
    std::size_t own;
    double at(std::size_t number, std::size_t k) const { return values[number * own + k]; }
    /// One of each case.
    std::vector<double> all(std::size_t k) const {
      std::vector<double> result;
      for (std::size_t place = k; place < values.size(); place += own) result.push_back(values[place]);
      return result;
    }
  };
  ByCase by_case(const std::string& name) const {
    std::vector<double> values = reader_.numbers(name);
    const std::size_t own = values.size() / cases_;
    return {std::move(values), own};
  }

  std::string names(const std::string& list) const {
    std::string text;
    for (const std::string& one : reader_.texts(list)) text += (text.empty() ? "" : ", ") + one;
    return text;
  }

  std::string over_cases() const {
    return cases_ == 1 ? "" : fmt::format("Means over {} draws of what is varied.\n", cases_);
  }

  // --- coalition ---

  std::string cheapest() const {
    const ByCase asked = by_case("asked_loss"), least = by_case("least_cost_coalition"), cost = by_case("least_cost"),
                 loss = by_case("target_loss");
    const std::vector<std::string> coalitions = reader_.texts("coalition");
    std::vector<Table::Column> columns{{"loss asked", kMoney}, {"cheapest coalition", "joiners"}};
    if (cases_ > 1) columns.push_back({"so", "% of draws"});
    columns.push_back({"takes", kMoney});
    columns.push_back({"costs its members", kMoney});
    Table table(columns);
    for (std::size_t step = 0; step < asked.own; ++step) {
      std::map<double, std::size_t> counted;
      for (const double which : least.all(step)) ++counted[which];
      const auto usual = std::ranges::max_element(counted, {}, [](const auto& one) { return one.second; });
      const bool none = usual->first == kMissing;
      std::vector<Cell> row{mean(asked.all(step)), none ? std::string("none takes so much")
                                                        : coalitions[static_cast<std::size_t>(usual->first)]};
      if (cases_ > 1) row.emplace_back(100.0 * static_cast<double>(usual->second) / static_cast<double>(cases_));
      row.push_back(none ? Cell() : mean(loss.all(static_cast<std::size_t>(usual->first))));
      row.push_back(none ? Cell() : mean(cost.all(step)));
      table.add_row(std::move(row));
    }
    return table.text();
  }

  std::string joiners() const {
    const ByCase added = by_case("target_loss_added"), first = by_case("target_loss_added_first"),
                 last = by_case("target_loss_added_last"), cost = by_case("joining_cost"),
                 cost_last = by_case("joining_cost_last");
    Table table({{"joiner", ""},
                 {"adds", kMoney},
                 {"as the first", kMoney},
                 {"as the last", kMoney},
                 {"own cost", kMoney},
                 {"as the last", kMoney}});
    const std::vector<std::string> labels = reader_.texts("joiner");
    for (std::size_t j = 0; j < labels.size(); ++j)
      table.add_row({labels[j], mean(added.all(j)), mean(first.all(j)), mean(last.all(j)), mean(cost.all(j)),
                     mean(cost_last.all(j))});
    return table.text();
  }

  std::string bounds() const {
    const std::vector<std::string> labels = reader_.texts("bound");
    const std::vector<double> loss = reader_.numbers("bound_target_loss"), cost = reader_.numbers("bound_cost");
    const double most = loss.back();  // the whole world's embargo
    Table table({{"", ""}, {"takes", kMoney}, {"", "% of the most"}, {"costs its members", kMoney}});
    const auto known = [](double value) { return value == kMissing ? Cell() : Cell(value); };
    for (std::size_t k = 0; k < labels.size(); ++k)
      table.add_row({labels[k], known(loss[k]),
                     loss[k] == kMissing || most == kMissing || most == 0.0 ? Cell() : Cell(100.0 * loss[k] / most),
                     known(cost[k])});
    return table.text();
  }

  std::string transfers() const {
    const std::vector<std::string> members = reader_.texts("member");
    const ByCase receives = by_case("receives");
    const std::size_t all = receives.own - members.size();  // the last coalition: all join
    std::vector<std::pair<double, std::size_t>> found;
    for (std::size_t m = 0; m < members.size(); ++m)
      if (const Cell value = mean(receives.all(all + m)); std::holds_alternative<double>(value))
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

  std::string coalitions() const {
    return fmt::format(
        "{} coalitions, with and without {}. {}\n{}\nEach adds to the target's loss, and pays by joining, on average "
        "over all orders in which they could join (Shapley values):\n\n{}\nWhat sanctions could take, by these "
        "measures "
        "and by an embargo of all trade{}:\n\n{}\nTransfers after which every member of the coalition of all has lost "
        "the same share of its income:\n\n{}",
        reader_.texts("coalition").size(), names("joiner"), over_cases(), cheapest(), joiners(),
        cases_ > 1 ? ", without draws" : "", bounds(), transfers());
  }

  // --- game ---

  /// "cost of secondary sanctions 0.002": what is drawn in a case.
  std::string case_name(std::size_t number, const std::vector<double>& drawn) const {
    const std::vector<std::string> inputs = reader_.texts("input");
    const std::size_t rows = reader_.find("draw")->shape[0] / cases_;
    std::string text;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const double value = drawn[number * rows * inputs.size() + k];
      // Those of players differ within a case.
      bool fixed = true;
      for (std::size_t row = 0; row < rows && fixed; ++row)
        fixed = drawn[(number * rows + row) * inputs.size() + k] == value;
      if (fixed) text += fmt::format("{}{} = {:g}", text.empty() ? "" : ", ", inputs[k], value);
    }
    return text;
  }

  /// The equilibria of one case and penalty, or all with how often they are.
  std::string equilibria() const {
    const std::vector<std::string> profiles = reader_.texts("profile"), penalties = reader_.texts("penalty");
    const ByCase is = by_case("equilibrium");
    const std::vector<double> share = reader_.numbers("equilibrium_share");
    const bool has_target = reader_.find("target_loss") != nullptr;
    const ByCase loss = has_target ? by_case("target_loss") : ByCase{};
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
          if (has_target) row.push_back(mean(loss.all(order[k])));
          table.add_row(std::move(row));
        }
        text += order.empty()
                    ? fmt::format("No equilibrium in pure strategies in any draw, penalty {}.\n", penalties[p])
                    : table.text();
        if (order.size() > kMostProfilesShown)
          text += fmt::format("{} more: equilibrium_share in the file.\n", order.size() - kMostProfilesShown);
        text += "\n";
      }
      return text;
    }
    const std::vector<double> drawn = reader_.numbers("drawn");
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
          row.emplace_back(std::stod(penalties[p]));
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
    const ByCase others = by_case("penalty_if_others_comply"), whatever = by_case("penalty_whatever_others_do"),
                 least = by_case("penalty_at_least");
    const std::vector<std::string> labels = reader_.texts("player");
    std::vector<Table::Column> columns;
    const bool each = cases_ > 1 && cases_ <= kMostCasesShown;
    if (each) columns.push_back({"where", ""});
    columns.insert(
        columns.end(),
        {{"player", ""}, {"at the least", kMoney}, {"if the others comply", kMoney}, {"whatever they do", kMoney}});
    Table table(columns);
    const auto known = [](double value) { return value == kMissing ? Cell() : Cell(value); };
    if (each) {
      const std::vector<double> drawn = reader_.numbers("drawn");
      for (std::size_t c = 0; c < cases_; ++c)
        for (std::size_t i = 0; i < labels.size(); ++i)
          table.add_row({case_name(c, drawn), labels[i], known(least.at(c, i)), known(others.at(c, i)),
                         known(whatever.at(c, i))});
    } else {
      for (std::size_t i = 0; i < labels.size(); ++i)
        table.add_row({labels[i], mean(least.all(i)), mean(others.all(i)), mean(whatever.all(i))});
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
