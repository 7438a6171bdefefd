#include "policy/describe.hpp"
#include "study.hpp"

namespace entrepot {

namespace {

constexpr const char* kStart = R"(# The study file

This page is written by the program from the tables it checks study files against; it is not edited by hand.

A study is a TOML file that names a scenario and what of it is uncertain; `entrepot sweep STUDY.toml` solves the scenario
for every draw and writes one file with every draw's results and their statistics. Any value of a study can be overridden
on the command line: `--set sample.draws=500`, `--set vary.enforcement.low=0.8` (a factor is named by its `name`), `--set
set.policy.embargo.coverage=1`. Unknown keys are errors.

```toml
title = "How sure is the sign of what the embargo does to its senders?"
question = "Who gains for certain?"
scenario = "../half-embargo.toml"
measures = ["welfare", "welfare_usd[IRN, EU]", "output[IRN; mining]"]

[sample]
draws = 2000

[[vary]]
name = "elasticities"
path = "theta.*"
distribution = "lognormal"
median = 1
sd = 0.4
apply = "multiply"

[[vary]]
name = "coverage"
path = "policy.embargo.coverage"
distribution = "triangular"
low = 0.3
mode = 0.5
high = 1
```

)";

constexpr const char* kVary = R"(
One of `distribution`, `values`, `range` and `draws` says where the draws come from:

| what | keys | draws |
| --- | --- | --- |
| `distribution = "uniform"` | `low`, `high` | all numbers between as likely |
| `distribution = "normal"` | `mean`, `sd` | |
| `distribution = "lognormal"` | `median`, `sd` | exp of a normal with standard deviation `sd` around ln `median` |
| `distribution = "triangular"` | `low`, `mode`, `high` | density rises from `low` to `mode` and falls to `high` |
| `values = [true, false]` | | numbers, texts or switches, one as likely as another |
| `range = { from = 0, to = 1, points = 11 }` | | numbers evenly spaced, ends included, one as likely as another |
| `draws = "bootstrap.csv"` | | a row of the file, one as likely as another; its columns are named by the paths that they go to |

**Paths** are those of `entrepot run --set`: `policy.embargo.coverage`, `policy.embargo.coverage.mining` in a table by sector,
`theta.food`, `model.labour_mobility`, `reference.closure`, `date`. Whole policies are switched by `policy.NAME.enabled`, members of a
bloc by `bloc.NAME.COUNTRY`. `theta.*` stands for the elasticities of all sectors, each drawn by itself, but all at the same quantile in a
grid and in the tornado. What the base year and the solver are, and what a policy is called, can't be drawn. No two factors can draw the
same value, or one a table and the other a value in it.

**Apply** `multiply` takes what the scenario says at the path, else what the base year says (`theta`) or the key's default,
and multiplies it by the draw; a table is multiplied as a whole. `theta` is multiplied as it is before `theta.scale`. Where a whole number is
expected a draw is rounded.

**Draws that no scenario can have**, such as a share above 1, are refused when the study is read if the distribution has them at its
0.1 % or 99.9 % quantile; each factor is tried alone at these and at its median, and with each listed value. Rarer ones leave their row without an
answer and the file says why; they are not moved to the bound, which would be another distribution.

**In a grid** a distribution is cut into `points` equally likely parts, each at its middle quantile; all combinations are solved.

Every draw is a scenario that `entrepot run` can repeat, with the values of `[set]` and of its row in the sweep's file after `--set`. There `input` holds, by
path, the value that the scenario got; a switch as 1 or 0, a text as its place among `values` from 0 on, and of a table that was multiplied the draw.
)";

constexpr const char* kCorrelation = R"(
The normals that the quantiles of two factors come from get this correlation (a Gaussian copula); what each factor is drawn from stays. Two
factors of `theta.*` kind are correlated sector by sector. Neither a grid nor Sobol indices allow correlation.
)";

constexpr const char* kPlayers = R"(
## Who takes part

A study may have countries that act for themselves, and solves every combination of what they do. Where something is varied besides, all combinations are solved for
every draw of it (a "case"): for every combination of listed values, or, as soon as a distribution is among them, for every draw of the sample. How the results are
found: [players.md](players.md).

```toml
scenario = "../half-embargo.toml"

[coalition]                            # which coalition is the cheapest, what does each joiner add?
bloc = "iran_2012_coalition"
joiners = ["CHN", "IND", "ARE", "TUR"]
target = "IRN"
```

)";

constexpr const char* kGame = R"(
```toml
scenario = "../secondary-sanctions.toml"

[game]                                 # who complies, stays out, carries what is outlawed?
players = ["CHN", "IND", "TUR", "ARE"]
target = ["IRN", "BLR"]
penalties = [0, 1000]

[[game.strategy]]
name = "joins"
blocs = ["complying"]

[[game.strategy]]
name = "stays out"
blocs = ["defying"]

[[game.strategy]]
name = "hub"
blocs = ["defying", "hubs"]
```

The blocs are those of the scenario, which may make its own ([scenario.md](scenario.md), `new = true`). `measures` must have welfare_usd of all who are named, and is that by default.
)";

constexpr const char* kMeasures = R"(
## Measures

Names of result variables, as `entrepot show` lists them, each with or without a choice in brackets of what is kept of every draw. Groups are separated
by semicolons, an empty group stands for all, blocs stand for their members, "goods" and "services" for their sectors:

| variable | example | keeps |
| --- | --- | --- |
| by country | `welfare[IRN, EAEU]` | these countries |
| by country and sector | `output[IRN; food, metals]` | these sectors of these countries; `output[; food]` all countries |
| bilateral | `trade[IRN; food; EAEU]` | exporters; sectors; importers. `trade[IRN]`: all that Iran sells, by sector and importer |

A variable can be asked for once. Where a draw has no evasion, what only evasion has is 0. Bilateral variables without a choice are large: exporters ×
sectors × importers for every draw.
)";

constexpr const char* kSet = R"(
## [set]

Values of the scenario that the study fixes, without a change to the scenario file: `"policy.embargo.coverage" = 1`, or without quotation marks `policy.embargo.coverage = 1`. In
quotation marks the path is taken as a whole and a table takes the place of what is there; without them it adds to a table.
)";

}  // namespace

std::string describe_study_file() {
  std::string text = kStart + schema_table(study_schema());
  text += "\n## [sample]\n\n" + schema_table(sample_schema());
  text += "\n## [[vary]]\n\n" + schema_table(vary_schema()) + kVary;
  text += "\n## [[correlation]]\n\n" + schema_table(correlation_schema()) + kCorrelation;
  text += std::string(kPlayers) + "### [coalition]\n\n" + schema_table(coalition_schema());
  text += "\n### [game]\n\n" + schema_table(game_schema());
  text += "\n### [[game.strategy]]\n\n" + schema_table(strategy_schema()) + kGame;
  return text + kMeasures + kSet;
}

}  // namespace entrepot
