#include "optimum_study.hpp"
#include "policy/describe.hpp"

namespace entrepot {

std::string describe_optimum_file() {
  return R"(# The best policy

This page is written by the program from the tables it checks such files against; it is not edited by hand.

A file for `entrepot optimise` names a scenario, which of its numbers are chosen and within what bounds, what is maximised, and what must hold meanwhile. Any
value of it can be overridden on the command line (`--set search.starts=10`). The answer says what was chosen, what it does, how much slope is left, what
holds it and where the other starts ended; `-o best.toml` writes the scenario with the numbers found, for `entrepot run`.

```toml
title = "A tariff on what Iran buys least gladly"
scenario = "../half-embargo.toml"

[[objective]]                        # maximised: the sum of these
measure = "welfare_usd[USA]"

[[objective]]
measure = "welfare_usd[IRN]"         # what the target loses counts half as much as what is gained
weight = -0.5

[[choose]]
name = "how much"
path = "policy.embargo.coverage"
low = 0
high = 1

[[constraint]]
measure = "welfare[EU]"              # no member loses more than a hundredth of a per cent
at_least = -0.01
```

)" + schema_table(optimum_schema()) +
         "\n## [[objective]]\n\n" + schema_table(objective_schema()) + "\n## [[choose]]\n\n" +
         schema_table(choose_schema()) + "\n## [[constraint]]\n\n" + schema_table(bound_schema()) +
         "\n## [search]\n\n" + schema_table(search_schema()) +
         R"(
Measures are named as in a [study](studies.md). One rate for all partners or sectors is one path; a rate by sector is one for each, such as
`policy.embargo.coverage.mining` where the scenario, or `[set]`, has a table; several policies at one rate are a list of paths.

**How it is found**: sequential quadratic programming (Kraft 1988, in NLopt) on the exact gradients of the equilibrium ([gradients.md](gradients.md)), from the scenario's
own numbers and from others drawn within the bounds. It is a local method: starts that end elsewhere are told, and that none did better is no proof that
nothing is. *Slope left* is what would still be gained, to first order, by moving one choice over its whole range, once bounds and constraints that are met with
equality have taken out what would break them: 0 at an optimum. A choice without an equilibrium counts as worse than any with one.

**Sanctions**: the cheapest way to take a given loss from a target is the senders' welfare as objective and the target's loss as constraint (`optima/iran-frontier.toml`, `optima/belarus-frontier.toml`;
several values of it draw the frontier: [notebook](../notebooks/sanctions-frontier.ipynb)); a weight below zero on the target's welfare is how much the senders would pay for its loss (de Souza, Hu, Li & Mei 2024). 
**Several who choose**: with `player` in every `[[objective]]`, `[[choose]]` and `[[constraint]]`, each chooses for itself. In every round each in turn takes its best answer to what
the others chose, until none moves by more than a millionth of its range; then each is asked again from all `starts`, and where one gains by more than a millionth of its
objective the rounds go on from there. What it settles on is a Nash equilibrium (Nash 1951; of tariffs: Ossa 2014), as far as these starts tell; it may not settle, which is said,
and there may be others. `optima/eaeu-iran-tariffs.toml`:

```toml
scenario = "../eaeu-iran-tariffs.toml"

[[objective]]
player = "Union"
measure = "welfare_usd[EAEU]"

[[choose]]
player = "Union"
path = "policy.union.rate"
low = 0
high = 1

[[objective]]
player = "Iran"
measure = "welfare_usd[IRN]"

[[choose]]
player = "Iran"
path = "policy.iran.rate"
low = 0
high = 1
```

**What nobody knows**: `uncertainty` names a study ([studies.md](studies.md)) whose draws (elasticities, coverage, enforcement) are made of this file's scenario
in place of its own, whose `[set]` is left aside with it. `judged_by = "mean"` maximises the objective's mean over the draws, constraints holding in the mean. `judged_by = "worst"` maximises the least that the objective is in a confidence set,
constraints holding in each of its draws: the set has the share `confidence` of the draws, those nearest to the middle by the normals behind them (for normals the smallest set of its
probability); what is drawn from a list is in it with every value. The worst of some draws is not yet the worst of the whole set: more draws come nearer to it. The program says
in how many of all draws the choice beats the scenario's own numbers:

```sh
entrepot optimise scenarios/optima/belarus-frontier.toml --set uncertainty=../studies/elasticities.toml --set search.draws=32
entrepot optimise scenarios/optima/belarus-frontier.toml --set uncertainty=../studies/elasticities.toml --set search.draws=32 --set search.judged_by=worst
```

With the worst to be raised the search has one more unknown, t, which is maximised while no draw's objective may be below it.

**Interrupted**: with `-o best.toml` every point that is solved is kept in `best.toml.solved` until the search ends. `--resume` takes the same way again without solving these,
`--restart` forgets them.

Checked: with one good and two countries the tariff found is 1/(θ π_FF), π_FF what the other country buys of its own, which is one over the elasticity of what it offers (Gros 1987);
best answers in turn end in two such tariffs, where neither gains by another; no choice near by has a better worst draw; two thousand random policies, of which none is better; a frontier of a target's loss and a sender's own, convex and
dominated by none of ten thousand random policies (`tests/study/optimise_test.cpp`).
)";
}

}  // namespace entrepot
