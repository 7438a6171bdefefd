// What all derivatives of one measure cost, against solves of the same world: NAFTA and growing synthetic worlds. By
// turns in one run, on one core, the best of several; compare ratios, not machines.
#include <fmt/format.h>
#include <omp.h>

#include <chrono>
#include <limits>

#include "equilibrium/adjoint.hpp"
#include "equilibrium/welfare.hpp"
#include "nafta.hpp"
#include "results/version.hpp"
#include "support/random_world.hpp"

namespace entrepot::benchmarks {
namespace {

constexpr int kTurns = 15;

template <class Work>
double seconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Real income of one country.
MeasureSeed welfare(const World& world, Index country) {
  MeasureSeed measure;
  measure.income = Vector::Zero(world.country_count());
  measure.income(country) = 1.0 / income(world)(country);
  measure.log_price = -consumer_price_weights(world, country);
  return measure;
}

void compare(const char* name, const World& world, const Shock& shock) {
  const MeasureSeed measure = welfare(world, 0);
  const Solution solution = solve(world, shock);
  double solved = std::numeric_limits<double>::infinity(), first = solved, further = solved;
  int products = 0;
  for (int turn = 0; turn < kTurns; ++turn) {
    solved = std::min(solved, seconds([&] { (void)solve(world, shock); }));
    std::unique_ptr<Adjoint> adjoint;
    first = std::min(first, seconds([&] {
                       adjoint = std::make_unique<Adjoint>(world, shock, solution.equilibrium);
                       products = adjoint->gradient(measure).products;
                     }));
    further = std::min(further, seconds([&] { (void)adjoint->gradient(measure); }));
  }
  const Index flows = world.market_count() * world.location_count() * world.sector_count(),
              parameters = 6 * flows + world.location_count() * world.sector_count() + world.country_count() +
                           world.sector_count();
  fmt::print("{:12} {:>9} {:10.2f} {:10.2f} {:10.2f} {:10} {:9.1f} {:9.1f}\n", name, parameters, 1e3 * solved,
             1e3 * first, 1e3 * further, products, first / solved, further / solved);
}

}  // namespace
}  // namespace entrepot::benchmarks

int main() {
  using namespace entrepot;
  using namespace entrepot::benchmarks;
  omp_set_num_threads(1);
  fmt::print("entrepot {} ({})\n\nAll derivatives of one country's real income; ms, ratios to a solve\n",
             program_version(), git_commit());
  fmt::print("{:12} {:>9} {:>10} {:>10} {:>10} {:>10} {:>9} {:>9}\n", "world", "numbers", "solve", "gradient",
             "another", "products", "ratio", "another");
  compare("NAFTA", nafta().world, nafta().shock);
  for (const auto& [countries, sectors] : {std::pair<Index, Index>{10, 10}, {20, 20}, {40, 40}, {77, 45}, {160, 65}}) {
    const World world = entrepot::testing::random_world(
        {.countries = countries, .sectors = sectors, .home_share = 0.92, .lowest_theta = 0.8, .highest_theta = 50.0},
        1);
    compare(fmt::format("{} x {}", countries, sectors).c_str(), world, entrepot::testing::random_shock(world, 1, 0.5));
  }
  return 0;
}
