#include "study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "shapley.hpp"
#include "study_document.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

std::vector<std::string> texts(const Arguments& arguments, const char* name) {
  std::vector<std::string> result;
  for (const LocatedText& one : arguments.list(name)) result.push_back(one.text);
  return result;
}

/// The keys that make up each way to say what is drawn.
struct Source {
  const char* key;
  std::vector<const char*> needs;
};

const std::vector<Source>& distributions() {
  static const std::vector<Source> all = {{"uniform", {"low", "high"}},
                                          {"normal", {"mean", "sd"}},
                                          {"lognormal", {"median", "sd"}},
                                          {"triangular", {"low", "mode", "high"}}};
  return all;
}

/// Numbers evenly spaced, ends included.
std::vector<TomlValue> spaced(const TomlValue& range, const std::string& key, Problems& problems) {
  static const Schema schema = {
      {.name = "from", .type = ValueType::kNumber, .meaning = "first value", .required = true},
      {.name = "to", .type = ValueType::kNumber, .meaning = "last value", .required = true},
      {.name = "points",
       .type = ValueType::kInteger,
       .meaning = "how many",
       .required = true,
       .range = {.lower = 2.0, .upper = 1e6}}};
  const Arguments arguments = read_table(range, schema, key, problems);
  std::vector<TomlValue> values;
  if (!arguments.has("from") || !arguments.has("to") || !arguments.has("points")) return values;
  const double from = arguments.number("from"), to = arguments.number("to"), steps = arguments.number("points") - 1.0;
  for (double k = 0.0; k <= steps; ++k) {
    TomlValue value{.kind = Kind::kNumber, .where = range.where};
    value.number = k == steps ? to : from + (to - from) * (k / steps);
    value.whole = value.number == std::floor(value.number);
    values.push_back(std::move(value));
  }
  return values;
}

void read_distribution(const Arguments& vary, StudyFactor& factor, Problems& problems) {
  const std::string& name = vary.text("distribution");
  Distribution& drawn = factor.distribution;
  const auto source =
      std::find_if(distributions().begin(), distributions().end(), [&](const Source& one) { return name == one.key; });
  bool complete = true;
  for (const char* key : source->needs)
    if (!vary.has(key) && !vary.written(key)) {
      problems.add(vary.where("distribution"), vary.key(key),
                   fmt::format("this key is missing; a distribution that is {} needs it", name));
      complete = false;
    }
  for (const Source& other : distributions())
    for (const char* key : other.needs)
      if (vary.has(key) && std::none_of(source->needs.begin(), source->needs.end(),
                                        [&](const char* own) { return std::string_view(own) == key; })) {
        const bool said = std::any_of(problems.all().begin(), problems.all().end(),
                                      [&](const Problem& p) { return p.key == vary.key(key); });
        if (!said)
          problems.add(vary.where(key), vary.key(key), fmt::format("a distribution that is {} does not have it", name));
      }
  drawn.kind = name == "uniform"     ? Distribution::Kind::kUniform
               : name == "normal"    ? Distribution::Kind::kNormal
               : name == "lognormal" ? Distribution::Kind::kLognormal
                                     : Distribution::Kind::kTriangular;
  const auto take = [&](const char* key, double& value) {
    if (vary.has(key))
      value = vary.number(key);
    else
      complete = false;
  };
  for (const char* key : source->needs)
    take(key, std::string_view(key) == "low"      ? drawn.low
              : std::string_view(key) == "high"   ? drawn.high
              : std::string_view(key) == "mode"   ? drawn.mode
              : std::string_view(key) == "mean"   ? drawn.mean
              : std::string_view(key) == "median" ? drawn.median
                                                  : drawn.sd);
  if (!complete) return;
  if (const std::string wrong = drawn.check(); !wrong.empty())
    problems.add(vary.where("distribution"), vary.path(), wrong);
}

void read_draws(const Arguments& vary, Study& study, StudyFactor& factor, Problems& problems) {
  const std::filesystem::path path = study.file.parent_path() / vary.text("draws");
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) {
    problems.add(vary.where("draws"), vary.key("draws"),
                 fmt::format("there is no file '{}' beside this study", vary.text("draws")));
    return;
  }
  try {
    std::string text = read_text(path);
    factor.table = CsvTable::parse(text, path.string(), {});
    study.table_files.push_back({vary.text("draws"), std::move(text)});
  } catch (const InputError& error) {
    problems.add(error.problems());
    return;
  }
  const CsvTable& table = *factor.table;
  for (std::size_t row = 0; row < table.rows(); ++row)
    for (std::size_t column = 0; column < table.columns().size(); ++column) table.number(row, column, problems);
  for (std::size_t column = 0; column < table.columns().size(); ++column)
    if (table.columns()[column].empty())
      problems.add({path.string(), 1, 0}, "",
                   fmt::format("column {} has no name; the path that its draws go to is expected", column + 1));
  if (table.rows() == 0) problems.add({path.string(), 0, 0}, "", "there are no draws in this file");
  factor.paths.clear();
  for (const std::string& column : table.columns()) factor.paths.push_back({column, vary.where("draws")});
  factor.distribution = {.kind = Distribution::Kind::kChoice, .choices = static_cast<int>(table.rows())};
}

StudyFactor read_factor(const TomlValue& table, std::size_t number, Study& study, Problems& problems) {
  const bool grid = study.design.method == SampleMethod::kGrid;
  const TomlValue* named = table.find("name");
  const TomlValue* at_path = table.find("path");
  const std::string label = named != nullptr && named->kind == Kind::kText       ? named->text
                            : at_path != nullptr && at_path->kind == Kind::kText ? at_path->text
                                                                                 : fmt::format("number {}", number);
  const Arguments vary = read_table(table, vary_schema(), "vary." + label, problems);
  StudyFactor factor;
  factor.where = table.where;
  factor.paths = vary.list("path");
  factor.name = vary.has("name") ? vary.text("name") : factor.paths.size() == 1 ? factor.paths[0].text : label;
  factor.multiply = vary.has("apply") && vary.text("apply") == "multiply";
  std::vector<const char*> sources;
  for (const char* key : {"distribution", "values", "range", "draws"})
    if (vary.written(key)) sources.push_back(key);
  if (sources.size() != 1) {
    problems.add(sources.empty() ? table.where : vary.where(sources[1]), vary.path(),
                 sources.empty()
                     ? "what is drawn is missing; one of distribution, values, range, draws is expected"
                     : fmt::format("only one of distribution, values, range, draws can be given; {} is there already",
                                   sources[0]));
    return factor;
  }
  if (!vary.written("path") && !vary.written("draws"))
    problems.add(table.where, vary.key("path"),
                 "this key is missing; the path of what is drawn is expected, such as \"policy.embargo.coverage\"");
  if (vary.written("path") && vary.has("path") && factor.paths.empty())
    problems.add(vary.where("path"), vary.key("path"), "a path is expected; this list is empty");
  if (vary.has("distribution")) {
    read_distribution(vary, factor, problems);
    if (grid && !vary.has("points") && !vary.written("points"))
      problems.add(vary.where("distribution"), vary.key("points"),
                   "this key is missing; in a grid a distribution is cut into so many equally likely parts");
    factor.points = vary.has("points") ? static_cast<Index>(vary.number("points")) : 1;
    return factor;
  }
  for (const char* key : {"low", "high", "mode", "mean", "median", "sd", "points"})
    if (vary.written(key))
      problems.add(vary.where(key), vary.key(key),
                   fmt::format("this goes with a distribution, but {} is given", sources[0]));
  if (vary.has("draws")) {
    if (vary.written("path"))
      problems.add(vary.where("path"), vary.key("path"), "the columns of the file name the paths; leave this out");
    read_draws(vary, study, factor, problems);
  } else {
    factor.values = vary.has("values")  ? vary.at("values").children
                    : vary.has("range") ? spaced(vary.at("range"), vary.key("range"), problems)
                                        : std::vector<TomlValue>{};
    if (vary.has("values") && factor.values.empty())
      problems.add(vary.where("values"), vary.key("values"), "at least one value is expected; this list is empty");
    if (factor.multiply && !factor.values.empty() && factor.values.front().kind != Kind::kNumber)
      problems.add(vary.where("apply"), vary.key("apply"), "only numbers can multiply something");
    factor.distribution = {.kind = Distribution::Kind::kChoice, .choices = static_cast<int>(factor.values.size())};
  }
  factor.points = factor.distribution.choices;
  return factor;
}

void read_correlations(const Arguments& top, Study& study, Problems& problems) {
  if (!top.has("correlation")) return;
  std::vector<std::string> names;
  // Those that are crossed come last, and are not drawn.
  for (std::size_t f = 0; f + at(study.design.crossed) < study.factors.size(); ++f)
    names.push_back(study.factors[f].name);
  std::size_t number = 0;
  for (const TomlValue& table : top.at("correlation").children) {
    const Arguments one =
        read_table(table, correlation_schema(), fmt::format("correlation number {}", ++number), problems);
    if (!one.has("between") || !one.has("value")) continue;
    const std::vector<LocatedText> between = one.list("between");
    if (between.size() != 2 || between[0].text == between[1].text) {
      problems.add(one.where("between"), one.key("between"), "the names of two different factors are expected");
      continue;
    }
    StudyCorrelation correlation{0, 0, one.number("value"), table.where};
    bool known = true;
    for (std::size_t side = 0; side < 2; ++side) {
      const auto found = std::find(names.begin(), names.end(), between[side].text);
      if (found == names.end()) {
        problems.add(
            between[side].where, one.key("between"),
            fmt::format("no factor is called '{}'{}", between[side].text, suggestion(between[side].text, names)));
        known = false;
      }
      (side == 0 ? correlation.first : correlation.second) = static_cast<std::size_t>(found - names.begin());
    }
    if (known) study.correlations.push_back(correlation);
  }
  if (study.correlations.empty()) return;
  const SourceLocation& where = study.correlations.front().where;
  if (study.design.sobol_indices)
    problems.add(where, "correlation",
                 "the variance of a result can't be shared out among factors that move together; leave out the "
                 "correlation or set sample.sobol_indices = false");
  if (study.design.method == SampleMethod::kGrid)
    problems.add(where, "correlation", "a grid has all combinations, so that its factors can't move together");
}

void read_sample(const Arguments& top, Study& study, Problems& problems) {
  TomlValue nothing;
  nothing.where = top.where();
  const Arguments sample =
      read_table(top.has("sample") ? top.at("sample") : nothing, sample_schema(), "sample", problems);
  DesignOptions& design = study.design;
  const std::string method = sample.has("method") ? sample.text("method") : "sobol";
  design.method = method == "grid"              ? SampleMethod::kGrid
                  : method == "latin-hypercube" ? SampleMethod::kLatinHypercube
                  : method == "monte-carlo"     ? SampleMethod::kMonteCarlo
                                                : SampleMethod::kSobol;
  if (sample.has("draws")) design.draws = static_cast<Index>(sample.number("draws"));
  if (sample.has("seed")) design.seed = static_cast<std::uint64_t>(sample.number("seed"));
  if (sample.has("sobol_indices")) design.sobol_indices = sample.on("sobol_indices");
  if (sample.has("tornado")) design.tornado = sample.on("tornado");
  if (design.method == SampleMethod::kGrid) {
    if (sample.written("draws"))
      problems.add(sample.where("draws"), "sample.draws", "a grid has as many draws as its points make combinations");
    if (design.sobol_indices)
      problems.add(sample.where("sobol_indices"), "sample.sobol_indices",
                   "these need random draws; choose another method than grid");
  }
  if (sample.has("quantiles"))
    for (const TomlValue& quantile : sample.at("quantiles").children) study.quantiles.push_back(quantile.number);
  std::sort(study.quantiles.begin(), study.quantiles.end());
  study.quantiles.erase(std::unique(study.quantiles.begin(), study.quantiles.end()), study.quantiles.end());
}

constexpr double kMostRows = 1e9;

/// Whether a factor is so or not: it is without and with something.
bool is_switch(const StudyFactor& factor) { return factor.distribution.choices == 2 && !factor.table; }

bool is_listed(const StudyFactor& factor) { return factor.distribution.kind == Distribution::Kind::kChoice; }

/// Puts the factors that results are shared out among behind the others, and crosses them.
void arrange_sharers(const Arguments& top, Study& study, Problems& problems) {
  if (!top.has("sample")) return;
  Problems said_already;
  const Arguments sample = read_table(top.at("sample"), sample_schema(), "sample", said_already);
  if (!sample.has("shapley") || !sample.on("shapley") || study.players) return;
  const auto sharers =
      std::ranges::stable_partition(study.factors, [](const StudyFactor& factor) { return !is_switch(factor); });
  DesignOptions& design = study.design;
  design.tornado = false;
  design.sharers = design.crossed = std::ssize(sharers);
  if (sharers.empty())
    problems.add(sample.where("shapley"), "sample.shapley",
                 "what results are shared out among is missing: a factor of two values, without and with it, such as "
                 "values = [false, true]");
  if (design.sharers > kMostSharers)
    problems.add(
        sharers[kMostSharers].where, "sample.shapley",
        fmt::format("results can be shared out among {} factors at most; there are {}", kMostSharers, design.sharers));
  if (design.sobol_indices)
    problems.add(sample.where("sobol_indices"), "sample.sobol_indices",
                 "results are shared out among switches, or their variance among what is drawn; leave one of them out");
  const double rows =
      std::ldexp(static_cast<double>(design.draws), static_cast<int>(std::min<Index>(design.sharers, 60)));
  if (design.method != SampleMethod::kGrid && design.sharers < std::ssize(study.factors) && rows > kMostRows)
    problems.add(
        sample.where("draws"), "sample.draws",
        fmt::format("these are {:.0e} solves, with all combinations; {:.0e} at most are possible", rows, kMostRows));
  const std::span<const StudyFactor> drawn(study.factors.data(), study.factors.size() - sharers.size());
  if (drawn.empty() && sample.written("method") && design.method != SampleMethod::kGrid)
    problems.add(sample.where("method"), "sample.method",
                 "nothing is drawn, as all combinations are solved; leave it out");
  // What is not drawn from a distribution is gone through.
  if (!std::ranges::all_of(drawn, is_listed) || (sample.written("method") && !drawn.empty())) return;
  design.method = SampleMethod::kGrid;
  if (sample.written("draws") && !sample.written("method"))
    problems.add(sample.where("draws"), "sample.draws",
                 "nothing is drawn from a distribution, so that all combinations are solved; leave this out");
}

/// A factor for each player, whose values are its strategies.
void add_players(const Arguments& top, Study& study, Problems& problems) {
  const PlayersAsked& asked = *study.players;
  TomlValue nothing;
  nothing.where = top.where();
  Problems said_already;
  const Arguments sample =
      read_table(top.has("sample") ? top.at("sample") : nothing, sample_schema(), "sample", said_already);
  for (const char* key : {"shapley", "sobol_indices", "tornado"})
    if (sample.written(key) && sample.has(key) && sample.on(key))
      problems.add(sample.where(key), fmt::format("sample.{}", key),
                   "a study of a coalition or a game solves all that its players do; leave this out");
  study.design.tornado = study.design.sobol_indices = false;
  if (study.factors.empty())
    for (const char* key : {"method", "draws"})
      if (sample.written(key))
        problems.add(sample.where(key), fmt::format("sample.{}", key),
                     "nothing is varied beside what the players do, all of which is solved once; leave this out");
  // What is not drawn from a distribution is gone through.
  const bool listed = std::ranges::all_of(study.factors, is_listed);
  if (listed && (study.factors.empty() || !sample.written("method"))) {
    study.design.method = SampleMethod::kGrid;
    if (sample.written("draws") && !study.factors.empty())
      problems.add(sample.where("draws"), "sample.draws",
                   "nothing is drawn from a distribution, so that all combinations are solved; leave this out");
  }
  for (const StudyFactor& factor : study.factors)
    for (const LocatedText& path : factor.paths) {
      if (asked.bloc.text.empty()) continue;
      if (path.text.starts_with("bloc." + asked.bloc.text + "."))
        problems.add(path.where, "vary." + factor.name,
                     fmt::format("who is in {} beside its joiners is in every coalition; make this country a joiner",
                                 asked.bloc.text));
      else if (path.text == "date")
        problems.add(
            path.where, "vary." + factor.name,
            fmt::format("who is in {} may change with the date, and with it whom a coalition has; write a study "
                        "for each date",
                        asked.bloc.text));
    }
  study.design.crossed = static_cast<Index>(asked.players.countries.size());
  study.players->players.listed = study.design.method == SampleMethod::kGrid;
  const double rows = static_cast<double>(study.design.draws) * static_cast<double>(asked.players.combinations());
  if (study.design.method != SampleMethod::kGrid && rows > kMostRows)
    problems.add(sample.where("draws"), "sample.draws",
                 fmt::format("{} draws of {} combinations are {:.0e} solves; {:.0e} at most are possible",
                             study.design.draws, asked.players.combinations(), rows, kMostRows));
  const std::vector<LocatedText> blocs = asked.all_blocs();
  if (blocs.empty() && asked.blocs.size() >= 2)
    problems.add(asked.where, "game.strategy", "no strategy makes a player a member of any bloc; nothing would change");
  for (std::size_t k = 0; k < asked.players.countries.size(); ++k) {
    StudyFactor factor;
    factor.name = asked.players.countries[k];
    factor.where = asked.country_where[k];
    for (const LocatedText& bloc : blocs)
      factor.paths.push_back({fmt::format("bloc.{}.{}", bloc.text, factor.name), factor.where});
    for (const std::vector<LocatedText>& own : asked.blocs) {
      factor.memberships.emplace_back();
      for (const LocatedText& bloc : blocs)
        factor.memberships.back().push_back(std::ranges::find(own, bloc.text, &LocatedText::text) != own.end());
    }
    factor.points = static_cast<Index>(factor.memberships.size());
    factor.distribution = {.kind = Distribution::Kind::kChoice, .choices = static_cast<int>(factor.points)};
    study.factors.push_back(std::move(factor));
  }
}

/// What is wrong with drawing both paths, as the end of a sentence about `path`; empty: nothing.
std::string clash(const std::string& path, const StudyFactor& of, const std::string& other, const StudyFactor& others) {
  if (path == other) return "is drawn by another factor too";
  if (within(path, other) || within(other, path))
    return fmt::format("and '{}' are drawn both; one is in the other", other);
  const auto of_theta = [](const std::string& one) { return one.starts_with("theta.") && one != "theta.scale"; };
  if (!of_theta(path) || !of_theta(other)) return {};
  for (const auto& [every, rest, factor] : {std::tuple(&path, &other, &of), std::tuple(&other, &path, &others)}) {
    if (*every == "theta.*") return fmt::format("and '{}' are drawn both; 'theta.*' has every sector's already", other);
    const bool all = *rest == "theta.set" || *rest == "theta.all";
    if (all && factor->multiply)
      return fmt::format("and '{}' are drawn both; what a draw multiplies would not be known", other);
  }
  return {};
}

void expect_sound_factors(const Study& study, Problems& problems) {
  std::set<std::string> names;
  std::vector<std::pair<const LocatedText*, const StudyFactor*>> seen;
  double grid = 1.0;
  for (const StudyFactor& factor : study.factors) {
    if (!names.insert(factor.name).second)
      problems.add(factor.where, "vary." + factor.name, "another factor has this name; give this one another `name`");
    for (const LocatedText& path : factor.paths) {
      const auto wrong = [&](const std::string& sentence) {
        problems.add(path.where, "vary." + factor.name, sentence);
      };
      if (path.text == "theta.*" && factor.table)
        wrong("'theta.*' can't be a column; name sectors, or theta.all or theta.scale");
      else if (path.text == "theta.*" && factor.paths.size() > 1)
        wrong("'theta.*' stands for many draws and can't share one with other paths");
      for (const auto& [other, by] : seen)
        if (const std::string what = clash(path.text, factor, other->text, *by); !what.empty()) {
          wrong(fmt::format("'{}' {}", path.text, what));
          break;
        }
      seen.emplace_back(&path, &factor);
    }
    grid *= static_cast<double>(std::max<Index>(1, factor.points));
  }
  if (study.design.method == SampleMethod::kGrid && grid > kMostRows) {
    problems.add(study.factors.front().where, "sample.method",
                 fmt::format("this grid has {:.0e} combinations; 1e9 at most can be solved", grid));
  }
}

}  // namespace

std::vector<std::string> Study::drawn_dates() const {
  std::vector<std::string> dates;
  for (const StudyFactor& factor : factors)
    for (const TomlValue& value : factor.values)
      if (factor.paths.front().text == "date") dates.push_back(value.text);
  return dates;
}

Study read_study(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  return parse_study(read_text(file), file, overrides);
}

Study parse_study(std::string_view text, const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  return make_study(parse_toml(text, file.string()), file, overrides);
}

Study make_study(TomlValue document, const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  Problems problems;
  apply_overrides(document, overrides, problems);
  const Arguments top = read_table(document, study_schema(), "", problems);
  Study study;
  study.file = file;
  study.title = top.has("title") ? top.text("title") : file.stem().string();
  if (top.has("question")) study.question = top.text("question");
  study.sources = texts(top, "sources");
  study.notes = texts(top, "notes");
  study.measures = top.list("measures");
  study.players = read_players(top, problems);
  if (study.measures.empty()) study.measures = {{study.players ? "welfare_usd" : "welfare", top.where("measures")}};
  read_sample(top, study, problems);
  if (top.has("vary")) {
    std::size_t number = 0;
    for (const TomlValue& table : top.at("vary").children)
      study.factors.push_back(read_factor(table, ++number, study, problems));
    if (study.factors.empty() && !study.players)
      problems.add(top.where("vary"), "vary", "nothing is varied; one factor at least is expected");
  } else if (!study.players && !top.written("vary")) {
    problems.add(
        top.where(), "vary",
        "this key is missing; a list of tables, each under [[vary]], is expected: what is drawn, one factor each");
  }
  arrange_sharers(top, study, problems);
  if (study.players) add_players(top, study, problems);
  if (!study.factors.empty()) expect_sound_factors(study, problems);
  read_correlations(top, study, problems);
  if (top.has("set")) study.settings = settings_of(top.at("set"));
  study.scenario = scenario_of(top, file, study.scenario_file, problems);
  problems.throw_if_any();
  study.resolved = to_toml(document);
  return study;
}

}  // namespace entrepot
