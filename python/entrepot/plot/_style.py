"""Colours, labels and sizes that all figures share."""

from __future__ import annotations

import textwrap
from typing import Any, Iterable, Optional, Sequence

import matplotlib.pyplot as plt
import numpy
import xarray
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, TwoSlopeNorm

#: Okabe & Ito's colours, told apart by colour-blind readers too.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#777777")
GAIN, LOSS, NEUTRAL = COLOURS[0], COLOURS[3], "#777777"
#: Losses red, gains blue, nothing white.
DIVERGING = "RdBu"

_DPI = 150


def new_axes(ax: Optional[Axes], width: float = 6.5, height: float = 4.0) -> Axes:
    """The axes to draw on: those given, or new ones of a page's width in inches."""
    if ax is not None:
        return ax
    _, ax = plt.subplots(figsize=(width, height), layout="constrained", dpi=_DPI)
    ax.tick_params(labelsize=9)
    return ax


def finish(ax: Axes, title: str, dataset: xarray.Dataset) -> Axes:
    """Puts above what is drawn, and of which scenario."""
    named = str(dataset.attrs.get("title", ""))
    world = str(dataset.attrs.get("baseline", ""))
    of = f"{named} ({world})" if named and world else named or world
    ax.set_title(f"{title}\n{textwrap.shorten(of, 90, placeholder='…')}" if of else title, loc="left", fontsize=9)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set_size(9)
    return ax


def legend(ax: Axes, own: bool, handles: Optional[Sequence[Any]] = None) -> None:
    """Beside what is drawn on a figure of our own; on axes of somebody else's figure where it fits."""
    if handles is None:
        handles, _ = ax.get_legend_handles_labels()
    if own:
        ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.0), fontsize=8, frameon=False)
    else:
        ax.legend(handles=handles, loc="best", fontsize=8, frameon=False)


def units(array: xarray.DataArray) -> str:
    unit = str(array.attrs.get("units", ""))
    return {"percent": "%", "1": ""}.get(unit, unit)


def label(array: xarray.DataArray) -> str:
    """An axis's label: what it is, in what."""
    name = str(array.attrs.get("long_name", array.name))
    return f"{name[:1].upper()}{name[1:]}, {units(array)}" if units(array) else name


def name_of(dataset: xarray.Dataset, dimension: str, code: str) -> str:
    """The name of a country or sector, as the dataset has it, else its code."""
    known = {code: name for key, names in dataset.coords.items() if str(key).endswith(f"{dimension}_name")
             for code, name in zip(names[names.dims[0]].values, names.values)}
    return textwrap.shorten(str(known.get(code, code)), 36, placeholder="…")


def sign_colours(values: Iterable[float]) -> list[str]:
    return [GAIN if value > 0 else LOSS if value < 0 else NEUTRAL for value in values]


def centred(values: Any) -> TwoSlopeNorm:
    """A scale of colours with nothing in its middle."""
    most = float(numpy.nanmax(numpy.abs(values))) or 1.0
    return TwoSlopeNorm(0.0, -most, most)


def diverging() -> Colormap:
    return plt.get_cmap(DIVERGING)


def zero_line(ax: Axes, vertical: bool = True) -> None:
    (ax.axvline if vertical else ax.axhline)(0.0, color="#333333", linewidth=0.8)


def expect(dataset: xarray.Dataset, *names: str, hint: str) -> None:
    missing = [name for name in names if name not in dataset]
    if missing:
        raise ValueError(f"this dataset has no '{missing[0]}': {hint}")
