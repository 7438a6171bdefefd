#include "show_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "file_formats.hpp"
#include "show_players.hpp"
#include "table.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

class SweepText {
 public:
  SweepText(const DatasetSource& reader, const ShowOptions& options) : reader_(reader), options_(options) {
    for (const StoredVariable& variable : reader.variables())
      if (is_result(variable)) names_.push_back(variable.info.name);
    if (attribute("format") == kShardFormat)
      throw InputError(
          {}, reader.file().string(),
          "this is one shard of a sweep, without statistics; show the sweep's file, or make it with `entrepot "
          "merge`");
    if (names_.empty()) throw InputError({}, reader.file().string(), "this file has no results");
    name_ = options.variable.empty() ? names_.front() : options.variable;
    if (std::find(names_.begin(), names_.end(), name_) != names_.end()) {
      plain_ = reader.find(name_ + "_mean") == nullptr;  // what players do has no statistics
      return;
    }
    plain_ = reader.find(name_) != nullptr && !reader.find(name_)->is_text;
    if (!plain_)
      throw InputError({}, reader.file().string(),
                       fmt::format("the draws do not report '{}'{}", name_, suggestion(name_, names_)));
  }

  std::string text() const {
    if (!options_.by.empty() && options_.by != "factor")
      throw InputError(
          {}, "--by",
          fmt::format("'{}' is no way to look at a sweep; --by factor shows what each factor does", options_.by));
    const bool headline = options_.variable.empty() && options_.by.empty() && options_.country.empty() && !options_.csv;
    if (headline && has_players(reader_)) return question() + "\n" + show_players(reader_);
    if (plain_) return options_.csv ? by_label().csv() : question() + about() + by_label().text();
    const bool factors = !options_.by.empty(), shares = reader_.find(name_ + "_shapley") != nullptr;
    if (shares) return shared(factors);
    const Table table = factors ? by_factor() : by_place();
    if (options_.csv) return table.csv();
    return heading() + table.text() + (factors ? legend_of_factors() : legend());
  }

 private:
  /// A number, or some, for every draw, but for what is said of the draw itself.
  static bool is_result(const StoredVariable& variable) {
    const VariableInfo& info = variable.info;
    return !info.dimensions.empty() && info.dimensions.front() == "draw" && info.name != "draw" &&
           info.name != "drawn" && info.name != "status" && info.name != "role";
  }

  std::string attribute(const char* name) const { return reader_.text_attribute(name).value_or(""); }

  /// What was asked, of which base year and over what, and what has no answer.
  std::string question() const {
    std::string text = attribute("title") + "\n";
    if (!attribute("question").empty()) text += attribute("question") + "\n";
    const std::vector<std::string> factors = reader_.texts("factor");
    std::string listed;
    for (const std::string& factor : factors) listed += (listed.empty() ? "" : ", ") + factor;
    const std::size_t draws = reader_.find("draw")->shape.front();
    text += fmt::format("\nBaseline {}; {} solves; drawn: {}\n", attribute("baseline"), draws, listed);
    const double failed = reader_.number_attribute("failed_draws").value_or(0.0);
    if (failed > 0.0) {
      std::map<std::string, int> reasons;
      for (const std::string& reason : reader_.texts("failure_reason")) ++reasons[reason];
      std::vector<std::pair<int, std::string>> counted;
      for (const auto& [reason, times] : reasons) counted.emplace_back(times, reason);
      std::sort(counted.rbegin(), counted.rend());
      text += fmt::format("{:.0f} have no answer and are left out; the reasons, most frequent first:\n", failed);
      for (std::size_t k = 0; k < std::min<std::size_t>(3, counted.size()); ++k)
        text += fmt::format("  {} times: {}\n", counted[k].first, counted[k].second);
    }
    return text;
  }

  std::string about() const {
    const StoredVariable& variable = *reader_.find(name_);
    return fmt::format("\n{} ({}), {}\n{}\n\n", name_, variable.info.units, variable.info.long_name,
                       variable.info.description);
  }

  std::string heading() const {
    std::string text = question(), others;
    for (const std::string& name : names_)
      if (name != name_) others += (others.empty() ? "" : ", ") + name;
    const StoredVariable& variable = *reader_.find(name_);
    text += fmt::format("\n{} ({}), {}\n", name_, variable.info.units, variable.info.long_name);
    if (!others.empty()) text += fmt::format("Also in this file: {}\n", others);
    return text + "\n";
  }

  /// Labels of every number of a row, its dimensions with a space between.
  std::vector<std::string> places() const {
    std::vector<std::string> result{""};
    const StoredVariable& variable = *reader_.find(name_);
    for (std::size_t d = 1; d < variable.info.dimensions.size(); ++d) {
      std::vector<std::string> longer;
      for (const std::string& start : result)
        for (const std::string& label : reader_.texts(variable.info.dimensions[d]))
          longer.push_back(start.empty() ? label : start + " " + label);
      result = std::move(longer);
    }
    return result;
  }

  std::vector<double> numbers(const std::string& ending) const {
    return reader_.find(name_ + ending) != nullptr ? reader_.numbers(name_ + ending) : std::vector<double>{};
  }

  /// The two factors that matter most at one place: by total index, else by what the tornado moves.
  std::string drivers(const std::vector<std::string>& factors, std::size_t place, std::size_t count) const {
    std::vector<double> weight(factors.size(), 0.0);
    for (std::size_t f = 0; f < factors.size(); ++f) {
      const std::size_t k = f * count + place;
      if (!total_.empty())
        weight[f] = total_[k];
      else if (!low_.empty() && low_[k] != kMissing && high_[k] != kMissing)
        weight[f] = std::abs(high_[k] - low_[k]);
    }
    std::vector<std::size_t> order(factors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
    std::string text;
    for (std::size_t k = 0; k < std::min<std::size_t>(2, order.size()); ++k)
      if (weight[order[k]] > 0.0) text += (text.empty() ? "" : ", ") + factors[order[k]];
    return text;
  }

  /// The places asked for, gainers first.
  std::vector<std::size_t> order(const std::vector<std::string>& all, const std::vector<double>& mean) const {
    std::vector<std::size_t> order;
    for (std::size_t k = 0; k < all.size(); ++k)
      if (options_.country.empty() || all[k] == options_.country || all[k].find(options_.country + " ") == 0 ||
          all[k].find(" " + options_.country) != std::string::npos)
        order.push_back(k);
    if (order.empty())
      throw InputError({}, "--country",
                       fmt::format("there is no '{}' here{}", options_.country, suggestion(options_.country, all)));
    const auto by_mean = [&](std::size_t a, std::size_t b) { return mean[a] > mean[b]; };
    if (options_.top > 0 && order.size() > options_.top) {
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return std::abs(mean[a]) > std::abs(mean[b]); });
      order.resize(options_.top);
    }
    std::stable_sort(order.begin(), order.end(), by_mean);
    return order;
  }

  /// Any other variable, number by number.
  Table by_label() const {
    const StoredVariable& variable = *reader_.find(name_);
    std::vector<Table::Column> columns;
    std::vector<std::vector<std::string>> labels;
    for (const std::string& dimension : variable.info.dimensions) {
      columns.push_back({dimension, ""});
      const StoredVariable* of = reader_.find(dimension);
      labels.emplace_back();
      if (of != nullptr && of->is_text) {
        labels.back() = reader_.texts(dimension);
      } else {
        for (const double number : reader_.numbers(dimension)) labels.back().push_back(fmt::format("{:g}", number));
      }
    }
    columns.push_back({name_, variable.info.units});
    Table table(columns);
    const std::vector<double> values = reader_.numbers(name_);
    std::vector<std::size_t> kept;
    for (std::size_t k = 0; k < values.size(); ++k)
      if (values[k] != kMissing) kept.push_back(k);
    if (options_.top > 0 && kept.size() > options_.top) {
      std::ranges::stable_sort(kept, std::greater<>(), [&](std::size_t k) { return std::abs(values[k]); });
      kept.resize(options_.top);
    }
    for (const std::size_t k : kept) {
      std::vector<Cell> row(labels.size());
      std::size_t rest = k;
      for (std::size_t d = labels.size(); d-- > 0; rest /= labels[d].size())
        row[d] = labels[d][rest % labels[d].size()];
      row.emplace_back(values[k]);
      table.add_row(std::move(row));
    }
    return table;
  }

  /// What each factor does at each place, those that matter most first: the tornado, and Sobol indices.
  Table by_factor() const {
    const std::vector<double> mean = numbers("_mean"), low = numbers("_low"), high = numbers("_high"),
                              first = numbers("_first_order"), first_error = numbers("_first_order_error"),
                              total = numbers("_total"), total_error = numbers("_total_error");
    if (low.empty() && total.empty())
      throw InputError({}, "--by",
                       "this sweep has neither a tornado nor Sobol indices ([sample] tornado, sobol_indices)");
    const std::vector<std::string> factors = reader_.texts("factor"), all = places();
    const std::string& units = reader_.find(name_)->info.units;
    std::vector<Table::Column> columns{{"", ""}, {"factor", ""}};
    if (!low.empty())
      for (const char* what : {"low", "high", "swing"}) columns.push_back({what, units});
    if (!total.empty())
      for (const char* what : {"first-order", "± error", "total", "± error"})
        columns.push_back({what, "% of variance"});
    Table table(columns);
    for (const std::size_t k : order(all, mean)) {
      const auto at = [&](std::size_t factor) { return factor * all.size() + k; };
      const auto known = [&](double value) { return value == kMissing ? Cell() : Cell(value); };
      const auto swing = [&](std::size_t f) {
        return low[at(f)] == kMissing || high[at(f)] == kMissing ? kMissing : high[at(f)] - low[at(f)];
      };
      const auto weight = [&](std::size_t f) {
        if (!total.empty()) return total[at(f)];
        return swing(f) == kMissing ? 0.0 : std::abs(swing(f));
      };
      std::vector<std::size_t> ranked(factors.size());
      std::iota(ranked.begin(), ranked.end(), std::size_t{0});
      std::ranges::stable_sort(ranked, std::greater<>(), weight);
      for (const std::size_t f : ranked) {
        std::vector<Cell> row{all[k], factors[f]};
        if (!low.empty()) row.insert(row.end(), {known(low[at(f)]), known(high[at(f)]), known(swing(f))});
        if (!total.empty())
          for (const std::vector<double>* share : {&first, &first_error, &total, &total_error})
            row.emplace_back(100.0 * (*share)[at(f)]);
        table.add_row(std::move(row));
      }
    }
    return table;
  }

  std::string shared(bool by_factor) const {
    const bool draws = reader_.find(name_ + "_shapley_sd") != nullptr;
    const Table table = by_factor && draws ? spread_of_shares() : by_share();
    if (options_.csv) return table.csv();
    std::string text = heading() + table.text() + kLegendOfShares;
    if (draws) {
      const std::size_t combinations = std::size_t{1} << reader_.texts("sharer").size();
      const std::vector<double> answered = numbers("_shapley_draws");
      text += fmt::format(
          "Means over {:.0f} of {} draws of what nobody knows, those with an answer in every combination{}\n",
          answered.empty() ? 0.0 : *std::ranges::max_element(answered),
          reader_.find("draw")->shape.front() / combinations,
          by_factor ? "." : "; --by factor shows how far each varies and how often it is the largest.");
    }
    return text;
  }

  /// How what each factor adds varies over draws, place by place.
  Table spread_of_shares() const {
    const std::vector<double> shapley = numbers("_shapley"), sd = numbers("_shapley_sd"),
                              positive = numbers("_shapley_positive"), largest = numbers("_shapley_largest");
    const std::vector<std::string> factors = reader_.texts("sharer"), all = places();
    const std::string& units = reader_.find(name_)->info.units;
    Table table({{"", ""},
                 {"factor", ""},
                 {"adds", units},
                 {"sd", units},
                 {"above 0", "% of draws"},
                 {"sign", ""},
                 {"the largest", "% of draws"}});
    for (const std::size_t k : order(all, together(all.size())))
      for (std::size_t f = 0; f < factors.size(); ++f) {
        const std::size_t at = f * all.size() + k;
        if (shapley[at] == kMissing)
          table.add_row({all[k], factors[f], Cell(), Cell(), Cell(), Cell(), Cell()});
        else
          table.add_row({all[k], factors[f], shapley[at], sd[at], positive[at],
                         std::string(sign_verdict(shapley[at], sd[at], positive[at])), largest[at]});
      }
    return table;
  }

  /// What all that is shared out among does, place by place; 0 where that is not known.
  std::vector<double> together(std::size_t count) const {
    const std::vector<double> none = numbers("_none"), whole = numbers("_all");
    std::vector<double> result(count, 0.0);
    for (std::size_t k = 0; k < count; ++k)
      if (whole[k] != kMissing && none[k] != kMissing) result[k] = whole[k] - none[k];
    return result;
  }

  /// What each factor adds at each place: Shapley values, which sum to the whole.
  Table by_share() const {
    const std::vector<double> shapley = numbers("_shapley"), none = numbers("_none"), whole = numbers("_all");
    const std::vector<std::string> factors = reader_.texts("sharer"), all = places();
    const std::string& units = reader_.find(name_)->info.units;
    std::vector<Table::Column> columns{{"", ""}, {"together", units}};
    for (const std::string& factor : factors) columns.push_back({factor, units});
    Table table(columns);
    const std::vector<double> sums = together(all.size());
    for (const std::size_t k : order(all, sums)) {
      const auto known = [&](double value) { return value == kMissing ? Cell() : Cell(value); };
      std::vector<Cell> row{all[k], known(whole[k] == kMissing || none[k] == kMissing ? kMissing : sums[k])};
      for (std::size_t f = 0; f < factors.size(); ++f) row.push_back(known(shapley[f * all.size() + k]));
      table.add_row(std::move(row));
    }
    return table;
  }

  static constexpr const char* kLegendOfShares =
      "\nWhat each adds, on average over all orders in which they could come (Shapley values): they sum to what they "
      "do "
      "together.\nNAME_alone has what each adds to none, NAME_last what each adds to all the others.\n";

  Table by_place() const {
    const std::vector<double> mean = numbers("_mean"), sd = numbers("_sd"), positive = numbers("_positive"),
                              quantile = numbers("_quantile");
    total_ = numbers("_total");
    low_ = numbers("_low");
    high_ = numbers("_high");
    const std::vector<std::string> factors = reader_.texts("factor"), all = places();
    const std::vector<std::string> quantiles =
        quantile.empty() ? std::vector<std::string>{} : reader_.texts("quantile");
    const std::string& units = reader_.find(name_)->info.units;
    const bool drive = !total_.empty() || !low_.empty();
    std::vector<Table::Column> columns{{"", ""}, {"mean", units}, {"sd", units}};
    for (const std::string& one : quantiles) columns.push_back({fmt::format("{:g} %", 100.0 * std::stod(one)), units});
    columns.push_back({"above 0", "% of draws"});
    columns.push_back({"sign", ""});
    if (drive) columns.push_back({"depends most on", ""});
    Table table(columns);
    for (const std::size_t k : order(all, mean)) {
      std::vector<Cell> row{all[k], mean[k], sd[k]};
      for (std::size_t q = 0; q < quantiles.size(); ++q) row.emplace_back(quantile[q * all.size() + k]);
      row.emplace_back(positive[k]);
      row.emplace_back(sign_verdict(mean[k], sd[k], positive[k]));
      if (drive) row.emplace_back(drivers(factors, k, all.size()));
      table.add_row(std::move(row));
    }
    return table;
  }

  std::string legend_of_factors() const {
    const StoredVariable *low = reader_.find(name_ + "_low"), *high = reader_.find(name_ + "_high");
    if (low == nullptr || high == nullptr) return "";
    return fmt::format("\nLow: {}. High: {}. All other factors at their median.\n", low->info.long_name,
                       high->info.long_name);
  }

  std::string legend() const { return fmt::format("\n{}\n", kVerdictMeaning); }

  const DatasetSource& reader_;
  const ShowOptions& options_;
  std::vector<std::string> names_;
  std::string name_;
  bool plain_ = false;  ///< a variable that is no result of every draw
  mutable std::vector<double> total_, low_, high_;
};

}  // namespace

std::string sign_verdict(double mean, double sd, double positive) {
  if (sd == 0.0) return mean > 0.0 ? "gain" : mean < 0.0 ? "loss" : "none";
  if (positive >= 99.0) return "sure gain";
  if (positive >= 90.0) return "likely gain";
  if (positive <= 1.0) return "sure loss";
  if (positive <= 10.0) return "likely loss";
  return "open";
}

bool is_sweep(const DatasetSource& reader) {
  const std::string format = reader.text_attribute("format").value_or("");
  return format == kSweepFormat || format == kShardFormat;
}

std::string show_sweep(const DatasetSource& reader, const ShowOptions& options) {
  return SweepText(reader, options).text();
}

}  // namespace entrepot
