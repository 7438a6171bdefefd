"""Figures of bars: who gains and loses, why, and what it depends on."""

from __future__ import annotations

from typing import Optional, Sequence

import numpy
import xarray
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from ._countries import BLOCS, OTHERS, blocs_of, largest
from ._style import (
    COLOURS,
    NEUTRAL,
    expect,
    finish,
    label,
    legend,
    name_of,
    new_axes,
    sign_colours,
    units,
    zero_line,
)


def _bands(dataset: xarray.Dataset, measure: str) -> tuple[xarray.DataArray, Optional[xarray.DataArray]]:
    """The middle and, of a sweep, its lowest and highest quantile."""
    if f"{measure}_quantile" not in dataset:
        expect(dataset, measure, hint="name a measure by country")
        return dataset[measure], None
    quantiles = dataset[f"{measure}_quantile"]
    levels = numpy.array([float(level) for level in quantiles["quantile"].values])
    middle = quantiles.isel(quantile=int(numpy.abs(levels - 0.5).argmin()))
    return middle.assign_attrs(dataset[measure].attrs), quantiles.isel(quantile=[levels.argmin(), levels.argmax()])


def welfare(
    dataset: xarray.Dataset,
    measure: str = "welfare",
    *,
    blocs: Sequence[str] = BLOCS,
    countries: Optional[Sequence[str]] = None,
    top: Optional[int] = 24,
    ax: Optional[Axes] = None,
) -> Axes:
    """Bars of a measure by country, blue where it rises, red where it falls; of a sweep the median with its band.

    Parameters
    ----------
    dataset
        Results of a run or a sweep.
    measure
        A measure by country.
    blocs
        Blocs to group by; a country stands under the first that it belongs to.
    countries, top
        Which countries, or how many of those where most happens.
    ax
        Where to draw; by default a figure of its own.
    """
    middle, band = _bands(dataset, measure)
    dimension = str(middle.dims[0])
    shown = list(countries) if countries is not None else largest(middle, top, dimension)
    group = blocs_of(dataset, shown, blocs)
    order = [*blocs, OTHERS]
    values = {code: float(middle.sel({dimension: code})) for code in shown}
    shown.sort(key=lambda code: (order.index(group[code]), -values[code]))
    # Groups stand apart by half a bar.
    places, place = [], 0.0
    for k, code in enumerate(shown):
        place += 0.6 if k and group[code] != group[shown[k - 1]] else 0.0
        places.append(place)
        place += 1.0
    ax = new_axes(ax, height=1.0 + 0.2 * (place + 1.0))
    ax.barh(places, [values[code] for code in shown], color=sign_colours(values[code] for code in shown), height=0.75)
    if band is not None:
        low, high = (band.isel(quantile=k).sel({dimension: shown}).values for k in (0, 1))
        ax.hlines(places, low, high, color="#222222", linewidth=1.2)
    ax.set_yticks(places, [name_of(dataset, "country", code) for code in shown])
    ax.invert_yaxis()
    zero_line(ax)
    for bloc in dict.fromkeys(group[code] for code in shown):
        rows = [p for p, code in zip(places, shown) if group[code] == bloc]
        ax.text(1.01, numpy.mean(rows), bloc, transform=ax.get_yaxis_transform(), va="center", fontsize=8, color="#333333")
    ax.set_xlabel(label(middle))
    title = "By country and bloc"
    if band is not None:
        levels = [f"{100 * float(q):g}" for q in band["quantile"].values]
        title += f": median of the draws, and their {levels[0]} to {levels[1]} % quantiles"
    return finish(ax, title, dataset)


def decomposition(
    dataset: xarray.Dataset,
    *,
    countries: Optional[Sequence[str]] = None,
    top: int = 12,
    first_order: bool = False,
    ax: Optional[Axes] = None,
) -> Axes:
    """Why welfare changes: its parts, stacked, with the whole as a dot."""
    name = "decomposition_first_order" if first_order else "decomposition_exact"
    expect(dataset, name, hint="the decomposition is part of a solved run")
    parts = dataset[name]
    total = dataset["welfare"]
    shown = list(countries) if countries is not None else largest(total, top)
    shown.sort(key=lambda code: -float(total.sel(country=code)))
    components = [str(c) for c in parts["component"].values if abs(parts.sel(component=c, country=shown)).max() > 1e-9]
    own = ax is None
    ax = new_axes(ax, height=1.2 + 0.28 * len(shown))
    rising, falling = numpy.zeros(len(shown)), numpy.zeros(len(shown))
    for k, component in enumerate(components):
        values = parts.sel(component=component, country=shown).values
        left = numpy.where(values > 0, rising, falling)
        ax.barh(range(len(shown)), values, left=left, height=0.7, color=COLOURS[k % len(COLOURS)],
                label=component.replace("_", " "), edgecolor="white", linewidth=0.4)
        rising += numpy.where(values > 0, values, 0.0)
        falling += numpy.where(values < 0, values, 0.0)
    ax.plot(total.sel(country=shown).values, range(len(shown)), "o", color="black", markersize=4, label="welfare")
    ax.set_yticks(range(len(shown)), [name_of(dataset, "country", code) for code in shown])
    ax.invert_yaxis()
    zero_line(ax)
    ax.set_xlabel(label(total))
    legend(ax, own)
    return finish(ax, "Why welfare changes" + (" (first order)" if first_order else ""), dataset)


def sectors(
    dataset: xarray.Dataset,
    country: str,
    measure: str = "value_added",
    *,
    top: int = 12,
    ax: Optional[Axes] = None,
) -> Axes:
    """A waterfall: the change of a country's measure by sector, adding up to the whole."""
    expect(dataset, measure, f"{measure}_base", hint="name a measure in million USD by country and sector")
    change = (dataset[measure] - dataset[f"{measure}_base"]).assign_attrs(dataset[measure].attrs)
    place = str(change.dims[0])
    own = change.sel({place: country})
    if own.ndim != 1:
        raise ValueError(f"'{measure}' is not by country and sector")
    shown = largest(own, top, "sector")
    rest = float(own.sum()) - float(own.sel(sector=shown).sum())
    shown.sort(key=lambda code: -float(own.sel(sector=code)))
    names = [name_of(dataset, "sector", code) for code in shown]
    steps = [float(own.sel(sector=code)) for code in shown]
    if len(shown) < own.sizes["sector"]:
        names.append("all others")
        steps.append(rest)
    ends = numpy.cumsum(steps)
    ax = new_axes(ax, height=1.2 + 0.24 * (len(steps) + 1))
    rows = numpy.arange(len(steps))
    ax.barh(rows, steps, left=ends - steps, color=sign_colours(steps), height=0.7)
    ax.barh([len(steps)], [ends[-1]], color="#333333", height=0.7)
    for k in range(len(steps)):
        ax.plot([ends[k]] * 2, [k - 0.35, k + 1.35], color="#999999", linewidth=0.7)
    ax.set_yticks(range(len(steps) + 1), [*names, "Total"])
    ax.invert_yaxis()
    zero_line(ax)
    ax.set_xlabel(f"Change of {change.attrs.get('long_name', measure)}, {units(change)}")
    return finish(ax, f"{name_of(dataset, 'country', country)}: which sectors grow and shrink", dataset)


def tornado(
    dataset: xarray.Dataset, country: str, measure: str = "welfare", *, top: int = 12, ax: Optional[Axes] = None
) -> Axes:
    """What a country's measure depends on: each factor at its low and high quantile, all others at their median."""
    expect(dataset, f"{measure}_low", f"{measure}_high", hint="a tornado comes from a sweep that has one ([sample] tornado)")
    low, high, middle = (dataset[f"{measure}_{name}"] for name in ("low", "high", "middle"))
    place = str(middle.dims[0])
    low, high, middle = (array.sel({place: country}) for array in (low, high, middle))
    shown = largest(high - low, top, "factor")
    start = float(middle)
    own = ax is None
    ax = new_axes(ax, height=1.2 + 0.28 * len(shown))
    for row, factor in enumerate(shown):
        for array, colour in ((low, COLOURS[1]), (high, COLOURS[0])):
            end = float(array.sel(factor=factor))
            ax.barh(row, end - start, left=start, color=colour, height=0.7)
    ax.axvline(start, color="#333333", linewidth=0.8)
    ax.set_yticks(range(len(shown)), shown)
    ax.invert_yaxis()
    ax.set_xlabel(label(dataset[measure]))
    levels = [100.0 * float(dataset.attrs.get(name, level)) for name, level in (("tornado_low", 0.05), ("tornado_high", 0.95))]
    legend(ax, own, [Patch(color=COLOURS[1], label=f"at its {levels[0]:g} % quantile"),
                     Patch(color=COLOURS[0], label=f"at its {levels[1]:g} % quantile")])
    return finish(ax, f"{name_of(dataset, 'country', country)}: what it depends on", dataset)


def leakage(dataset: xarray.Dataset, *, top: int = 10, ax: Optional[Axes] = None) -> Axes:
    """Outlawed goods that go through hubs, by hub and sector, and what share of all outlawed trade that is."""
    expect(dataset, "evaded_trade", "outlawed_trade", hint="only runs with an `evasion` policy have hubs")
    evaded = dataset["evaded_trade"]
    hub = str(evaded.dims[0])
    by_hub = evaded.sum("sector")
    shown = [code for code in largest(by_hub, top, hub) if float(by_hub.sel({hub: code})) > 0.0]
    if not shown:
        raise ValueError("nothing is evaded in this run")
    by_sector = evaded.sel({hub: shown})
    named = largest(by_sector.sum(hub), len(COLOURS) - 1, "sector")
    own = ax is None
    ax = new_axes(ax, height=1.4 + 0.3 * len(shown))
    left = numpy.zeros(len(shown))
    others = by_sector.sum("sector") - by_sector.sel(sector=named).sum("sector")
    rows = [(name_of(dataset, "sector", code), by_sector.sel(sector=code).values, COLOURS[k]) for k, code in enumerate(named)]
    for name, values, colour in [*rows, ("all others", others.values, NEUTRAL)]:
        if values.max() > 0.005 * float(by_hub.max()):
            ax.barh(range(len(shown)), values, left=left, color=colour, height=0.7, label=name)
        left += values
    outlawed = float(dataset["outlawed_trade"].sum())
    for row, code in enumerate(shown):
        share = 100.0 * float(by_hub.sel({hub: code})) / outlawed
        ax.text(float(by_hub.sel({hub: code})), row, f" {share:.1f} %", va="center", fontsize=8)
    ax.set_yticks(range(len(shown)), [name_of(dataset, "country", code) for code in shown])
    ax.invert_yaxis()
    ax.set_xlim(0.0, 1.15 * float(by_hub.max()))
    ax.set_xlabel(f"Evaded trade, {units(evaded)}; beside the bars: share of all trade outlawed")
    legend(ax, own)
    return finish(ax, "Through which hubs outlawed goods go", dataset)
