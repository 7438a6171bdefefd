#include "policy_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "confidence_set.hpp"
#include "in_parallel.hpp"
#include "results/dataset.hpp"
#include "study_measures.hpp"
#include "study_scenarios.hpp"

namespace entrepot {

PolicyPoint::Draw mean_of(const std::vector<PolicyPoint::Draw>& draws) {
  PolicyPoint::Draw result = draws.front();
  if (draws.size() == 1) return result;
  const auto add = [](std::vector<double>& to, const std::vector<double>& from) {
    for (std::size_t k = 0; k < to.size(); ++k) to[k] += from[k];
  };
  for (std::size_t d = 1; d < draws.size(); ++d) {
    add(result.values, draws[d].values);
    add(result.measures, draws[d].measures);
    result.slopes += draws[d].slopes;
  }
  const double part = 1.0 / static_cast<double>(draws.size());
  for (std::vector<double>* values : {&result.values, &result.measures})
    for (double& value : *values) value *= part;
  result.slopes *= part;
  return result;
}

namespace {

void expect_derivative(const PolicyChoice::Term& term, const LocatedText& measure, const Differentiator& at,
                       Problems& problems) {
  if (!measure_seed(term.number, at.at().world(), at.at().shock(), at.at().equilibrium()))
    problems.add(measure.where, "measure", fmt::format("'{}' has no derivative", term.name));
}

}  // namespace

PolicyChoice::PolicyChoice(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                           const std::atomic<bool>* stop)
    : study_(study),
      baseline_(baseline),
      blocs_(blocs),
      stop_(stop),
      table_files_(make_scenario(study.scenario, study.scenario_file).table_files) {}

bool PolicyChoice::prepare(SolveReport& report) {
  const Scenario scenario = scenario_at(study_.scenario);
  Differentiator differentiator(scenario, baseline_, blocs_);
  differentiator.stop_by(stop_);
  if (!differentiator.solve(report)) return false;
  Problems problems;
  find_measures(differentiator, scenario.date, problems);
  find_own(differentiator, problems);
  problems.throw_if_any();
  expect_choices(differentiator, problems);
  problems.throw_if_any();
  make_draws(differentiator);
  before_ = solve_cases(counted_, [](TomlValue document) { return document; });
  if (!before_.solved()) {
    report.status = SolveStatus::kNoConvergence;
    report.sentence = "In one of the draws: " + before_.sentence;
  }
  return before_.solved();
}

void PolicyChoice::find_measures(const Differentiator& differentiator, const std::string& date, Problems& problems) {
  const World& world = differentiator.at().world();
  const Selector selector(world, differentiator.blocs(), date);
  const auto numbers_of = [&](const LocatedText& measure) {
    return StudyMeasures({measure}, world, selector, problems);
  };
  for (const ObjectiveTerm& term : study_.objective) {
    const StudyMeasures asked = numbers_of(term.measure);
    for (const auto& [name, number, column] : asked.numbers()) {
      terms_.push_back({name, asked.columns()[column].units, number, term.weight});
      expect_derivative(terms_.back(), term.measure, differentiator, problems);
    }
  }
  for (const Bound& bound : study_.bounds) {
    const StudyMeasures asked = numbers_of(bound.measure);
    for (const auto& [name, number, column] : asked.numbers()) {
      limits_.push_back({{name, asked.columns()[column].units, number, 1.0}, bound.at_least, bound.at_most});
      expect_derivative(limits_.back().of, bound.measure, differentiator, problems);
    }
  }
}

void PolicyChoice::find_own(const Differentiator& differentiator, Problems& problems) {
  const std::vector<Setting> settings = differentiator.settings();
  std::vector<std::string> paths;
  std::ranges::transform(settings, std::back_inserter(paths), &Setting::path);
  for (const Choice& choice : study_.choices)
    for (const LocatedText& path : choice.paths) {
      const auto setting = std::ranges::find(settings, path.text, &Setting::path);
      if (setting == settings.end())
        problems.add(path.where, "choose." + choice.name,
                     fmt::format("'{}' is no number of the scenario{}", path.text, suggestion(path.text, paths)));
      else if (choice.low < setting->range.lower || choice.high > setting->range.upper ||
               (setting->range.above_lower && choice.low <= setting->range.lower))
        problems.add(choice.where, "choose." + choice.name,
                     fmt::format("the scenario takes {} from {} to {} there", path.text, setting->range.lower,
                                 setting->range.upper));
      else if (&path == &choice.paths.front())
        own_.push_back(std::clamp(setting->value.number, choice.low, choice.high));
    }
}

/// What no scenario can have is said before the search, and not in its middle.
void PolicyChoice::expect_choices(const Differentiator& differentiator, Problems& problems) const {
  for (std::size_t c = 0; c < own_.size(); ++c)
    for (const double end : {study_.choices[c].low, study_.choices[c].high}) {
      std::vector<double> choice = own_;
      choice[c] = end;
      try {
        compile_policies(differentiator.at().world(), scenario_at(document(choice)), differentiator.blocs());
      } catch (const InputError& error) {
        problems.add(study_.choices[c].where, "choose." + study_.choices[c].name,
                     fmt::format("at {}: {}", end, error.problems().front().sentence));
      }
    }
}

/// Whether a number that is chosen is one of the reference world: then every choice has another.
bool PolicyChoice::reference_is_chosen(const Differentiator& differentiator) const {
  const std::vector<Setting> settings = differentiator.settings();
  for (const Choice& choice : study_.choices)
    for (const LocatedText& path : choice.paths)
      if (!path.text.starts_with("policy.") ||
          !differentiator.is_exact(*std::ranges::find(settings, path.text, &Setting::path)))
        return true;
  return false;
}

/// The scenario in every draw: one as it is where nothing is drawn.
void PolicyChoice::make_draws(const Differentiator& differentiator) {
  keeps_reference_ = !reference_is_chosen(differentiator);
  if (study_.uncertainty) {
    const StudyScenarios scenarios(*study_.uncertainty, baseline_.world, blocs_);
    cases_.assign(entrepot::at(scenarios.design().rows()), {study_.scenario, {}, {}});
    for (std::size_t d = 0; d < cases_.size(); ++d)
      for (const std::string& one : scenarios.overrides(static_cast<Index>(d))) apply_override(cases_[d].document, one);
    counted_ = study_.judged_by_worst ? within_confidence(scenarios, study_.confidence) : std::vector<std::size_t>{};
  } else {
    cases_ = {{study_.scenario, differentiator.at().equilibrium(), {}}};
  }
  if (!counted_.empty()) return;
  counted_.resize(cases_.size());
  std::iota(counted_.begin(), counted_.end(), std::size_t{0});
}

PolicyPoint PolicyChoice::at(const std::vector<double>& choice) {
  return solve_cases(counted_,
                     [&](TomlValue document) { return with_choices(std::move(document), study_.choices, choice); });
}

std::vector<double> PolicyChoice::everywhere(const std::optional<std::vector<double>>& choice) {
  std::vector<double> objectives(cases_.size(), kMissing);
  in_parallel(cases_.size(), [&](std::size_t d) {
    try {
      const TomlValue& plain = cases_[d].document;
      const Scenario scenario = scenario_at(choice ? with_choices(plain, study_.choices, *choice) : plain);
      Differentiator differentiator(scenario, baseline_, blocs_);
      differentiator.stop_by(stop_);
      SolveReport report;
      if (differentiator.solve(report)) objectives[d] = functions(measured(differentiator.at())).front();
    } catch (const InputError&) {
      // no scenario can be so
    }
  });
  return objectives;
}

template <class Change>
PolicyPoint PolicyChoice::solve_cases(const std::vector<std::size_t>& which, const Change& change) {
  PolicyPoint point;
  point.draws.resize(which.size());
  std::vector<std::string> sentences(which.size());
  in_parallel(which.size(), [&](std::size_t k) {
    try {
      Case& of = cases_[which[k]];
      point.draws[k] = solved(change(of.document), of, sentences[k]);
    } catch (const InputError& error) {
      sentences[k] = error.what();  // no scenario can be so; as bad as one without an equilibrium
    }
  });
  for (std::size_t k = 0; k < which.size(); ++k)
    if (point.draws[k].values.empty()) return {sentences[k], {}, {}};
  point.mean = mean_of(point.draws);
  return point;
}

/// No values where there is no equilibrium.
PolicyPoint::Draw PolicyChoice::solved(const TomlValue& document, Case& of, std::string& sentence) const {
  const Scenario scenario = scenario_at(document);
  Differentiator differentiator(scenario, baseline_, blocs_);
  differentiator.stop_by(stop_);
  if (keeps_reference_) differentiator.use_reference(of.reference);
  SolveReport report;
  if (!differentiator.solve(report, of.start.wage.size() > 0 ? &of.start : nullptr)) {
    sentence = report.sentence;
    return {};
  }
  if (of.start.wage.size() == 0) of.start = differentiator.at().equilibrium();
  if (keeps_reference_ && !of.reference) of.reference = differentiator.at().reference;
  return evaluated(differentiator);
}

Scenario PolicyChoice::scenario_at(const TomlValue& document) const {
  Scenario scenario = make_scenario(document, study_.scenario_file, table_files_);
  scenario.resolved = to_toml(document);
  return scenario;
}

std::vector<double> PolicyChoice::measured(const SolvedScenario& at) const {
  const Measures all = measure(at.world(), at.shock(), at.equilibrium());
  std::vector<double> result;
  const auto value = [&](const Term& of) { return value_at(all, of.number, at.world(), at.shock(), at.equilibrium()); };
  for (const Term& term : terms_) result.push_back(value(term));
  for (const Limit& limit : limits_) result.push_back(value(limit.of));
  return result;
}

std::vector<double> PolicyChoice::functions(const std::vector<double>& measures) const {
  std::vector<double> result{0.0};
  for (std::size_t t = 0; t < terms_.size(); ++t) result.front() += terms_[t].weight * measures[t];
  result.insert(result.end(), measures.begin() + static_cast<std::ptrdiff_t>(terms_.size()), measures.end());
  return result;
}

PolicyPoint::Draw PolicyChoice::evaluated(const Differentiator& differentiator) const {
  const SolvedScenario& at = differentiator.at();
  const std::vector<Setting> settings = differentiator.settings();
  PolicyPoint::Draw point;
  point.measures = measured(at);
  point.values = functions(point.measures);
  const SettledAdjoint adjoint(at.world(), at.settled);
  std::vector<SettledAdjoint::Answer> gradients;
  MeasureSeed objective;
  for (const Term& term : terms_)
    add(objective, term.weight, *measure_seed(term.number, at.world(), at.shock(), at.equilibrium()));
  gradients.push_back(adjoint.gradient(objective));
  for (const Limit& limit : limits_)
    gradients.push_back(adjoint.gradient(*measure_seed(limit.of.number, at.world(), at.shock(), at.equilibrium())));
  point.slopes = Matrix::Zero(static_cast<Index>(gradients.size()), static_cast<Index>(study_.choices.size()));
  for (std::size_t c = 0; c < study_.choices.size(); ++c)
    for (const LocatedText& path : study_.choices[c].paths) {
      const auto setting = std::ranges::find(settings, path.text, &Setting::path);
      const std::vector<double> slopes =
          differentiator
              .derivatives(*setting, gradients, [&](const SolvedScenario& other) { return functions(measured(other)); })
              .values;
      for (std::size_t g = 0; g < slopes.size(); ++g)
        point.slopes(static_cast<Index>(g), static_cast<Index>(c)) += slopes[g];
    }
  return point;
}

}  // namespace entrepot
