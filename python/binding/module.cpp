#include <omp.h>
#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "document.hpp"
#include "interruptible.hpp"
#include "policy/explain.hpp"
#include "policy/scenario_schema.hpp"
#include "python_dataset.hpp"
#include "results/file_formats.hpp"
#include "results/netcdf_file.hpp"
#include "results/version.hpp"
#include "results/world_dataset.hpp"
#include "study/attribution.hpp"
#include "study/run_optimum.hpp"
#include "study/run_study.hpp"
#include "study/scenario_gradient.hpp"
#include "study/scenario_run.hpp"
#include "text/file_error.hpp"
#include "values.hpp"

// The engine as Python sees it: documents, worlds, runs and sweeps. What users see is in ../entrepot.

namespace entrepot::python {

namespace py = pybind11;
using Path = std::filesystem::path;

namespace {

/// A base year; read once as long as its folder does not change.
std::shared_ptr<const Baseline> baseline_in(const Path& folder) {
  struct Read {
    std::vector<std::filesystem::file_time_type> times;
    std::shared_ptr<const Baseline> baseline;
  };
  static std::mutex mutex;
  static std::map<std::string, Read> known;
  const std::lock_guard<std::mutex> lock(mutex);
  std::vector<std::filesystem::file_time_type> times;
  std::error_code missing;
  for (const std::string& name : baseline_file_names())
    times.push_back(std::filesystem::last_write_time(folder / name, missing));
  times.push_back(std::filesystem::last_write_time(folder / "baseline.toml", missing));
  Read& read = known[std::filesystem::absolute(folder).string()];
  if (!read.baseline || read.times != times) read = {times, std::make_shared<const Baseline>(read_baseline(folder))};
  return read.baseline;
}

BlocTable blocs_in(const Path& data) { return BlocTable::read(data / "blocs.csv"); }

/// A base year to look at.
class PythonWorld {
 public:
  PythonWorld(const std::string& name, const Path& data)
      : baseline_(baseline_in(find_baseline_folder(name, Path("."), data))), data_(data) {}

  py::dict dataset() const {
    PythonDataset sink;
    write_world(baseline_->world, baseline_->info, baseline_->sha256, sink);
    return sink.dict();
  }
  std::vector<std::string> members(const std::string& bloc, const std::string& date) const {
    const BlocTable blocs = blocs_in(data_);
    if (!blocs.has(bloc))
      throw InputError({}, "bloc", "there is no bloc '" + bloc + "'" + suggestion(bloc, blocs.names()));
    const std::vector<std::string> members = blocs.members(bloc, date);
    std::vector<std::string> result;
    for (const Country& country : baseline_->world.countries)
      if (all_in(country, members)) result.push_back(country.code);
    return result;
  }
  std::vector<std::string> blocs() const { return blocs_in(data_).names(); }

 private:
  std::shared_ptr<const Baseline> baseline_;
  Path data_;
};

/// output: a file to write as well. HDF5 is not safe for several threads, and other modules use it under the
/// interpreter's lock: so does this.
py::dict run(const Document& document, const Path& data, const std::optional<Path>& output, int threads,
             const std::function<void(const std::string&)>& progress) {
  std::optional<ResultFileLock> lock;
  if (output) lock.emplace(*output);
  std::optional<RunResults> results;
  run_interruptibly([&](std::atomic<bool>& stop) {
    if (threads > 0) omp_set_num_threads(threads);
    const Scenario scenario = document.scenario();
    const auto baseline = baseline_in(find_baseline_folder(scenario, data));
    results = run_scenario(scenario, *baseline, blocs_in(data),
                           {.progress =
                                [&](const std::string& what) {
                                  if (!progress) return;
                                  const py::gil_scoped_acquire interpreter;
                                  progress(what);
                                },
                            .stop = &stop});
  });
  if (lock) write_results(*results, *lock);
  PythonDataset sink;
  write_results(*results, sink);
  py::dict result = sink.dict();
  result["doubts"] = results->doubts;
  return result;
}

/// Derivatives of measures, named as in a study.
py::dict gradient(const Document& document, const Path& data, const std::vector<std::string>& measures) {
  std::vector<LocatedText> asked;
  for (const std::string& measure : measures) asked.push_back({measure, {"gradient", 0, 0}});
  ScenarioGradients gradients;
  run_interruptibly([&](std::atomic<bool>&) {
    const Scenario scenario = document.scenario();
    gradients = scenario_gradients(scenario, asked, *baseline_in(find_baseline_folder(scenario, data)), blocs_in(data));
  });
  PythonDataset sink;
  write_gradients(gradients, sink);
  return sink.dict();
}

/// What `entrepot optimise` finds. Ctrl-C ends it; with an output, `resume` goes on from there.
py::dict optimise_file(const Path& file, const std::vector<std::string>& overrides, const Path& data,
                       const std::optional<Path>& output, bool resume, bool restart,
                       const std::function<void(int start, int solves, double objective)>& progress, bool players) {
  OptimumStudy study = read_optimum_study(file, overrides);
  if (study.players.empty() == players)
    throw py::value_error(players ? "one chooses in this file; entrepot.optimise finds what is best for it"
                                  : "several choose in this file, each for itself; entrepot.best_responses finds what "
                                    "they settle on");
  OptimumRun run;
  run_interruptibly([&](std::atomic<bool>& stop) {
    const Scenario plain = make_scenario(study.scenario, study.scenario_file);
    const auto tell = [&](int start, int solves, double objective) {
      if (!progress) return;
      const py::gil_scoped_acquire lock;
      progress(start, solves, objective);
    };
    run = run_optimum(study, *baseline_in(find_baseline_folder(plain, data)), blocs_in(data),
                      {output, resume, restart, tell, &stop});
  });
  const OptimumResult& found = run.best;
  const BestResponses& responses = run.responses;
  py::dict result;
  result["found"] = !run.scenario.empty();
  result["text"] = run.text;
  result["objective_before"] = found.objective_before;
  const auto known = [](std::vector<double> values) {
    std::ranges::replace(values, kMissing, std::numeric_limits<double>::quiet_NaN());
    return values;
  };
  result["draws"] = known(found.draws);
  result["draws_before"] = known(found.draws_before);
  result["counted"] = found.counted;
  result["scenario"] = run.scenario;
  result["scenario_file"] = study.scenario_file;
  py::list choices, starts, measures, chosen;
  for (std::size_t c = 0; c < study.choices.size(); ++c) {
    const Choice& choice = study.choices[c];
    choices.append(choice.name);
    if (!study.players.empty())
      chosen.append(
          py::make_tuple(choice.player, choice.name, responses.choice[c], static_cast<bool>(responses.at_bound[c])));
  }
  result["chosen"] = chosen;
  py::list ended;
  for (const BestResponses::Player& player : responses.players)
    ended.append(py::make_tuple(player.name, player.objective_before, player.objective, player.feasible, player.slope,
                                std::max(0.0, player.gain)));
  result["players"] = ended;
  result["settled"] = responses.is_equilibrium();
  result["rounds"] = responses.rounds;
  for (const Optimum& one : found.found) {
    py::dict start;
    start["choice"] = one.choice;
    start["at_bound"] = one.at_bound;
    start["objective"] = one.objective;
    start["feasible"] = one.feasible;
    start["slope"] = one.slope;
    start["solves"] = one.solves;
    start["ended"] = one.ended;
    starts.append(start);
  }
  for (const OptimumResult::Row& row : found.measures)
    measures.append(py::make_tuple(row.name, row.units, row.before, row.after, row.is_constraint, row.active));
  result["choices"] = choices;
  result["starts"] = starts;
  result["measures"] = measures;
  return result;
}

/// Throws FileError for a file that is none of ours, or damaged.
void expect_results(const Path& file) {
  const NetcdfReader reader(file);
  const std::optional<std::string> format = reader.text_attribute("format");
  if (format == kShardFormat)
    throw FileError(file, "this is one shard of a sweep; open the sweep's file, without .shard-I-of-N");
  if (format != kResultsFormat && format != kSweepFormat && format != kGradientFormat)
    throw FileError(file, "this holds no results of entrepot");
}

/// What `entrepot check` says.
std::string check(const Document& document, const Path& data, const std::vector<std::string>& flows, int most) {
  const Scenario scenario = document.scenario();
  const auto baseline = baseline_in(find_baseline_folder(scenario, data));
  return check_scenario(baseline->world, scenario, blocs_in(data), flows, static_cast<std::size_t>(most));
}

/// True: the file stands. False: the part is done, others are not. Ctrl-C leaves what is done to be resumed.
/// shared: measures of the scenario `file` that are to be shared out among its policies; else `file` is a study.
/// Measures that are shared out, and over what.
using Shared = std::tuple<std::vector<std::string>, std::optional<Path>, std::optional<Index>>;

bool sweep(const Path& file, const std::optional<Shared>& shared, const std::vector<std::string>& overrides,
           const Path& data, const Path& output, std::pair<int, int> part, int threads, bool resume, bool restart,
           const std::function<void(Index done, Index rows, Index failed, double rate)>& progress) {
  StudyEnding ending = StudyEnding::kStopped;
  run_interruptibly([&](std::atomic<bool>& stop) {
    StudyRunOptions options;
    options.output = output;
    options.part = {part.first, part.second};
    options.threads = threads > 0 ? threads : omp_get_max_threads();
    options.resume = resume;
    options.restart = restart;
    options.stop = &stop;
    double told = -1.0;
    options.progress = [&](const SweepProgress& now) {
      if (!progress || (now.seconds - told < 0.1 && now.done < now.rows)) return;
      told = now.seconds;
      const py::gil_scoped_acquire lock;
      progress(now.done, now.rows, now.failed, now.rate);
    };
    Study study;
    if (shared) {
      const auto& [measures, over, draws] = *shared;
      study = attribution_study(file, overrides, measures, {over.value_or(Path()), draws});
    } else {
      study = read_study(file, overrides);
    }
    ending = run_study(StudyAtHand(std::move(study), data), options);
  });
  return ending == StudyEnding::kDone;
}

const char* type_name(ValueType type) {
  switch (type) {
    case ValueType::kText:
      return "text";
    case ValueType::kTextList:
      return "texts";
    case ValueType::kNumber:
      return "number";
    case ValueType::kNumberList:
      return "numbers";
    case ValueType::kValueList:
      return "values";
    case ValueType::kInteger:
      return "integer";
    case ValueType::kSwitch:
      return "switch";
    case ValueType::kDate:
      return "date";
    case ValueType::kTable:
      return "table";
    case ValueType::kTableList:
      return "tables";
    case ValueType::kNumberOrTable:
      return "number or table";
  }
  return "";
}

py::list described(const Schema& schema) {
  py::list result;
  for (const Parameter& parameter : schema) {
    py::dict one;
    one["name"] = parameter.name;
    one["type"] = type_name(parameter.type);
    one["expectation"] = expectation(parameter);
    one["meaning"] = parameter.meaning;
    one["choices"] = parameter.choices;
    one["required"] = parameter.required;
    one["default"] =
        parameter.fallback.empty() ? py::object(py::none()) : to_python(parse_toml_value(parameter.fallback, ""));
    result.append(one);
  }
  return result;
}

py::list instrument_list() {
  py::list result;
  for (const Instrument* instrument : instruments()) {
    py::dict one;
    one["name"] = instrument->name;
    one["meaning"] = instrument->meaning;
    one["compiles_to"] = instrument->compiles_to;
    one["parameters"] = described(instrument->parameters);
    one["example"] = instrument->example;
    result.append(one);
  }
  return result;
}

/// The exception classes are Python's (entrepot.errors), so that they can carry what users want of them.
void raise(const char* name, const py::tuple& arguments) {
  const py::object type = py::module_::import("entrepot.errors").attr(name);
  PyErr_SetObject(type.ptr(), type(*arguments).ptr());
}

void translate(std::exception_ptr thrown) {
  try {
    if (thrown) std::rethrow_exception(thrown);
  } catch (const InputError& error) {
    py::list problems;
    for (const Problem& problem : error.problems())
      problems.append(
          py::make_tuple(problem.where.file, problem.where.line, problem.where.column, problem.key, problem.sentence));
    raise("InputError", py::make_tuple(error.what(), problems));
  } catch (const FileError& error) {
    raise("FileError", py::make_tuple(error.what(), error.file().string()));
  } catch (const UnfinishedSweep& error) {
    raise("UnfinishedSweep", py::make_tuple(error.what(), error.folder.string()));
  }
}

}  // namespace

PYBIND11_MODULE(_engine, m) {
  m.doc() = "The engine. Use the package entrepot.";
  py::register_exception_translator(translate);
  m.attr("version") = program_version();
  m.attr("commit") = git_commit();
  m.attr("data_folder") = ENTREPOT_DATA_FOLDER;

  py::class_<Document>(m, "Document")
      .def_static("read", &Document::read)
      .def_static("parse", &Document::parse)
      .def("get", &Document::get)
      .def("has", &Document::has)
      .def("keys", &Document::keys)
      .def("set", &Document::set)
      .def("remove", &Document::remove)
      .def("append", &Document::append)
      .def("text", &Document::text)
      .def("validate", [](const Document& document) { (void)document.scenario(); })
      .def_property_readonly("file", &Document::file)
      .def("copy", [](const Document& document) { return document; });

  py::class_<PythonWorld>(m, "World")
      .def(py::init<const std::string&, const Path&>())
      .def("dataset", &PythonWorld::dataset)
      .def("members", &PythonWorld::members)
      .def("blocs", &PythonWorld::blocs);

  m.def("baselines", &baseline_names);
  m.def("run", &run);
  m.def("gradient", &gradient);
  m.def("optimise", &optimise_file);
  m.def("check", &check);
  m.def("expect_results", &expect_results);
  m.def("value_text", [](const py::handle& value) { return value_text(to_toml_value(value, "")); });
  m.def("sweep", &sweep);
  m.def("instruments", &instrument_list);
  m.def("common_parameters", [] { return described(common_parameters()); });
  m.def("scenario_keys", [] {
    py::dict result;
    result[""] = described(scenario_schema());
    result["reference"] = described(reference_schema());
    result["model"] = described(model_schema());
    result["solver"] = described(solver_schema());
    return result;
  });
}

}  // namespace entrepot::python
