"""The base year's world, to look at."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Union

import pandas
import xarray

from . import _engine
from ._data import data_folder, to_dataset


def baselines() -> list[str]:
    """The base years in the box.

    >>> "eurasia-2021" in baselines()
    True
    """
    return _engine.baselines(data_folder())


class World:
    """A base year: its accounts as an xarray Dataset, its countries, sectors and blocs.

    Parameters
    ----------
    baseline
        The name of a base year in the box (see :func:`baselines`), or its folder.

    Examples
    --------
    >>> world = World("eurasia-2021")
    >>> world.countries["IRN"]
    'Iran'
    >>> world.members("EAEU")
    ['BLR', 'RUS', 'KAZ', 'ARM', 'KGZ']
    >>> float(world["trade"].sel(exporter="IRN", importer="CHN").sum()) > 1000
    True
    """

    def __init__(self, baseline: Union[str, Path]):
        self._world = _engine.World(str(baseline), data_folder())
        #: Everything in it, with units and descriptions.
        self.dataset: xarray.Dataset = to_dataset(self._world.dataset())

    @property
    def countries(self) -> pandas.Series:
        """Names by code."""
        return self.dataset.country_name.to_series()

    @property
    def sectors(self) -> pandas.Series:
        """Names by code."""
        return self.dataset.sector_name.to_series()

    @property
    def blocs(self) -> list[str]:
        """Names of the blocs that scenarios may use."""
        return self._world.blocs()

    def members(self, bloc: str, date: Union[str, datetime.date, None] = None) -> list[str]:
        """Countries of this world in a bloc on a day; by default its latest members."""
        return self._world.members(bloc, "" if date is None else str(date))

    def __getitem__(self, name: str) -> xarray.DataArray:
        return self.dataset[name]

    def __repr__(self) -> str:
        attributes: dict[Any, Any] = self.dataset.attrs
        return f"<World {attributes['baseline']}: {attributes['title']}, {attributes['year']}>"
