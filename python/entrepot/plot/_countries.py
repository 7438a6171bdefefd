"""Which countries a figure shows, and in what order."""

from __future__ import annotations

from typing import Optional, Sequence

import numpy
import xarray

from .. import _engine
from .._data import data_folder
from ..errors import InputError

#: Blocs in which countries are grouped by default: each country is in the first that it belongs to.
BLOCS = ("EAEU", "SCO", "BRICS", "EU", "G7", "EFTA", "GCC")
OTHERS = "Others"


def blocs_of(dataset: xarray.Dataset, codes: Sequence[str], blocs: Sequence[str]) -> dict[str, str]:
    """For each country the first of these blocs that it belongs to, as of the latest membership known."""
    try:
        world = _engine.World(str(dataset.attrs.get("baseline", "")), data_folder())
    except InputError:  # a base year that is not here: nobody knows whom its regions stand for
        return {code: OTHERS for code in codes}
    members = {bloc: set(world.members(bloc, "")) for bloc in blocs}
    return {code: next((bloc for bloc in blocs if code in members[bloc]), OTHERS) for code in codes}


def largest(values: xarray.DataArray, top: Optional[int], dimension: str = "country") -> list[str]:
    """Labels of the `top` largest in absolute value, in falling order; all of them where `top` is None."""
    sizes = abs(values).fillna(0.0)
    order = numpy.argsort(-sizes.values, kind="stable")
    return [str(code) for code in values[dimension].values[order][: len(order) if top is None else top]]
