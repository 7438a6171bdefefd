#pragma once

#include <string>
#include <vector>

#include "solve.hpp"

namespace entrepot {

/// Welfare change by cause.
struct Decomposition {
  std::vector<std::string> components;  ///< "terms_of_trade", "volume_of_trade", ...
  Matrix percent;                       ///< component × country, % of base income
  bool empty() const noexcept { return components.empty(); }
};

/// The exact decomposition of welfare, and how well it adds up.
struct ExactDecomposition {
  Decomposition parts;   ///< empty where the path could not be followed
  double error = 0.0;    ///< largest |Σ parts − exact change| over countries, % of base income
  int solves = 0;        ///< equilibria along the path
  std::string sentence;  ///< why it is empty
};

/// Integrates the causes of d ln U_n = d ln I_n − Σ α d ln P along the path of policies part_way(world, shock, t), so
/// that they add up to the exact change in real income (docs/model.md, Measures). With Y, V output and value added,
/// M a flow's producer receipts, B = M(1+e) its value at the border (price p), A = B(1+τ), X(1−g) = A(1+r), g what hubs
/// keep of it:
///   terms_of_trade   Σ_exports B d ln p − Σ_imports B d ln p
///   volume_of_trade  Σ_imports τ B (d ln M − d ln c) + Σ_exports e M (d ln M − d ln c)
///   iceberg          −Σ X d ln d
///   ban              Σ (X/s) ds / θ
///   productivity     Σ V d ln Â
///   rent             received d(rA) less paid A dr + rA (d ln p + d ln(1+τ));
///                    received d(gX) less paid gX (d ln p + d ln(1+τ) + d ln(1+r))
///   transfer         dD
/// each over I, times U/U_base. world: the reference; answer: the solved counterfactual of `shock` in it.
ExactDecomposition decompose(const World& world, const Shock& shock, const Equilibrium& answer,
                             const SolveOptions& options = {});

}  // namespace entrepot
