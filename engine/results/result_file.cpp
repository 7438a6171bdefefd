#include "result_file.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "condition_results.hpp"
#include "file_formats.hpp"
#include "netcdf_file.hpp"
#include "result_variables.hpp"

namespace entrepot {

namespace {

template <typename Item, typename Text>
std::vector<std::string> column(const std::vector<Item>& items, Text text) {
  std::vector<std::string> labels;
  std::ranges::transform(items, std::back_inserter(labels), text);
  return labels;
}

std::span<const double> span_of(const Vector& vector) {
  return {vector.data(), static_cast<std::size_t>(vector.size())};
}

/// The last index fastest, as files have it.
std::vector<double> by_row(const Matrix& matrix) {
  std::vector<double> values;
  for (Index row = 0; row < matrix.rows(); ++row)
    for (Index k = 0; k < matrix.cols(); ++k) values.push_back(matrix(row, k));
  return values;
}

void write_report(const SolveReport& report, DatasetSink& sink) {
  sink.attribute({"status", status_name(report.status)});
  sink.attribute({"status_sentence", report.sentence});
  sink.attribute({"residual", report.residual});
  sink.attribute({"iterations", report.iterations});
  sink.attribute({"sweeps", report.sweeps});
  sink.attribute({"continuation_steps", report.continuation_steps});
  sink.attribute({"seconds", report.seconds});
  if (report.residuals.empty()) return;
  sink.dimension("equation", column(report.residuals, [](const Residual& r) { return r.block; }), "block of equations");
  const std::vector<std::string> dimensions{"equation"};
  std::vector<double> values;
  for (const Residual& residual : report.residuals) values.push_back(residual.value);
  sink.variable({"equation_residual", dimensions, "1", "relative residual", "Largest relative residual of the block."},
                values);
  sink.variable({"equation_worst", dimensions, "1", "worst account", "The account with the largest residual."},
                column(report.residuals, [](const Residual& r) { return r.worst; }));
}

void write_labels(const RunResults& run, DatasetSink& sink) {
  sink.dimension("country", column(run.countries, [](const Country& c) { return c.code; }), "country code");
  sink.variable({"country_name", {"country"}, "1", "country name", "Name of the country."},
                column(run.countries, [](const Country& c) { return c.name; }));
  sink.dimension("sector", column(run.sectors, [](const Sector& s) { return s.code; }), "sector code");
  sink.variable({"sector_name", {"sector"}, "1", "sector name", "Name of the sector."},
                column(run.sectors, [](const Sector& s) { return s.name; }));
  const std::vector<std::string> codes = column(run.locations, [](const Location& l) { return l.code; });
  if (has_zones(run.countries, run.locations)) {
    const auto host = [&](const Location& l) { return run.countries[static_cast<std::size_t>(l.country)].code; };
    sink.dimension("location", codes, "location code");
    sink.variable(
        {"location_country", {"location"}, "1", "country of the location", "Code of the country it belongs to."},
        column(run.locations, host));
  }
  if (!run.zones.empty())
    sink.dimension("zone", column(run.zones, [&](const Zone& z) { return codes[at(z.location)]; }), "zone code");
  sink.dimension("exporter", codes, "exporter code");
  sink.dimension("importer", codes, "importer code");
}

void write_decomposition(const Decomposition& parts, const std::string& name, const std::string& description,
                         DatasetSink& sink) {
  if (parts.empty()) return;
  sink.variable({name, {"component", "country"}, "percent", "welfare by cause", description}, by_row(parts.percent));
}

void write_measures(const Measures& measures, const std::string& place, DatasetSink& sink) {
  const auto info = [](const auto& variable, std::vector<std::string> dimensions) {
    return VariableInfo{variable.name, std::move(dimensions), variable.units, variable.long_name, variable.description};
  };
  for (const auto& variable : country_variables()) {
    const Vector& values = measures.*variable.values;
    if (values.size() > 0) sink.variable(info(variable, {"country"}), span_of(values));
  }
  for (const auto& variable : sector_variables()) {
    const Matrix& values = measures.*variable.values;
    if (values.size() > 0) sink.variable(info(variable, {place, "sector"}), by_row(values));
  }
  for (const auto& variable : trade_variables()) {
    const Bilateral& values = measures.*variable.values;  // its memory has the importer fastest, then the exporter
    if (!values.empty()) sink.variable(info(variable, {"sector", "exporter", "importer"}), values.values());
  }
}

void write_zones(const ZoneMeasures& measures, DatasetSink& sink) {
  const auto write = [&](const auto& variable, const std::vector<std::string>& dimensions, const auto& owner,
                         bool base) {
    const auto& values = owner.*variable.values;
    if (values.size() == 0) return;
    const VariableInfo info{base ? std::string(variable.name) + "_base" : variable.name, dimensions, variable.units,
                            base ? std::string(variable.long_name) + ", base" : variable.long_name,
                            base ? "The same in the base." : variable.description};
    sink.variable(info, by_row(values));
  };
  for (const bool base : {false, true}) {
    const ZoneFigures& figures = base ? measures.base : measures.after;
    for (const auto& variable : zone_variables()) write(variable, {"zone"}, figures, base);
    for (const auto& variable : zone_sector_variables()) write(variable, {"zone", "sector"}, figures, base);
  }
  for (const auto& variable : zone_changes()) write(variable, {"zone"}, measures, false);
}

}  // namespace

const char* status_name(SolveStatus status) {
  switch (status) {
    case SolveStatus::kSolved:
      return "solved";
    case SolveStatus::kNoSupply:
      return "no_supply";
    case SolveStatus::kNoEquilibrium:
      return "no_equilibrium";
    case SolveStatus::kNoConvergence:
      return "no_convergence";
    case SolveStatus::kNotSolved:
      break;
  }
  return "not_solved";
}

bool has_zones(const std::vector<Country>& countries, const std::vector<Location>& locations) {
  if (countries.size() != locations.size()) return true;
  for (std::size_t l = 0; l < locations.size(); ++l) {
    if (locations[l].country != static_cast<Index>(l)) return true;
  }
  return false;
}

void write_description(const RunDescription& description, DatasetSink& sink) {
  sink.attribute({"title", description.title});
  sink.attribute({"question", description.question});
  sink.attribute({"source", fmt::format("entrepot {} (commit {})", description.program, description.commit)});
  sink.attribute({"program_version", description.program});
  sink.attribute({"git_commit", description.commit});
  sink.attribute({"start_time", description.start_time});
  sink.attribute({"baseline", description.baseline});
  sink.attribute({"baseline_sha256", description.baseline_sha256});
  sink.attribute({"scenario", description.scenario});
  sink.attribute({"policy_notes", description.policy_notes});
}

std::string time_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

void write_results(const RunResults& run, DatasetSink& sink) {
  sink.attribute({"format", kResultsFormat});
  sink.attribute({"format_version", kResultFormatVersion});
  write_description(run.description, sink);
  write_report(run.report, sink);
  write_labels(run, sink);
  write_measures(run.measures, has_zones(run.countries, run.locations) ? "location" : "country", sink);
  write_conditions(run, sink);
  if (!run.zones.empty()) write_zones(run.zone_measures, sink);
  const Decomposition& either = run.exact.empty() ? run.first_order : run.exact;
  if (!either.empty()) sink.dimension("component", either.components, "part of the welfare change");
  write_decomposition(run.exact, "decomposition_exact",
                      "Exact: the parts, integrated along the path of policies, add up to the welfare change.", sink);
  write_decomposition(run.first_order, "decomposition_first_order",
                      "First order at base tariffs, as in the literature; the parts do not add up to the exact change.",
                      sink);
}

void write_results(const RunResults& run, const ResultFileLock& lock) {
  NetcdfWriter writer(lock.file());
  write_results(run, writer);
  lock.replace(writer.finish());
}

void write_results(const RunResults& run, const std::filesystem::path& path) {
  const ResultFileLock lock(path);
  write_results(run, lock);
}

}  // namespace entrepot
