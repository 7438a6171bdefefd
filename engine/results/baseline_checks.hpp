#pragma once

#include <string>
#include <vector>

#include "text/input_error.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {

/// A figure that someone published about one country of a base year (published.csv).
struct PublishedFigure {
  std::string figure;   ///< one of published_figure_names()
  std::string country;  ///< code in the base year
  std::string of;       ///< exports_to, imports_from: the partner; shares: sector codes, separated by spaces
  double value = 0.0;   ///< million USD, or % for a share
  int year = 0;
  std::string mark;    ///< measured | proxy | estimate
  std::string source;  ///< who published it
  std::string remark;  ///< why the base year differs from it, where it does
  SourceLocation where;
};

/// gdp, exports, imports (goods and services), goods_exports, goods_imports, services_exports, services_imports,
/// exports_to, imports_from (goods, by partner), goods_export_share (% of goods exports in some sectors),
/// value_added_share (% of the output of some sectors).
const std::vector<std::string>& published_figure_names();

/// Reads published.csv of a baseline folder, columns country,figure,of,value,unit,year,mark,source,remark; none where
/// the folder has no such file. Throws InputError: unknown countries, figures, sectors, units and marks, with the
/// nearest name, a figure without a source, a figure given twice.
std::vector<PublishedFigure> read_published_figures(const std::filesystem::path& folder, const World& world);

/// A published figure beside the base year's own.
struct BaselineCheck {
  PublishedFigure figure;   ///< also "openness" and "goods_openness", from the published figures: trade over GDP, %
  double built = 0.0;       ///< the base year's, in the figure's unit
  double difference = 0.0;  ///< of amounts: built over published less one, %; of shares and openness: built less
                            ///< published, percentage points
  bool large = false;       ///< beyond kLargeDifference or kLargeGap
};

/// A difference beyond these is flagged, and a shipped base year says why.
inline constexpr double kLargeDifference = 15.0;  ///< of an amount, %
inline constexpr double kLargeGap = 5.0;          ///< of a share or openness, percentage points

/// The base year's figure beside each published one. Trade is at producer receipts, which is fob; published imports
/// may be cif.
std::vector<BaselineCheck> check_figures(const World& world, const std::vector<PublishedFigure>& figures);

/// For the terminal. All countries: size and openness of each, then each one's first partner, first origin and first
/// products; one country (code): every figure with its source. "" where there are no checks.
std::string describe_checks(const std::vector<BaselineCheck>& checks, const std::string& country);

}  // namespace entrepot
