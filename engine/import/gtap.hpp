#pragma once

#include <filesystem>
#include <vector>

#include "import/import_report.hpp"

namespace entrepot {

/// Reads a GTAP data base (million USD) from header arrays exported as CSV (header_arrays.hpp); newer names (version
/// 11) or older ones: VXSB/VXMD, VFOB/VXWD, VCIF/VIWS, VMSB/VIMS, VDFB/VDFM, VMFB/VIFM, VDPB/VDPM, VMPB/VIPM,
/// VDGB/VDGM, VMGB/VIGM, VDIB and VMIB (older: the activity CGDS), VST, EVFB/VFM; VTWR, ESBM and ESBD where they are
/// given. Commodities and activities must be the same. Tariffs are VMSB/VCIF − 1. International transport is bought by
/// the exporting sector, from the regions that VST says supply it, so that a flow's receipts reach to cif; the export
/// tax keeps VFOB − VXSB. Value added is sales less inputs at basic prices: EVFB and all taxes on production. docs:
/// docs/baseline-import.md. `year`: of the data base; 0 takes it from the folder's or first file's name. Throws
/// InputError with every mistake located; a missing header is named by both names.
Imported read_gtap(const std::vector<std::filesystem::path>& files, int year);

}  // namespace entrepot
