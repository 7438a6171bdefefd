"""The best policy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

import pandas
import xarray

from . import _engine
from ._data import data_folder, overrides_of
from ._progress import Solves
from .errors import NoEquilibrium
from .scenario import Scenario, Text


@dataclass(frozen=True)
class Optimum:
    """What :func:`optimise` found: the best start's choice, and how good it is."""

    objective: float
    objective_before: float
    """With the scenario's own numbers."""
    choices: dict[str, float]
    feasible: bool
    """Whether every constraint holds."""
    slope: float
    """What moving one choice over its whole range would still gain to first order, beyond what bounds and constraints hold."""
    measures: pandas.DataFrame
    """Of the objective and the constraints: units, before, after, is_constraint, active."""
    draws: pandas.DataFrame
    """With an uncertainty, the objective in each draw: before, with the scenario's own numbers, and after, and whether the choice is
    judged by it; empty without one."""
    starts: pandas.DataFrame
    """Where each start ended, the best first: the choices, objective, feasible, slope, solves, ended."""
    scenario: Scenario
    """With the best choice, to run."""
    text: Text
    """As the program prints it."""


def optimise(
    file: Union[str, Path],
    *,
    output: Union[str, Path, None] = None,
    resume: bool = False,
    restart: bool = False,
    progress: bool = True,
    **overrides: Any,
) -> Optimum:
    """Chooses numbers of a scenario within bounds so that an objective is largest.

    Parameters
    ----------
    file
        A file as for ``entrepot optimise`` (docs/optimise.md).
    output
        A file to write the scenario to that is found. What is solved is kept beside it until then.
    resume, restart
        Go on with what an earlier search for the same output solved, or begin anew.
    progress
        Whether to show how far it is when it takes longer than a second.
    **overrides
        Values of it to change: ``search={"starts": 10}``.

    Raises
    ------
    InputError
        For a wrong file, with every mistake in it.
    NoEquilibrium
        Where the scenario has no answer, or no choice that was tried has one.

    Examples
    --------
    >>> import entrepot
    >>> best = entrepot.optimise("scenarios/optima/iran-frontier.toml", search={"starts": 1})
    >>> max(best.choices, key=best.choices.get)
    'mining'
    """
    found = _search(file, overrides, output, resume, restart, progress, players=False)
    names = found["choices"]
    best = found["starts"][0]
    starts = pandas.DataFrame(
        [dict(zip(names, start["choice"])) | {key: start[key] for key in ("objective", "feasible", "slope", "solves", "ended")}
         for start in found["starts"]])
    measures = pandas.DataFrame(found["measures"], columns=["measure", "units", "before", "after", "is_constraint", "active"])
    return Optimum(
        objective=best["objective"],
        objective_before=found["objective_before"],
        choices=dict(zip(names, best["choice"])),
        feasible=best["feasible"],
        slope=best["slope"],
        measures=measures.set_index("measure"),
        draws=_draws(found),
        starts=starts,
        scenario=Scenario.from_text(found["scenario"], beside=found["scenario_file"]),
        text=Text(found["text"]),
    )


@dataclass(frozen=True)
class BestResponses:
    """Where best answers in turn have led, see :func:`best_responses`."""

    choices: pandas.DataFrame
    """By name: player, value, at_bound."""
    players: pandas.DataFrame
    """By player: before, after (its objective with the scenario's own numbers and at the end), feasible (whether its constraints hold),
    slope (as of an :class:`Optimum`), gain (what the best other choice that was found would add)."""
    settled: bool
    """Nobody changes its own any more, nor gains by another from any start, and every constraint is met: a Nash equilibrium, as far as
    these tell."""
    rounds: int
    scenario: Scenario
    """With these choices, to run."""
    text: Text
    """As the program prints it."""


def best_responses(
    file: Union[str, Path],
    *,
    output: Union[str, Path, None] = None,
    resume: bool = False,
    restart: bool = False,
    progress: bool = True,
    **overrides: Any,
) -> BestResponses:
    """Lets several choose in turn, each what is best for it given what the others chose, until none changes its own.

    Parameters
    ----------
    file
        A file as for ``entrepot optimise`` whose choices and objectives are of players (docs/optimise.md).
    output, resume, restart, progress, **overrides
        As for :func:`optimise`.

    Raises
    ------
    InputError, NoEquilibrium
        As :func:`optimise`.

    Examples
    --------
    >>> import entrepot
    >>> war = entrepot.best_responses("scenarios/optima/eaeu-iran-tariffs.toml", search={"starts": 1})
    >>> war.settled
    True
    """
    found = _search(file, overrides, output, resume, restart, progress, players=True)
    choices = pandas.DataFrame(found["chosen"], columns=["player", "choice", "value", "at_bound"])
    players = pandas.DataFrame(found["players"], columns=["player", "before", "after", "feasible", "slope", "gain"])
    return BestResponses(
        choices=choices.set_index("choice"),
        players=players.set_index("player"),
        settled=found["settled"],
        rounds=found["rounds"],
        scenario=Scenario.from_text(found["scenario"], beside=found["scenario_file"]),
        text=Text(found["text"]),
    )


def _search(
    file: Union[str, Path],
    overrides: dict[str, Any],
    output: Union[str, Path, None],
    resume: bool,
    restart: bool,
    progress: bool,
    players: bool,
) -> dict[str, Any]:
    changes = [f"{path}={_engine.value_text(value)}" for path, value in overrides_of(overrides).items()]
    with Solves(progress) as solves:
        to = None if output is None else Path(output)
        found = _engine.optimise(Path(file), changes, data_folder(), to, resume, restart, solves, players)
    if not found["found"]:
        raise NoEquilibrium(found["text"], xarray.Dataset())
    return found


def _draws(found: dict[str, Any]) -> pandas.DataFrame:
    """Before, after and whether it counts, by draw; missing where a draw that does not count has no equilibrium."""
    draws = pandas.DataFrame({"before": found["draws_before"], "after": found["draws"]}, dtype=float)
    draws["counted"] = draws.index.isin(found["counted"])
    return draws.rename_axis("draw")
