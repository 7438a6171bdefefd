#include "decomposition.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <exception>
#include <numbers>

#include "welfare.hpp"

namespace entrepot {

namespace {

enum Component : Index { kTerms, kVolume, kIceberg, kBan, kProductivity, kRent, kTransfer, kComponents };

constexpr Index kNodes = 8;          ///< equilibria a panel
constexpr double kTolerance = 3e-9;  ///< of a panel's parts against its exact change in ln U
constexpr double kSmallestPanel = 1.0 / 65536.0;
constexpr int kMostSolves = 4000;
constexpr double kWorstGap = 1e-4;  ///< of the parts against the change in U, of its larger end: beyond it they mislead

/// Chebyshev's nodes on (0, 1), inside the panel, so that a corner at its end (a country cut off) does no harm;
/// weights of the integral (Fejér) and the derivative of the interpolant at the nodes.
struct Rule {
  Vector node{kNodes}, weight{kNodes};
  Matrix derivative{kNodes, kNodes};
  Rule() {
    const double pi = std::numbers::pi;
    Vector barycentric(kNodes);
    for (Index k = 0; k < kNodes; ++k) {
      const double angle = (2.0 * static_cast<double>(k) + 1.0) * pi / (2.0 * kNodes);
      node(k) = 0.5 * (1.0 - std::cos(angle));
      double sum = 0.0;
      for (Index q = 1; q <= kNodes / 2; ++q)
        sum += std::cos(2.0 * static_cast<double>(q) * angle) / (4.0 * static_cast<double>(q * q) - 1.0);
      weight(k) = (1.0 - 2.0 * sum) / kNodes;
      barycentric(k) = (k % 2 == 0 ? 1.0 : -1.0) * std::sin(angle);
    }
    derivative.setZero();
    for (Index i = 0; i < kNodes; ++i)
      for (Index k = 0; k < kNodes; ++k)
        if (i != k) derivative(i, k) = barycentric(k) / barycentric(i) / (node(i) - node(k));
    derivative.diagonal() = -derivative.rowwise().sum();
  }
};

/// One equilibrium on the path and what the integrand needs of it.
struct Node {
  Shock shock;
  Equilibrium equilibrium;
  Vector real_income;
  Matrix log_cost, log_price, log_spending;  ///< location or market × sector
};

class Path {
 public:
  Path(const World& world, const Shock& shock, const SolveOptions& options)
      : world_(world), shock_(shock), options_(options) {}

  ExactDecomposition integrate(const Equilibrium& answer) {
    ExactDecomposition result;
    Matrix total = Matrix::Zero(kComponents, world_.country_count());
    const Vector end = real_income_change(world_, answer);
    Vector from_income = Vector::Ones(world_.country_count());
    double from = 0.0, length = 1.0;
    while (from < 1.0) {
      const double to = std::min(1.0, from + length);
      Vector to_income = end;
      Matrix panel;
      Node to_node;
      bool good = true;
      if (to < 1.0) {
        good = solve_node(to, to_node);
        if (good) to_income = to_node.real_income;
      }
      good = good && integrate_panel(from, to, panel);
      double gap = std::numeric_limits<double>::infinity();
      if (good)
        gap = (panel.colwise().sum().transpose() - (to_income - from_income))
                  .cwiseQuotient(from_income)
                  .cwiseAbs()
                  .maxCoeff();
      if (gap <= kTolerance || (good && length <= kSmallestPanel)) {
        total += panel;
        from = to;
        from_income = to_income;
        start_ = std::move(to_node.equilibrium);
        length *= 2.0;
      } else if (length > kSmallestPanel && solves_ < kMostSolves) {
        length *= 0.5;
      } else if (solves_ >= kMostSolves) {
        result.sentence =
            fmt::format("Its parts did not add up in {} equilibria along the path of the policies.", solves_);
        return result;
      } else {
        result.sentence = fmt::format("No equilibrium was found {:.1f} % of the way to the policies.", 100.0 * to);
        return result;
      }
    }
    const Vector gap = (total.colwise().sum().transpose() - (end.array() - 1.0).matrix()).cwiseAbs();
    const double worst = gap.cwiseQuotient(end.cwiseMax(1.0)).maxCoeff();
    if (!(worst <= kWorstGap)) {
      result.sentence = fmt::format(
          "Its parts add up to the change in real income only to within {:.2g} %: somebody is cut off along the path "
          "of "
          "the policies.",
          100.0 * worst);
      return result;
    }
    result.parts.components = {"terms_of_trade", "volume_of_trade", "iceberg", "ban", "productivity",
                               "rent",           "transfer"};
    result.parts.percent = 100.0 * total;
    result.error = 100.0 * gap.maxCoeff();
    result.solves = solves_;
    return result;
  }

 private:
  /// One equilibrium, from that at the panel's beginning: the same whatever the number of threads.
  bool solve_node(double t, Node& node) const {
    node.shock = part_way(world_, shock_, t);
    SolveOptions options = options_;
    if (start_.wage.size() > 0) options.start = &start_;
    Solution solution = solve(world_, node.shock, options);
    if (!solution.report.solved()) return false;
    node.equilibrium = std::move(solution.equilibrium);
    node.real_income = real_income_change(world_, node.equilibrium);
    const auto log_of = [](const Matrix& values) {
      return Matrix(values.unaryExpr([](double v) { return v > 0.0 ? std::log(v) : 0.0; }));
    };
    node.log_cost = log_of(node.equilibrium.cost);
    node.log_price = log_of(node.equilibrium.price);
    node.log_spending = log_of(node.equilibrium.spending);
    return true;
  }

  bool integrate_panel(double from, double to, Matrix& panel) {
    static const Rule rule;
    std::array<Node, kNodes> nodes;
    bool good = true;
    std::exception_ptr thrown;
#pragma omp parallel for schedule(dynamic) reduction(&& : good)
    for (Index k = 0; k < kNodes; ++k) {
      try {
        good = solve_node(from + (to - from) * rule.node(k), nodes[at(k)]) && good;
      } catch (...) {
#pragma omp critical(entrepot_decomposition)
        thrown = std::current_exception();
      }
    }
    if (thrown) std::rethrow_exception(thrown);
    solves_ += kNodes;
    if (!good) return false;
    panel.setZero(kComponents, world_.country_count());
    for (Index k = 0; k < kNodes; ++k) {
      Matrix cost = Matrix::Zero(world_.location_count(), world_.sector_count());
      Matrix price = Matrix::Zero(world_.market_count(), world_.sector_count()), spending = price;
      Vector deficit = Vector::Zero(world_.country_count());
      for (Index q = 0; q < kNodes; ++q) {
        const double slope = rule.derivative(k, q) / (to - from);
        cost += slope * nodes[at(q)].log_cost;
        price += slope * nodes[at(q)].log_price;
        spending += slope * nodes[at(q)].log_spending;
        deficit += slope * nodes[at(q)].equilibrium.deficit;
      }
      const Matrix rates = integrand(nodes[at(k)], cost, price, spending, deficit);
      panel += rule.weight(k) * (to - from) * rates;
    }
    return true;
  }

  /// d U_n/dt by component, at one node: cost, price, spending are d ln/dt.
  Matrix integrand(const Node& node, const Matrix& cost, const Matrix& price, const Matrix& spending,
                   const Vector& deficit) const {
    Matrix parts = Matrix::Zero(kComponents, world_.country_count());
    const Bilateral flows = trade_flows(world_, node.shock, node.equilibrium);
    Bilateral margins;  // d(gX)/dt
    if (!shock_.detours.empty()) margins = Bilateral(flows.markets(), flows.origins(), flows.sectors());
    for (Index j = 0; j < world_.sector_count(); ++j)
      for (Index i = 0; i < world_.location_count(); ++i)
        for (Index m = 0; m < world_.market_count(); ++m) {
          const double base = world_.expenditure(m, i, j), x = flows(m, i, j);
          if (base == 0.0 || x == 0.0) continue;
          const Index seller = world_.country_of_location(i), buyer = world_.country_of_market(m);
          const double theta = world_.theta(j);
          // Rates here, and how fast they move: all but iceberg costs are linear in t.
          const Wedges here = wedges_at(world_, node.shock, m, i, j), there = wedges_at(world_, shock_, m, i, j);
          const double tau = here.tariff, d_tau = there.tariff - world_.tariff_at(m, i, j);
          const double tax = here.export_tax, d_tax = there.export_tax - world_.export_tax_at(m, i, j);
          const double rent = here.rent, d_rent = there.rent;
          const double d_log_open = (there.open_share - 1.0) / here.open_share;
          const double d_log_iceberg = there.iceberg == 1.0 ? 0.0 : std::log(there.iceberg);
          const double margin = here.hub_margin, d_margin = there.hub_margin;
          // Values at each stage, and d ln M from the share equation (model eq. 3).
          const double after_tariff = x * (1.0 - margin) / (1.0 + rent), border = after_tariff / (1.0 + tau),
                       received = border / (1.0 + tax);
          const double d_log_wedge = d_tau / (1.0 + tau) + d_tax / (1.0 + tax) + d_rent / (1.0 + rent);
          const double d_log_flow =
              spending(m, j) + d_log_open - theta * (d_log_wedge + d_log_iceberg + cost(i, j) - price(m, j));
          const double d_log_kept = -d_margin / (1.0 - margin);
          const double d_log_received = d_log_flow - d_log_wedge + d_log_kept;
          const double d_log_border_price = cost(i, j) + d_tax / (1.0 + tax);
          if (seller != buyer) {
            parts(kTerms, seller) += border * d_log_border_price;
            parts(kTerms, buyer) -= border * d_log_border_price;
          }
          parts(kVolume, buyer) += tau * border * (d_log_received - cost(i, j));
          parts(kVolume, seller) += tax * received * (d_log_received - cost(i, j));
          parts(kIceberg, buyer) -= x * d_log_iceberg;
          parts(kBan, buyer) += x * d_log_open / theta;
          if (d_margin > 0.0) {
            margins(m, i, j) = x * (d_margin + margin * d_log_flow);
            parts(kRent, buyer) -= x * margin * (d_log_wedge + cost(i, j));
          }
          if (rent == 0.0 && d_rent == 0.0) continue;
          const double d_log_after_tariff = d_log_flow - d_rent / (1.0 + rent) + d_log_kept;
          parts(kRent, rent_receiver(world_, shock_, m, i, j)) += after_tariff * (d_rent + rent * d_log_after_tariff);
          parts(kRent, buyer) -= after_tariff * (d_rent + rent * (d_log_border_price + d_tau / (1.0 + tau)));
        }
    // A flow's hubs share what they keep of it alike all along the path.
    for (const Detour& detour : shock_.detours)
      if (const double kept = detour.share * detour.margin; kept > 0.0)
        parts(kRent, detour.hub) += margins(detour.market, detour.origin, detour.sector) * kept /
                                    shock_.hub_margin(detour.market, detour.origin, detour.sector);
    if (shock_.productivity.size() > 0)
      for (Index l = 0; l < world_.location_count(); ++l)
        for (Index j = 0; j < world_.sector_count(); ++j)
          parts(kProductivity, world_.country_of_location(l)) +=
              node.equilibrium.value_added(l, j) * std::log(shock_.productivity(l, j));
    parts.row(kTransfer) += deficit.transpose();
    return parts.array().rowwise() * (node.real_income.array() / node.equilibrium.income.array()).transpose();
  }

  const World& world_;
  const Shock& shock_;
  const SolveOptions& options_;
  Equilibrium start_;  ///< at the beginning of the panel; empty: the reference
  int solves_ = 0;
};

}  // namespace

ExactDecomposition decompose(const World& world, const Shock& shock, const Equilibrium& answer,
                             const SolveOptions& options) {
  return Path(world, shock, options).integrate(answer);
}

}  // namespace entrepot
