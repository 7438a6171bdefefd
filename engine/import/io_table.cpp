#include "import/io_table.hpp"

#include <fmt/format.h>

#include <cctype>

namespace entrepot {

std::string CodeList::key(std::string code) const {
  if (case_ == Case::kIgnored)
    for (char& letter : code) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return code;
}

Index CodeList::add(const std::string& code) {
  const auto [entry, added] = place_.emplace(key(code), size());
  if (added) codes_.push_back(code);
  return entry->second;
}

Index CodeList::find(const std::string& code) const {
  const auto found = place_.find(key(code));
  return found == place_.end() ? -1 : found->second;
}

IoTable::IoTable(std::vector<Country> countries, std::vector<Sector> sectors)
    : world_(World::of_shape(std::move(countries), std::move(sectors), 2)),
      stated_(Matrix::Zero(world_.country_count(), world_.sector_count())) {}

void IoTable::intermediate(Index i, Index k, Index n, Index j, double z) {
  if (z < 0.0) {
    negative_.add(z,
                  fmt::format("{} from {} used by {} in {}", world_.sectors[at(k)].code, world_.countries[at(i)].code,
                              world_.sectors[at(j)].code, world_.countries[at(n)].code));
    return;
  }
  world_.expenditure(world_.market(0, n), i, k) += z;
  world_.input[at(n)](k, j) += z;
}

void IoTable::final_demand(Index i, Index k, Index n, double f) {
  world_.expenditure(world_.market(1, n), i, k) += f;
  world_.final_use(n, k) += f;
}

void IoTable::value_added(Index n, Index j, double v) { world_.value_added(n, j) += v; }

void IoTable::stated_output(Index n, Index j, double y) {
  stated_(n, j) += y;
  any_stated_ = true;
}

World IoTable::finish(ImportReport& report) {
  report.list(std::move(negative_));
  if (any_stated_) {
    const Matrix sales = output(world_);
    ChangeOf sold("sales"), paid("costs");
    for (Index n = 0; n < world_.country_count(); ++n)
      for (Index j = 0; j < world_.sector_count(); ++j) {
        const auto name = [&] { return world_.sectors[at(j)].code + " in " + world_.countries[at(n)].code; };
        sold.account(stated_(n, j), sales(n, j), name);
        paid.account(stated_(n, j), world_.input[at(n)].col(j).sum() + world_.value_added(n, j), name);
      }
    for (const BlockChange& gap : {sold.block(), paid.block()}) {
      std::string line = fmt::format("output: the entries; their {} differ from the table's own totals by {:.2g} %",
                                     gap.name, 100.0 * gap.change);
      if (!gap.largest.empty())
        line += fmt::format(", most in {} ({:.6g} instead of {:.6g} million USD)", gap.largest, gap.after, gap.before);
      report.taken.push_back(std::move(line));
    }
  }
  return std::move(world_);
}

SectorKind isic_kind(const std::string& code) {
  std::size_t place = 0;
  char section = 0;
  if (place < code.size() && std::isupper(static_cast<unsigned char>(code[place]))) section = code[place++];
  const auto digit = [&](std::size_t k) {
    return k < code.size() && std::isdigit(static_cast<unsigned char>(code[k]));
  };
  if (digit(place) && digit(place + 1)) {
    const int division = 10 * (code[place] - '0') + (code[place + 1] - '0');
    const int last_good = section == 'C' ? 37 : 33;  // Rev. 3, in which all codes start with C, has manufacturing to 37
    return division >= 1 && division <= last_good ? SectorKind::kGoods : SectorKind::kServices;
  }
  const bool section_alone = place == code.size() || code[place] == '_' || code[place] == '-';  // "B", "R_S"
  if (section_alone && section >= 'A' && section <= 'U')
    return section <= 'C' ? SectorKind::kGoods : SectorKind::kServices;
  return SectorKind::kUnmarked;
}

}  // namespace entrepot
