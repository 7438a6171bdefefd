#include "live_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "report/page.hpp"
#include "report/report_data.hpp"
#include "results/memory_dataset.hpp"
#include "results/netcdf_file.hpp"

namespace entrepot {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kLongest{10};
constexpr std::chrono::milliseconds kNowAndThen{100};

/// Becomes true once too much time has passed or nobody waits any more.
class Limit {
 public:
  explicit Limit(const LiveScenario::Asked& unwanted)
      : thread_([this, &unwanted](const std::stop_token& ended) {
          std::mutex mutex;
          std::unique_lock lock(mutex);
          std::condition_variable_any never;
          const auto last = std::chrono::steady_clock::now() + kLongest;
          while (!ended.stop_requested() && !over_) {
            never.wait_for(lock, ended, kNowAndThen, [] { return false; });
            if (std::chrono::steady_clock::now() > last || unwanted()) over_ = true;
          }
        }) {}
  const std::atomic<bool>& over() const noexcept { return over_; }

 private:
  std::atomic<bool> over_{false};
  std::jthread thread_;
};

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json setting_data(const Setting& setting) {
  Json result = {{"path", setting.path},       {"group", setting.group}, {"label", setting.label},
                 {"meaning", setting.meaning}, {"unit", setting.unit},   {"written", setting.written}};
  switch (setting.kind) {
    case Setting::Kind::kNumber:
      result["value"] = setting.value.number;
      result["least"] = number(setting.range.lower);
      result["most"] = number(setting.range.upper);
      result["from"] = setting.from;
      result["to"] = setting.to;
      result["step"] = setting.step;
      break;
    case Setting::Kind::kSwitch:
      result["value"] = setting.value.boolean;
      break;
    case Setting::Kind::kChoice:
      result["value"] = setting.value.text;
      result["choices"] = setting.choices;
      break;
  }
  return result;
}

}  // namespace

LiveScenario::TooSlow::TooSlow()
    : std::runtime_error(fmt::format("There is no answer within {} seconds.", kLongest.count())) {}

LiveScenario::Unwanted::Unwanted() : std::runtime_error("Nobody waits for this answer any more.") {}

LiveScenario::LiveScenario(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                           const std::filesystem::path& data_folder)
    : file_(file),
      scenario_(read_scenario(file, overrides)),
      baseline_(read_baseline(find_baseline_folder(scenario_, data_folder))),
      blocs_(BlocTable::read(data_folder / "blocs.csv")),
      solvers_(std::max(1u, std::thread::hardware_concurrency())) {
  document_ = parse_toml(scenario_.resolved, file.string());
  settings_ = scenario_settings(document_);
}

Scenario LiveScenario::changed(const Changes& changes) const {
  TomlValue document = document_;
  Problems problems;
  for (const auto& [path, text] : changes) {
    if (std::ranges::find(settings_, path, &Setting::path) == settings_.end()) {
      std::vector<std::string> paths;
      std::ranges::transform(settings_, std::back_inserter(paths), &Setting::path);
      problems.add({}, path, "there is no such setting" + suggestion(path, paths));
      continue;
    }
    try {
      set_value(document, path, parse_toml_value(text, path), {path, 0, 0});
    } catch (const InputError& error) {
      problems.add(error.problems());
    }
  }
  problems.throw_if_any();
  Scenario scenario = make_scenario(document, file_, scenario_.table_files);
  scenario.resolved = to_toml(document);
  return scenario;
}

RunResults LiveScenario::run(const Changes& changes, bool exact_decomposition, const Asked& unwanted) const {
  const Scenario scenario = changed(changes);
  while (!solvers_.try_acquire_for(kNowAndThen))
    if (unwanted()) throw Unwanted();
  const std::shared_ptr<void> released(nullptr, [this](void*) { solvers_.release(); });
  if (unwanted()) throw Unwanted();
  const Limit limit(unwanted);
  RunResults results =
      run_scenario(scenario, baseline_, blocs_, {.stop = &limit.over(), .exact_decomposition = exact_decomposition});
  if (limit.over() && !results.report.solved()) {
    if (unwanted()) throw Unwanted();
    throw TooSlow();
  }
  return results;
}

nlohmann::ordered_json LiveScenario::answer(const Changes& changes, const Asked& unwanted) const {
  auto results = std::make_unique<MemoryDataset>(name() + ".h5");
  write_results(run(changes, false, unwanted), *results);
  return run_data(ResultReader(std::move(results)));
}

std::string LiveScenario::scenario_text(const Changes& changes) const {
  return fmt::format("# {}, as changed in the browser; files that it names are where that one's are.\n{}", name(),
                     changed(changes).resolved);
}

std::string LiveScenario::result_file(const Changes& changes, const Asked& unwanted) const {
  static std::mutex one_at_a_time;  // HDF5 is not safe for several threads
  const RunResults results = run(changes, true, unwanted);
  const std::lock_guard lock(one_at_a_time);
  NetcdfWriter writer(name() + ".h5");
  write_results(results, writer);
  const std::vector<std::byte> bytes = writer.finish();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string LiveScenario::name() const {
  std::string result = file_.stem().string();
  const auto plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; };
  std::ranges::replace_if(result, std::not_fn(plain), '_');
  return result;
}

std::string LiveScenario::page(const Asked& unwanted) const {
  Json settings = Json::array();
  for (const Setting& setting : settings_) settings.push_back(setting_data(setting));
  std::string beside = page::kLiveHtml;
  const std::string mark = "@CONTROLS@";
  beside.replace(beside.find(mark), mark.size(), embedded(settings));
  return page_of(Json::array({answer({}, unwanted)}), beside, page::kLiveStyle, page::kLiveScript);
}

}  // namespace entrepot
