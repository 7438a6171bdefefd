#include "import/gtap_accounts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace entrepot {

namespace {

/// Older versions have investment as an activity.
bool is_investment(std::string activity) {
  std::transform(activity.begin(), activity.end(), activity.begin(), [](unsigned char c) { return std::tolower(c); });
  return activity == "cgds";
}

}  // namespace

GtapAccounts::GtapAccounts(const HeaderArrays& headers, Problems& problems) {
  const auto header = [&](const char* name, const char* older, std::size_t dimensions) {
    return headers.find(name, older, dimensions, problems);
  };
  const HeaderArray *vxsb = header("VXSB", "VXMD", 3), *vfob = header("VFOB", "VXWD", 3),
                    *vcif = header("VCIF", "VIWS", 3), *vmsb = header("VMSB", "VIMS", 3),
                    *vdfb = header("VDFB", "VDFM", 3), *vmfb = header("VMFB", "VIFM", 3),
                    *vdpb = header("VDPB", "VDPM", 2), *vmpb = header("VMPB", "VIPM", 2),
                    *vdgb = header("VDGB", "VDGM", 2), *vmgb = header("VMGB", "VIGM", 2), *vst = header("VST", "", 2),
                    *evfb = header("EVFB", "VFM", 3), *vtwr = headers.find_optional("VTWR", "", 4, problems);
  const bool investment_apart = vdfb == nullptr || std::none_of(vdfb->elements[1].codes().begin(),
                                                                vdfb->elements[1].codes().end(), is_investment);
  const HeaderArray *vdib = investment_apart ? header("VDIB", "", 2) : headers.find_optional("VDIB", "", 2, problems),
                    *vmib = investment_apart ? header("VMIB", "", 2) : headers.find_optional("VMIB", "", 2, problems);
  if (!problems.empty()) return;
  for (const HeaderArray* array : {vdpb, vxsb}) {
    for (const std::string& code : array->elements[0].codes()) sets_.commodities.add(code);
    for (const std::string& code : array->elements[1].codes()) sets_.regions.add(code);
  }
  const Index sectors = sets_.commodities.size(), regions = sets_.regions.size();
  exports_ = trade(vxsb, problems);
  fob_ = trade(vfob, problems);
  cif_ = trade(vcif, problems);
  imported_ = trade(vmsb, problems);
  domestic_.assign(at(regions), Matrix::Zero(sectors, sectors));
  foreign_ = transport_use_ = domestic_;
  domestic_final_ = foreign_final_ = transport_ = Matrix::Zero(sectors, regions);
  firms(vdfb, domestic_, domestic_final_, problems);
  firms(vmfb, foreign_, foreign_final_, problems);
  for (const HeaderArray* array : {vdpb, vdgb, vdib}) demand(array, domestic_final_, problems);
  for (const HeaderArray* array : {vmpb, vmgb, vmib}) demand(array, foreign_final_, problems);
  demand(vst, transport_, problems);
  for (std::size_t row = 0; row < evfb->values.size(); ++row) factors_ += evfb->values[row];
  imports_ = Matrix::Zero(regions, sectors);
  for (Index k = 0; k < sectors; ++k) imports_.col(k) = imported_[at(k)].colwise().sum().transpose();
  margins(vst, vtwr, problems);
}

GtapAccounts::Cube GtapAccounts::trade(const HeaderArray* array, Problems& problems) const {
  Cube cube(at(sets_.commodities.size()), Matrix::Zero(sets_.regions.size(), sets_.regions.size()));
  std::vector<Index> place;
  for (std::size_t row = 0; row < array->values.size(); ++row)
    if (places_of(*array, row, {&sets_.commodities, &sets_.regions, &sets_.regions}, place, problems))
      cube[at(place[0])](place[1], place[2]) += array->values[row];
  return cube;
}

void GtapAccounts::firms(const HeaderArray* array, std::vector<Matrix>& inputs, Matrix& investment,
                         Problems& problems) const {
  std::vector<Index> place;
  CodeList activities = sets_.commodities;
  const Index sectors = activities.size();
  activities.add("cgds");
  for (std::size_t row = 0; row < array->values.size(); ++row) {
    if (!places_of(*array, row, {&sets_.commodities, &activities, &sets_.regions}, place, problems)) continue;
    if (place[1] >= sectors)
      investment(place[0], place[2]) += array->values[row];
    else
      inputs[at(place[2])](place[0], place[1]) += array->values[row];
  }
}

void GtapAccounts::demand(const HeaderArray* array, Matrix& into, Problems& problems) const {
  if (array == nullptr) return;
  std::vector<Index> place;
  for (std::size_t row = 0; row < array->values.size(); ++row)
    if (places_of(*array, row, {&sets_.commodities, &sets_.regions}, place, problems))
      into(place[0], place[1]) += array->values[row];
}

/// What each exporting sector pays for international transport (VCIF − VFOB), by margin commodity as VTWR says or,
/// where it says nothing, as VST has them in all.
void GtapAccounts::margins(const HeaderArray* supply, const HeaderArray* use, Problems& problems) {
  const Index sectors = sets_.commodities.size(), regions = sets_.regions.size();
  const Vector world_mix = transport_.rowwise().sum();
  // Σ over margin commodities of VTWR by flow, to share the flow's margin out.
  Cube all(at(sectors), Matrix::Zero(regions, regions));
  std::vector<Index> place;
  const std::vector<const CodeList*> dimensions{&sets_.commodities, &sets_.commodities, &sets_.regions, &sets_.regions};
  for (std::size_t row = 0; use != nullptr && row < use->values.size(); ++row)
    if (places_of(*use, row, dimensions, place, problems)) all[at(place[1])](place[2], place[3]) += use->values[row];
  for (std::size_t row = 0; use != nullptr && row < use->values.size(); ++row) {
    if (!places_of(*use, row, dimensions, place, problems)) continue;
    const auto [m, k, i, n] = std::tuple(place[0], place[1], place[2], place[3]);
    const double margin = std::max(0.0, cif_[at(k)](i, n) - fob_[at(k)](i, n));
    transport_use_[at(i)](m, k) += margin * use->values[row] / all[at(k)](i, n);
  }
  for (Index k = 0; k < sectors; ++k)
    for (Index i = 0; i < regions; ++i)
      for (Index n = 0; n < regions; ++n) {
        const double margin = cif_[at(k)](i, n) - fob_[at(k)](i, n);
        if (!(margin > 0.0) || all[at(k)](i, n) > 0.0) continue;
        if (world_mix.sum() > 0.0)
          transport_use_[at(i)].col(k) += margin / world_mix.sum() * world_mix;
        else if (problems.empty())
          problems.add({supply->file, 0, 0}, "VST", "no region supplies transport, but VCIF and VFOB differ");
      }
}

World GtapAccounts::world(std::vector<Country> countries, std::vector<Sector> sectors, ImportReport& report) const {
  World world = World::of_shape(std::move(countries), std::move(sectors), 2);
  const Index n_count = world.country_count(), j_count = world.sector_count(), markets = world.market_count();
  Bilateral border(markets, n_count, j_count), received(markets, n_count, j_count);
  const auto add = [&](Index m, Index i, Index k, double paid, double at_border, double receipts) {
    world.expenditure(m, i, k) += paid;
    border(m, i, k) += at_border;
    received(m, i, k) += receipts;
  };
  Adjustment incomplete{"imports without a value at one of the prices (VXSB, VFOB, VCIF), left out"},
      inside{"duties and export taxes on trade inside a region, counted as value added"};
  double duties = 0.0, margin_total = 0.0;
  for (Index n = 0; n < n_count; ++n)
    for (Index k = 0; k < j_count; ++k) {
      const double used[2] = {foreign_[at(n)].row(k).sum(), foreign_final_(k, n)};
      const double all = used[0] + used[1];
      add(world.market(0, n), n, k, domestic_[at(n)].row(k).sum(), domestic_[at(n)].row(k).sum(),
          domestic_[at(n)].row(k).sum());
      add(world.market(1, n), n, k, domestic_final_(k, n), domestic_final_(k, n), domestic_final_(k, n));
      for (Index i = 0; i < n_count; ++i) {
        const double paid = imported_[at(k)](i, n), cif = cif_[at(k)](i, n), fob = fob_[at(k)](i, n),
                     sold = exports_[at(k)](i, n);
        if (paid == 0.0) continue;
        const std::string name = fmt::format("{} from {} to {}", world.sectors[at(k)].code, world.countries[at(i)].code,
                                             world.countries[at(n)].code);
        if (!(cif > 0.0) || !(fob > 0.0) || !(sold > 0.0) || !(all > 0.0)) {
          incomplete.add(paid, name);
          continue;
        }
        const double receipts = sold + std::max(0.0, cif - fob);
        if (i == n && paid != receipts) inside.add(paid - receipts, name);
        duties += i == n ? 0.0 : paid - cif;
        for (Index u = 0; u < 2; ++u) {
          const double share = used[u] / all;
          add(world.market(u, n), i, k, share * paid, share * (i == n ? paid : cif),
              share * (i == n ? paid : receipts));
        }
      }
      world.final_use(n, k) = domestic_final_(k, n) + foreign_final_(k, n);
    }
  for (Index i = 0; i < n_count; ++i) {
    world.input[at(i)] = domestic_[at(i)] + foreign_[at(i)] + transport_use_[at(i)];
    for (Index m = 0; m < j_count; ++m) {
      const double bought = transport_use_[at(i)].row(m).sum(), supplied = transport_.row(m).sum();
      margin_total += bought;
      if (bought == 0.0) continue;
      for (Index g = 0; g < n_count && supplied > 0.0; ++g) {
        const double x = bought * transport_(m, g) / supplied;
        add(world.market(0, i), g, m, x, x, x);
      }
    }
  }
  world.tariff = world.export_tax = Bilateral(markets, n_count, j_count);
  for (std::size_t f = 0; f < world.expenditure.values().size(); ++f) {
    if (!(received.values()[f] > 0.0)) continue;
    world.tariff.values()[f] = world.expenditure.values()[f] / border.values()[f] - 1.0;
    world.export_tax.values()[f] = border.values()[f] / received.values()[f] - 1.0;
  }
  const Matrix made = output(world);
  for (Index n = 0; n < n_count; ++n)
    for (Index j = 0; j < j_count; ++j) world.value_added(n, j) = made(n, j) - world.input[at(n)].col(j).sum();
  report.list(std::move(incomplete));
  report.list(std::move(inside));
  const double total = world.value_added.sum();
  report.taken.emplace_back(
      "purchases at basic prices: VDFB and VMFB (inputs), VDPB, VMPB, VDGB, VMGB, VDIB and VMIB or the activity CGDS "
      "(final use); imports by origin: VMSB, with the same origins for every use");
  report.taken.push_back(
      fmt::format("value added: sales less inputs, {:.6g} million USD: EVFB has {:.6g}, the rest is "
                  "taxes on factors, production and inputs",
                  total, factors_));
  report.taken.push_back(
      fmt::format("tariffs: VMSB / VCIF - 1, {:.6g} million USD of revenue; export taxes: VFOB - VXSB", duties));
  report.taken.push_back(
      fmt::format("international transport (VCIF - VFOB, {:.6g} million USD): bought by the exporting "
                  "sector from the regions in VST",
                  margin_total));
  return world;
}

}  // namespace entrepot
