#pragma once

#include <string>

#include "equilibrium/solve.hpp"

namespace entrepot::testing {

/// The model's equations 1–8, each written out plainly with one power a flow, and how far an equilibrium is from them:
/// the largest relative residual over all accounts, and which it is. Shares nothing with the solver.
struct EquationCheck {
  double residual = 0.0;
  std::string where;
};
EquationCheck check_equations(const World& world, const Shock& shock, const Equilibrium& e);

}  // namespace entrepot::testing
