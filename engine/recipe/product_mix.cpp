#include "recipe/product_mix.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace entrepot {

namespace {

const std::map<std::string, std::string> kStageNames = {{"raw", "Raw materials"},
                                                        {"intermediate", "Intermediate goods"},
                                                        {"consumer", "Consumer goods"},
                                                        {"capital", "Capital goods"}};
/// The 15 groups that add up to all goods.
const std::vector<std::string> kGroups = {
    "Animal",       "Vegetable",         "Food Products",   "Minerals",      "Fuels",
    "Chemicals",    "Plastic or Rubber", "Hides and Skins", "Wood",          "Textiles and Clothing",
    "Footwear",     "Stone and Glass",   "Metals",          "Mach and Elec", "Transportation",
    "Miscellaneous"};

/// Importer × exporter × sector, the table's flows of goods alone.
Matrix outgoing(const Structure& structure, Index exporter) {  // importer × sector
  const Bilateral& trade = structure.trade;
  Matrix flows = Matrix::Zero(trade.markets(), trade.sectors());
  for (Index k = 0; k < trade.sectors(); ++k) {
    flows.col(k) = trade.sector(k).col(exporter);
    flows(exporter, k) = 0.0;
  }
  return flows;
}

/// Moves an importer outside the table away from the rest of the world's imports: WITS share of the sector's stage
/// over the mean of the rest's members, weighted by nothing but presence. Sector, ratio.
Vector import_tilt(const Recipe& recipe, const ProductProfile& profile, Index importer,
                   const std::map<std::string, double>& mean) {
  Vector tilt = Vector::Ones(recipe.sector_count());
  const auto& members = recipe.countries[static_cast<std::size_t>(importer)].members;
  for (Index k = 0; k < recipe.sector_count(); ++k) {
    const RecipeSector& sector = recipe.sectors[static_cast<std::size_t>(k)];
    double share = 0.0;
    if (!sector.is_good() || members.size() != 1) continue;
    if (profile.find(members[0], "import_share_pct", kStageNames.at(sector.stage), share) &&
        mean.at(sector.stage) > 0.0)
      tilt(k) = share / mean.at(sector.stage);
  }
  return tilt;
}

/// What the estimates say of one pair's goods by sector; all zero where they say nothing.
Vector stated_mix(const Recipe& recipe, const RecipeTables& tables, Index exporter, Index importer) {
  Vector mix = Vector::Zero(recipe.sector_count());
  for (const Estimate& estimate : tables.estimates) {
    if (estimate.quantity == "pair_share" && recipe.find_country(estimate.country) == exporter &&
        recipe.find_country(estimate.partner) == importer)
      mix(recipe.find_sector(estimate.item)) += estimate.value;
  }
  return mix;
}

}  // namespace

Vector export_mix(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile, Index country) {
  const std::string& code = recipe.countries[static_cast<std::size_t>(country)].code;
  Problems problems;
  std::map<std::string, double> replaced, group_share;
  double replaced_sum = 0.0, own_sum = 0.0;
  for (const Estimate& estimate : tables.estimates) {
    if (estimate.quantity != "export_share" || estimate.country != code) continue;
    if (std::find(kGroups.begin(), kGroups.end(), estimate.item) == kGroups.end()) {
      problems.add(estimate.where, "item",
                   "there is no product group '" + estimate.item + "'" + suggestion(estimate.item, kGroups));
    }
    replaced[estimate.item] = estimate.value;
    replaced_sum += estimate.value;
  }
  for (const std::string& group : kGroups) {
    double share = 0.0;
    if (replaced.count(group) == 0 && profile.find(code, "export_share_pct", group, share))
      own_sum += group_share[group] = share;
  }
  const bool complete = std::abs(replaced_sum - 1.0) < 1e-9;
  if (!(own_sum > 0.0) && !complete) {
    problems.add({recipe.raw.at("product_profile"), 0, 0}, code, "this country has no export shares by product group");
  }
  for (auto& entry : group_share) entry.second *= complete ? 0.0 : (1.0 - replaced_sum) / own_sum;
  group_share.insert(replaced.begin(), replaced.end());
  Vector mix = Vector::Zero(recipe.sector_count());
  for (const auto& [group, share] : group_share) {
    const auto own = tables.product_groups.find(code);
    const auto general = tables.product_groups.find("*");
    const std::map<std::string, double>* sectors = nullptr;
    if (general != tables.product_groups.end() && general->second.count(group)) sectors = &general->second.at(group);
    if (own != tables.product_groups.end() && own->second.count(group)) sectors = &own->second.at(group);
    if (sectors == nullptr) {
      problems.add({recipe.table("product_groups").string(), 0, 0}, group,
                   "no sectors are given for this product group");
      continue;
    }
    for (const auto& [sector, part] : *sectors) mix(recipe.find_sector(sector)) += share * part;
  }
  problems.throw_if_any();
  return mix;
}

Bilateral goods_by_sector(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile,
                          const Structure& structure, const Matrix& total) {
  const Index countries = recipe.country_count(), sectors = recipe.sector_count(), rest = recipe.rest();
  Vector goods = Vector::Zero(sectors);
  for (Index k = 0; k < sectors; ++k) goods(k) = recipe.sectors[static_cast<std::size_t>(k)].is_good() ? 1.0 : 0.0;
  const auto in_table = [&](Index n) { return structure.in_table[static_cast<std::size_t>(n)]; };

  // Mean import shares by stage of the countries outside the table.
  std::map<std::string, double> mean;
  for (const auto& [stage, name] : kStageNames) {
    double sum = 0.0, count = 0.0, share = 0.0;
    for (Index n = 0; n < countries; ++n) {
      if (in_table(n)) continue;
      if (profile.find(recipe.countries[static_cast<std::size_t>(n)].code, "import_share_pct", name, share)) {
        sum += share;
        count += 1.0;
      }
    }
    mean[stage] = count > 0.0 ? sum / count : 0.0;
  }
  std::vector<Vector> tilt(static_cast<std::size_t>(countries), Vector::Ones(sectors));
  for (Index n = 0; n < countries; ++n)
    if (!in_table(n)) tilt[static_cast<std::size_t>(n)] = import_tilt(recipe, profile, n, mean);

  Bilateral flows(countries, countries, sectors);
  for (Index i = 0; i < countries; ++i) {
    const std::string& code = recipe.countries[static_cast<std::size_t>(i)].code;
    const Matrix table = outgoing(structure, in_table(i) ? i : rest);  // importer × sector
    const Vector table_mix = table.colwise().sum().transpose().cwiseProduct(goods);
    const bool fitted = !in_table(i) || std::find(recipe.wits_exporters.begin(), recipe.wits_exporters.end(), code) !=
                                            recipe.wits_exporters.end();
    const Vector mix = fitted ? export_mix(recipe, tables, profile, i) : Vector(table_mix / table_mix.sum());

    Matrix flow = Matrix::Zero(countries, sectors);
    for (Index n = 0; n < countries; ++n) {
      if (!(total(i, n) > 0.0)) continue;
      const Index like = in_table(n) ? n : rest;
      Vector start = table.row(like).transpose().cwiseProduct(goods);
      const auto& plain = recipe.plain_importers;
      const std::string& importer = recipe.countries[static_cast<std::size_t>(n)].code;
      const bool follows_exporter = std::find(plain.begin(), plain.end(), importer) != plain.end();
      if (follows_exporter || !(start.sum() > 0.0)) start = table_mix;
      start = start / start.sum() + 1e-3 * mix;  // what the table leaves out is small, not impossible
      for (Index k = 0; fitted && k < sectors; ++k)
        start(k) *= table_mix(k) > 0.0 ? mix(k) * table_mix.sum() / table_mix(k) : 0.0;
      start = start.cwiseProduct(tilt[static_cast<std::size_t>(n)]);
      flow.row(n) = start.transpose() * (total(i, n) / start.sum());
    }
    if (fitted) {  // rows keep the bilateral totals, columns meet the exporter's mix
      const Vector columns = mix * total.row(i).sum();
      for (int step = 0; step < 1000; ++step) {
        const Vector sums = flow.colwise().sum();
        for (Index k = 0; k < sectors; ++k)
          if (sums(k) > 0.0) flow.col(k) *= columns(k) / sums(k);
        double gap = 0.0;
        for (Index n = 0; n < countries; ++n) {
          const double sum = flow.row(n).sum();
          if (!(sum > 0.0)) continue;
          gap = std::max(gap, std::abs(sum / total(i, n) - 1.0));
          flow.row(n) *= total(i, n) / sum;
        }
        if (gap < 1e-12) break;
      }
    }
    for (Index n = 0; n < countries; ++n) {
      const Vector stated = stated_mix(recipe, tables, i, n);
      if (stated.sum() > 0.0) flow.row(n) = stated.transpose() * (total(i, n) / stated.sum());
    }
    for (Index k = 0; k < sectors; ++k) flows.sector(k).col(i) = flow.col(k);
  }
  return flows;
}

}  // namespace entrepot
