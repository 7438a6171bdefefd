#include "import/gtap.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "import/gtap_accounts.hpp"
#include "import/icio.hpp"

namespace entrepot {

namespace {

const std::vector<std::string> kKnown{"VXSB", "VXMD", "VFOB", "VXWD", "VCIF", "VIWS", "VMSB", "VIMS", "VDFB", "VDFM",
                                      "VMFB", "VIFM", "VDPB", "VDPM", "VMPB", "VIPM", "VDGB", "VDGM", "VMGB", "VIGM",
                                      "VDIB", "VMIB", "VST",  "VTWR", "EVFB", "VFM",  "ESBM", "ESBD"};

/// GTAP's own sectors (versions 9 to 11) that are services; all its others are goods.
const std::vector<std::string> kServices{"ely", "gdt", "wtr", "cns", "trd", "afs", "otp", "wtp", "atp", "whs", "cmn",
                                         "ofi", "isr", "ins", "rsa", "obs", "ros", "osg", "edu", "hht", "dwe"};
const std::vector<std::string> kGoods{
    "pdr", "wht", "gro", "v_f", "osd", "c_b", "pfb", "ocr", "ctl", "oap", "rmk", "wol", "frs", "fsh", "coa", "oil",
    "gas", "oxt", "omn", "cmt", "omt", "vol", "mil", "pcr", "sgr", "ofd", "b_t", "tex", "wap", "lea", "lum", "ppp",
    "p_c", "crp", "chm", "bph", "rpp", "nmm", "i_s", "nfm", "fmp", "ele", "eeq", "ome", "mvh", "otn", "omf"};

SectorKind kind_of(std::string code) {
  std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto in = [&](const std::vector<std::string>& codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  };
  return in(kServices) ? SectorKind::kServices : in(kGoods) ? SectorKind::kGoods : SectorKind::kUnmarked;
}

/// GTAP writes ISO 3166 codes small; blocs and baselines have them in capitals.
std::string country_code(std::string region) {
  if (region.size() == 3)
    std::transform(region.begin(), region.end(), region.begin(), [](unsigned char c) { return std::toupper(c); });
  return region;
}

/// θ = ESBM − 1, a region's own weighted by its imports of the commodity; without ESBM, θ = 2 ESBD − 1.
void elasticities(const HeaderArrays& headers, const GtapSets& sets, const Matrix& imports, Imported& result,
                  Problems& problems) {
  const bool direct = headers.has("ESBM");
  const std::string name = direct ? "ESBM" : "ESBD";
  if (!headers.has(name)) return;
  const bool by_region = headers.dimensions(name) == 2;
  const HeaderArray* array = headers.find(name, "", by_region ? 2 : 1, problems);
  if (array == nullptr) return;
  Vector sum = Vector::Zero(sets.commodities.size()), weight = sum;
  std::vector<Index> place;
  for (std::size_t row = 0; row < array->values.size(); ++row) {
    const std::vector<const CodeList*> dimensions = by_region
                                                        ? std::vector<const CodeList*>{&sets.commodities, &sets.regions}
                                                        : std::vector<const CodeList*>{&sets.commodities};
    if (!places_of(*array, row, dimensions, place, problems)) continue;
    const double theta = (direct ? 1.0 : 2.0) * array->values[row] - 1.0;
    if (!(theta > 0.0))
      problems.add(
          array->where(row), name,
          fmt::format("the elasticity {:.6g} gives θ = {:.6g}; it must be positive", array->values[row], theta));
    const double w = by_region ? 1e-9 + imports(place[1], place[0]) : 1.0;
    sum(place[0]) += w * theta;
    weight(place[0]) += w;
  }
  for (Index k = 0; k < sets.commodities.size(); ++k) {
    if (!(weight(k) > 0.0))
      problems.add({array->file, 0, 0}, sets.commodities.codes()[at(k)], "no elasticity for this commodity");
    result.world.theta(k) = sum(k) / weight(k);
  }
  result.elasticities_given = true;
  result.report.taken.push_back(direct ? "trade elasticities θ: ESBM - 1"
                                       : "trade elasticities θ: 2 ESBD - 1, by GTAP's rule that ESBM is twice ESBD");
}

}  // namespace

Imported read_gtap(const std::vector<std::filesystem::path>& files, int year) {
  HeaderArrays headers(files, kKnown);
  Imported result;
  Problems problems;
  GtapAccounts accounts(headers, problems);
  problems.throw_if_any();
  const GtapSets& sets = accounts.sets();
  std::vector<Country> countries;
  std::vector<Sector> sectors;
  for (const std::string& code : sets.regions.codes()) countries.push_back({country_code(code), code, {}});
  for (const std::string& code : sets.commodities.codes()) sectors.push_back({code, code, kind_of(code)});
  result.report.format = "GTAP";
  result.report.list(std::move(headers.negative()));
  result.tariffs_given = true;
  result.world = accounts.world(std::move(countries), std::move(sectors), result.report);
  elasticities(headers, sets, accounts.imports(), result, problems);
  problems.throw_if_any();
  result.world.year = year > 0 ? year : year_in_name(files.front());
  result.info.sources = {"GTAP Data Base, " + files.front().filename().string() + " (Aguiar et al.)"};
  result.info.licence = "GTAP Data Base: under its licence; not for redistribution";
  return result;
}

}  // namespace entrepot
