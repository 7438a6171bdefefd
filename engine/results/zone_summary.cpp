#include "zone_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ranking.hpp"
#include "table.hpp"

namespace entrepot {

namespace {

/// Where a label stands; the number of labels where it does not.
std::size_t position(const std::vector<std::string>& labels, const std::string& label) {
  return static_cast<std::size_t>(std::ranges::find(labels, label) - labels.begin());
}

/// "12.3 (+4.5 %)": an amount and its change, where there was something before.
std::string amount(const ResultReader& reader, const std::string& name, std::size_t zone) {
  const double after = reader.read(name).values[zone], before = reader.read(name + "_base").values[zone];
  const std::optional<double> change = change_in_percent(after, before);
  return grouped_number(after, std::abs(after) < 10.0     ? 2
                               : std::abs(after) < 1000.0 ? 1
                                                          : 0) +
         (change ? fmt::format(" ({:+.2f} %)", *change) : "");
}

/// What a firm of each sector there saves, largest first.
std::string savings(const ResultReader& reader, std::size_t zone) {
  const ResultVariable saving = reader.read("zone_saving"), output = reader.read("output");
  const std::vector<double> at_home = reader.read("zone_saving_at_home").values;
  const std::vector<std::string>&sectors = saving.labels[1], &locations = output.labels[0];
  const std::size_t place = position(locations, saving.labels[0][zone]);
  std::vector<std::optional<double>> values(sectors.size());
  for (std::size_t j = 0; j < sectors.size(); ++j)
    if (place < locations.size() && output.values[place * sectors.size() + j] > 0.0)
      values[j] = saving.values[zone * sectors.size() + j];
  std::string text;
  for (const std::size_t j : ranking(values, 0))
    if (values[j])
      text += fmt::format("{}{} {:.2f} %, {:.2f} % sold home", text.empty() ? "" : "; ", sectors[j], *values[j],
                          at_home[zone * sectors.size() + j]);
  return text;
}

}  // namespace

std::string zone_summary(const ResultReader& reader) {
  if (!reader.solved() || !reader.has("zone_output")) return {};
  const std::vector<std::string> zones = reader.labels("zone"), locations = reader.labels("location"),
                                 hosts = reader.country_of_location();
  const std::vector<std::string> codes = reader.labels("country"), names = reader.labels("country_name");
  std::string text;
  for (std::size_t z = 0; z < zones.size(); ++z) {
    const std::size_t place = position(locations, zones[z]);
    const std::size_t host = place < hosts.size() ? position(codes, hosts[place]) : codes.size();
    const auto of = [&](const char* name) { return amount(reader, name, z); };
    text += fmt::format(
        "Zone {} in {}, million USD: output {}, exports {}, imports {}, sales home {}\n"
        "  duties suspended {}, duties on sales home {}, taxes waived {}; employment {:+.2f} %\n"
        "  cost saved by moving in: {}\n",
        zones[z], host < names.size() ? names[host] : "?", of("zone_output"), of("zone_exports"), of("zone_imports"),
        of("zone_home_sales"), of("zone_duties_suspended"), of("zone_home_duties"), of("zone_taxes_waived"),
        reader.read("zone_employment").values[z], savings(reader, z));
  }
  return text;
}

}  // namespace entrepot
