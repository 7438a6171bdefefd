#include "import/import_report.hpp"

#include <fmt/format.h>

#include <cmath>

namespace entrepot {

void Adjustment::add(double entry, const std::string& name) {
  ++count;
  value += std::abs(entry);
  if (std::abs(entry) <= std::abs(largest_value)) return;
  largest_value = entry;
  largest = name;
}

std::string Adjustment::entries() const { return fmt::format("{} {}", count, count == 1 ? "entry" : "entries"); }

void ImportReport::list(Adjustment adjustment) {
  if (adjustment.count > 0) adjustments.push_back(std::move(adjustment));
}

std::string describe(const ImportReport& report, const World& world) {
  std::string text =
      fmt::format("{}: {} countries, {} sectors, {}; value added {:.6g} million USD.\n\nTaken from:\n", report.format,
                  world.country_count(), world.sector_count(),
                  world.uses == 2 ? "intermediate and final use apart" : "one use", factor_income(world).sum());
  for (const std::string& line : report.taken) text += "  " + line + "\n";
  text += report.adjustments.empty() ? "\nNothing had to be set aside: no negative entries, no empty producers.\n"
                                     : "\nSet aside (million USD):\n";
  for (const Adjustment& a : report.adjustments)
    text += fmt::format("  {}: {}, {:.6g} in all; largest {:.6g}, {}\n", a.what, a.entries(), a.value, a.largest_value,
                        a.largest);
  text += fmt::format("\nLargest gap of an account before balancing: {:.2g} of its size; after: {:.2g}.\n",
                      report.before.worst(), report.after.worst());
  for (const BalanceLine& line : report.before.lines)
    if (line.residual > BalanceReport::kTolerance)
      text += fmt::format("  before, {}: {:.2g} of the account's size at worst, at {}\n", line.block, line.residual,
                          line.worst);
  text += report.blocks.empty() ? "Nothing was moved.\n" : "Moved by balancing:\n";
  for (const BlockChange& b : report.blocks) {
    text += fmt::format("  {:28} {:.3g} %", b.name, 100.0 * b.change);
    if (!b.largest.empty()) text += fmt::format("; most, {}: {:.6g} to {:.6g}", b.largest, b.before, b.after);
    text += '\n';
  }
  return text;
}

}  // namespace entrepot
