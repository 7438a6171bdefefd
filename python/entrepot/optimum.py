"""The best policy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

import pandas
import xarray

from . import _engine
from ._data import data_folder, overrides_of
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
    """With an uncertainty, the objective in each draw: before, with the scenario's own numbers, and after; empty without one."""
    starts: pandas.DataFrame
    """Where each start ended, the best first: the choices, objective, feasible, slope, solves, ended."""
    scenario: Scenario
    """With the best choice, to run."""
    text: Text
    """As the program prints it."""


def optimise(file: Union[str, Path], **overrides: Any) -> Optimum:
    """Chooses numbers of a scenario within bounds so that an objective is largest.

    Parameters
    ----------
    file
        A file as for ``entrepot optimise`` (docs/optimise.md).
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
    changes = [f"{path}={_engine.value_text(value)}" for path, value in overrides_of(overrides).items()]
    found = _engine.optimise(Path(file), changes, data_folder())
    if not found["solved"] or not found["starts"][0]["choice"]:
        raise NoEquilibrium(found["text"], xarray.Dataset())
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
        draws=pandas.DataFrame({"before": found["draws_before"], "after": found["draws"]}, dtype=float).rename_axis("draw"),
        starts=starts,
        scenario=Scenario.from_text(found["scenario"], beside=found["scenario_file"]),
        text=Text(found["text"]),
    )
