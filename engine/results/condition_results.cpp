#include "condition_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "table.hpp"

namespace entrepot {

namespace {

using State = CapOutcome::State;

constexpr std::size_t kNamed = 6;

std::string cap_name(const RunResults& run, const CapOutcome& outcome) {
  return fmt::format("{} from {}", run.sectors[at(outcome.cap.sector)].code,
                     run.locations[at(outcome.cap.origin)].code);
}

/// A label for each cap; those on one good are numbered.
std::vector<std::string> cap_labels(const RunResults& run) {
  std::vector<std::string> labels;
  for (const CapOutcome& outcome : run.caps) {
    const std::string name = cap_name(run, outcome);
    std::string label = name;
    for (int number = 2; std::find(labels.begin(), labels.end(), label) != labels.end(); ++number)
      label = fmt::format("{} ({})", name, number);
    labels.push_back(std::move(label));
  }
  return labels;
}

/// Share of what the goods are worth to their buyers that does not reach the exporter, %.
double discount(const CapOutcome& outcome) { return 100.0 * outcome.rent / (1.0 + outcome.rent); }

/// "DEU 5.0, FRA 3.2 and 4 more 1.0": the largest amounts first. received: with their sign and in % of base income.
std::string amounts(const RunResults& run, const std::vector<Index>& countries, const Vector& amount, bool received) {
  std::vector<std::size_t> order(countries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto size = [&](std::size_t k) { return std::abs(amount(static_cast<Index>(k))); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  const auto number = [&](double value) {
    return (received && value >= 0.0 ? "+" : "") + grouped_number(value, std::abs(value) < 10.0 ? 2 : 0);
  };
  std::string text;
  double rest = 0.0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double value = amount(static_cast<Index>(order[k]));
    if (k >= kNamed) {
      rest += value;
      continue;
    }
    text += fmt::format("{}{} {}", k > 0 ? ", " : "", run.countries[at(countries[order[k]])].code, number(value));
    if (received) text += fmt::format(" ({:+.3f} %)", 100.0 * value / run.measures.income_base(countries[order[k]]));
  }
  if (order.size() > kNamed) text += fmt::format(" and {} more {}", order.size() - kNamed, number(rest));
  return text;
}

std::string cap_sentence(const RunResults& run, const CapOutcome& outcome) {
  std::string text = fmt::format("Price cap on {} at {:.2f} % of the reference price: ", cap_name(run, outcome),
                                 100.0 * outcome.cap.limit);
  if (outcome.cap.markets.empty()) return text + "none of the flows that it covers is traded.";
  switch (outcome.state) {
    case State::kSlack:
      return text +
             fmt::format("slack. The price is {:.2f} % by itself, and nobody has a rent.", 100.0 * outcome.price);
    case State::kEmbargo:
      return text + fmt::format(
                        "in effect an embargo. No rent brings the price below {:.2f} %, and the buyers end up buying "
                        "nothing; prices fall further the less mobile labour is (labour_mobility under [model]).",
                        100.0 * outcome.price);
    case State::kBinding:
      break;
  }
  std::vector<Index> keepers;
  for (Index n = 0; n < outcome.kept.size(); ++n)
    if (outcome.kept(n) != 0.0) keepers.push_back(n);
  Vector kept(static_cast<Index>(keepers.size()));
  for (std::size_t k = 0; k < keepers.size(); ++k) kept(static_cast<Index>(k)) = outcome.kept(keepers[k]);
  return text + fmt::format(
                    "binding. The exporter gets {:.2f} % less than what the goods are worth to these buyers, who "
                    "keep {} million USD: {}.",
                    discount(outcome), grouped_number(kept.sum(), kept.sum() < 10.0 ? 2 : 0),
                    amounts(run, keepers, kept, false));
}

std::string burden_sentence(const RunResults& run, const BurdenOutcome& outcome) {
  const std::string text = fmt::format("Shared burden of {} countries: welfare {:+.4f} % for each. ",
                                       outcome.countries.size(), outcome.welfare);
  if (outcome.transfer.isZero(0.0)) return text + "They are alike without transfers.";
  return text + fmt::format("Transfers received, million USD and % of income: {}.",
                            amounts(run, outcome.countries, outcome.transfer, true));
}

const char* state_name(State state) {
  return state == State::kBinding ? "binding" : state == State::kEmbargo ? "embargo" : "slack";
}

void write_caps(const RunResults& run, DatasetSink& sink) {
  if (run.caps.empty()) return;
  sink.dimension("price_cap", cap_labels(run), "price cap");
  std::vector<double> limit, price, discounts, kept;
  std::vector<std::string> state;
  for (const CapOutcome& outcome : run.caps) {
    limit.push_back(100.0 * (outcome.cap.limit - 1.0));
    price.push_back(100.0 * (outcome.price - 1.0));
    discounts.push_back(discount(outcome));
    kept.insert(kept.end(), outcome.kept.begin(), outcome.kept.end());
    state.push_back(state_name(outcome.state));
  }
  const std::vector<std::string> each{"price_cap"};
  sink.variable({"cap_limit", each, "percent", "price allowed",
                 "Highest price of the exporter at its border that the cap allows; change against the base."},
                limit);
  sink.variable({"cap_price", each, "percent", "price received",
                 "Price of the exporter at its border, export tax included; change against the base."},
                price);
  sink.variable({"cap_discount", each, "percent", "discount",
                 "Share of the goods' worth to the buyers under the cap that they keep as a rent; 0 where the cap is "
                 "slack or an embargo."},
                discounts);
  sink.variable({"cap_rent",
                 {"price_cap", "country"},
                 "million USD",
                 "rent kept",
                 "Rent that the buyers under the cap keep, by country."},
                kept);
  sink.variable({"cap_state", each, "1", "state of the cap", "slack, binding or embargo."}, state);
}

void write_burdens(const RunResults& run, DatasetSink& sink) {
  if (run.burdens.empty()) return;
  std::vector<double> transfer(run.countries.size(), 0.0), share = transfer;
  for (const BurdenOutcome& outcome : run.burdens)
    for (std::size_t k = 0; k < outcome.countries.size(); ++k) {
      const Index n = outcome.countries[k];
      transfer[at(n)] = outcome.transfer(static_cast<Index>(k));
      share[at(n)] = 100.0 * transfer[at(n)] / run.measures.income_base(n);
    }
  sink.variable({"burden_transfer",
                 {"country"},
                 "million USD",
                 "transfer received to share the burden",
                 "Received from the others of its group, negative where given; 0 for who is in none."},
                transfer);
  sink.variable({"burden_transfer_share",
                 {"country"},
                 "percent",
                 "transfer received to share the burden",
                 "The same against base income."},
                share);
}

}  // namespace

std::vector<std::string> condition_sentences(const RunResults& run) {
  std::vector<std::string> sentences;
  for (const CapOutcome& outcome : run.caps) sentences.push_back(cap_sentence(run, outcome));
  for (const BurdenOutcome& outcome : run.burdens) sentences.push_back(burden_sentence(run, outcome));
  return sentences;
}

void write_conditions(const RunResults& run, DatasetSink& sink) {
  if (run.caps.empty() && run.burdens.empty()) return;
  write_caps(run, sink);
  write_burdens(run, sink);
  std::vector<std::string> labels;
  for (const std::string& label : cap_labels(run)) labels.push_back("price cap on " + label);
  for (std::size_t k = 0; k < run.burdens.size(); ++k) labels.push_back(fmt::format("shared burden {}", k + 1));
  sink.dimension("condition", labels, "condition");
  sink.variable({"condition_outcome", {"condition"}, "1", "outcome", "What came of the condition."},
                condition_sentences(run));
}

}  // namespace entrepot
