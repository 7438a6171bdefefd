"""What follows from sanctions and trade agreements: scenarios, sweeps and their results.

>>> import entrepot
>>> results = entrepot.run("scenarios/minsk-2025.toml")
>>> results.welfare.sel(country="BLR").attrs["units"]
'percent'
"""

from importlib import import_module as _import_module
from typing import Any as _Any

from . import policies
from ._data import data_folder
from ._engine import commit as __commit__
from ._engine import version as __version__
from .errors import FileError, InputError, NoEquilibrium, PolicyWarning, Problem, UnfinishedSweep
from .optimum import BestResponses, Optimum, best_responses, optimise
from .scenario import Scenario, run
from .study import attribute, open, sweep
from .world import World, baselines

__all__ = [
    "BestResponses",
    "FileError",
    "InputError",
    "NoEquilibrium",
    "Optimum",
    "PolicyWarning",
    "Problem",
    "Scenario",
    "UnfinishedSweep",
    "World",
    "attribute",
    "baselines",
    "best_responses",
    "data_folder",
    "open",
    "optimise",
    "plot",
    "policies",
    "run",
    "sweep",
]


def __getattr__(name: str) -> _Any:
    """Loads `entrepot.plot`, and with it matplotlib, when it is first used."""
    if name == "plot":
        return _import_module(".plot", __name__)
    raise AttributeError(f"module 'entrepot' has no attribute '{name}'")
