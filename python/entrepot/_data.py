"""Where the base years are, and arrays as xarray has them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import xarray

from . import _engine

#: Texts that say more of a dimension, beside the names of countries and sectors.
_COORDINATES = ("country_members", "sector_kind", "location_country")


def data_folder() -> Path:
    """The folder of base years and blocs: $ENTREPOT_DATA, the package's own, or that of the sources it was built from."""
    named = os.environ.get("ENTREPOT_DATA")
    if named:
        return Path(named)
    own = Path(__file__).parent / "data"
    return own if own.is_dir() else Path(_engine.data_folder)


def with_coordinates(dataset: xarray.Dataset) -> xarray.Dataset:
    return dataset.set_coords([name for name in dataset if name in _COORDINATES or str(name).endswith("_name")])


def to_dataset(result: dict[str, Any]) -> xarray.Dataset:
    """A dataset of what the engine answers."""
    return with_coordinates(xarray.Dataset(result["variables"], attrs=result["attributes"]))


def overrides_of(changes: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Paths and values: {"policy": {"embargo": {"coverage": 1}}} is {"policy.embargo.coverage": 1}."""
    result: dict[str, Any] = {}
    for key, value in changes.items():
        path = f"{before}.{key}" if before else key
        if isinstance(value, dict):
            result.update(overrides_of(value, path))
        else:
            result[path] = value
    return result
