#include "import/import_baseline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "import/baci.hpp"
#include "import/balance_world.hpp"
#include "import/gtap.hpp"
#include "import/icio.hpp"
#include "import/rates.hpp"
#include "import/wiod.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

const std::filesystem::path& only_file(const ImportOptions& options) {
  if (options.files.size() != 1)
    throw InputError({}, "import " + options.format, fmt::format("one file is expected, not {}", options.files.size()));
  return options.files.front();
}

Imported read(const ImportOptions& options) {
  if (options.format == "icio") return read_icio(only_file(options), options.year);
  if (options.format == "wiod") return read_wiod(only_file(options), options.year);
  if (options.format == "baci") return read_baci(options);
  if (options.format == "gtap") return read_gtap(options.files, options.year);
  throw InputError({}, "import",
                   "there is no format '" + options.format + "'" + suggestion(options.format, import_formats()));
}

/// The report's lines as the baseline's notes.
std::vector<std::string> notes_of(const ImportReport& report) {
  std::vector<std::string> notes;
  for (const std::string& line : report.taken) notes.push_back(line);
  for (const Adjustment& a : report.adjustments)
    notes.push_back(fmt::format("set aside: {}: {}, {:.6g} million USD", a.what, a.entries(), a.value));
  std::string moved;
  for (const BlockChange& b : report.blocks)
    moved += fmt::format("{}{} by {:.3g} %", moved.empty() ? "" : ", ", b.name, 100.0 * b.change);
  notes.push_back("balancing moved " + (moved.empty() ? "nothing" : moved));
  return notes;
}

/// "A, B and 12 more"
std::string first_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMostNamed = 10;
  if (names.size() <= kMostNamed) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kMostNamed, ", "),
                     names.size() - kMostNamed);
}

/// Zeros are kept: a flow that is zero in the base year stays zero under every policy.
void note_zeros(const World& world, ImportReport& report) {
  std::size_t zero = 0, all = 0;
  std::vector<std::string> idle;
  const Matrix made = output(world);
  for (Index k = 0; k < world.sector_count(); ++k)
    for (Index i = 0; i < world.country_count(); ++i) {
      if (made(i, k) == 0.0) idle.push_back(world.sectors[at(k)].code + " in " + world.countries[at(i)].code);
      for (Index m = 0; m < world.market_count(); ++m) {
        if (world.location_of_market(m) == i) continue;
        ++all;
        zero += world.expenditure(m, i, k) == 0.0 ? 1 : 0;
      }
    }
  report.taken.push_back(fmt::format("zeros, kept: {} of {} flows between countries; sectors that make nothing: {}{}",
                                     zero, all, idle.size(), idle.empty() ? "" : " (" + first_of(idle) + ")"));
}

/// Policies that cover goods need to know which sectors are goods.
void note_unmarked_sectors(const World& world, ImportReport& report) {
  std::vector<std::string> unmarked;
  for (const Sector& sector : world.sectors)
    if (sector.kind == SectorKind::kUnmarked) unmarked.push_back(sector.code);
  if (!unmarked.empty())
    report.taken.push_back("goods or services, not known from the code (column kind of sectors.csv): " +
                           first_of(unmarked));
}

}  // namespace

const std::vector<std::string>& import_formats() {
  static const std::vector<std::string> formats{"icio", "wiod", "baci", "gtap"};
  return formats;
}

Baseline import_baseline(const ImportOptions& options, ImportReport& report) {
  if (options.files.empty()) throw InputError({}, "import " + options.format, "no file is named");
  if (options.format != "baci")
    for (const auto& [given, name] : {std::pair{!options.structure.empty(), "--structure"},
                                      {!options.country_codes.empty(), "--country-codes"},
                                      {!options.product_codes.empty(), "--product-codes"},
                                      {!options.rest.empty(), "--rest"}})
      if (given) throw InputError({}, name, "this option is for baci, not " + options.format);
  Imported imported = read(options);
  World& world = imported.world;
  report = std::move(imported.report);
  if (world.year <= 0) throw InputError({}, "--year", "the files do not say which year they are of: --year YEAR");
  clear_negative_flows(world, report);
  if (!options.tariffs.empty())
    apply_tariffs(world, options.tariffs, report);
  else if (!imported.tariffs_given)
    report.taken.emplace_back("tariffs: none; all are zero for want of --tariffs");
  clear_impossible_producers(world, report);
  if (options.uses == 1 && world.uses == 2) world = merge_uses(world);
  balance_world(world, report, options.files.front().string());
  if (!options.elasticities.empty())
    apply_elasticities(world, options.elasticities, report);
  else if (!imported.elasticities_given)
    default_elasticities(world, report);

  note_zeros(world, report);
  note_unmarked_sectors(world, report);

  Problems problems;
  for (const std::string& sentence : check_values(world))
    problems.add({options.files.front().string(), 0, 0}, "", sentence);
  problems.throw_if_any();
  Baseline baseline;
  baseline.info = std::move(imported.info);
  baseline.info.year = world.year;
  baseline.info.title = !options.title.empty() ? options.title
                                               : fmt::format("{}, {}: {} countries, {} sectors", report.format,
                                                             world.year, world.country_count(), world.sector_count());
  std::vector<std::string> inherited = std::move(baseline.info.notes);  // of a structure
  baseline.info.notes = notes_of(report);
  for (std::string& note : inherited) baseline.info.notes.push_back("the structure: " + note);
  baseline.world = std::move(world);
  return baseline;
}

}  // namespace entrepot
