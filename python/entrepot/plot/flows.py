"""Figures of trade between countries: a heat map and a Sankey diagram."""

from __future__ import annotations

from typing import Optional, Sequence

import numpy
import xarray
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ._countries import BLOCS, OTHERS, blocs_of
from ._style import COLOURS, NEUTRAL, centred, diverging, expect, finish, name_of, new_axes, units


def _trade(dataset: xarray.Dataset, sector: Optional[str]) -> tuple[xarray.DataArray, xarray.DataArray]:
    """Trade between different places, before and after, exporter × importer."""
    expect(dataset, "trade", "trade_base", hint="trade by flow is part of a run; a sweep has it where its measures say so")
    pair = []
    for name in ("trade_base", "trade"):
        array = dataset[name]
        array = array.sum("sector", keep_attrs=True) if sector is None else array.sel(sector=sector)
        array = array.transpose("exporter", "importer").copy()
        numpy.fill_diagonal(array.values, 0.0)
        pair.append(array)
    return pair[0], pair[1]


def _largest_traders(base: xarray.DataArray, after: xarray.DataArray, top: int) -> list[str]:
    change = abs(after - base)
    size = change.sum("importer").values + change.sum("exporter").values
    order = numpy.argsort(-size, kind="stable")[:top]
    return [str(code) for code in base["exporter"].values[numpy.sort(order)]]


def trade_change(
    dataset: xarray.Dataset,
    *,
    sector: Optional[str] = None,
    countries: Optional[Sequence[str]] = None,
    top: int = 16,
    percent: bool = True,
    ax: Optional[Axes] = None,
) -> Axes:
    """A heat map of how trade changes, exporters down, importers across, grouped by bloc.

    Parameters
    ----------
    sector
        One sector; by default all together.
    countries, top
        Which countries, or how many of those where most changes.
    percent
        Changes in per cent, else in million USD.
    """
    base, after = _trade(dataset, sector)
    shown = list(countries) if countries is not None else _largest_traders(base, after, top)
    group = blocs_of(dataset, shown, BLOCS)
    shown.sort(key=lambda code: [*BLOCS, OTHERS].index(group[code]))
    before, now = (array.sel(exporter=shown, importer=shown).values for array in (base, after))
    with numpy.errstate(divide="ignore", invalid="ignore"):
        values = numpy.where(before > 0.0, 100.0 * (now / before - 1.0), numpy.nan) if percent else now - before
    numpy.fill_diagonal(values, numpy.nan)
    # One flow that multiplies would leave all others white: colours end at the 95 % quantile, numbers do not.
    limit = float(numpy.nanquantile(numpy.abs(values), 0.95)) or float(numpy.nanmax(numpy.abs(values))) or 1.0
    ax = new_axes(ax, width=7.0, height=1.6 + 0.3 * len(shown))
    picture = ax.imshow(values, cmap=diverging(), norm=centred([limit]), aspect="auto")
    for row in range(len(shown)):
        for column in range(len(shown)):
            value = values[row, column]
            if numpy.isfinite(value):
                strong = abs(value) > 0.6 * limit
                ax.text(column, row, _short(value), ha="center", va="center", fontsize=6, color="white" if strong else "black")
    names = [name_of(dataset, "country", code) for code in shown]
    ax.set_xticks(range(len(shown)), names, rotation=60, ha="right", rotation_mode="anchor", fontsize=8)
    ax.set_yticks(range(len(shown)), names, fontsize=8)
    ax.set_xlabel("importer")
    ax.set_ylabel("exporter")
    what = "%" if percent else units(dataset["trade"])
    ax.figure.colorbar(picture, ax=ax, label=f"Change of trade, {what}", extend="both", fraction=0.04, pad=0.02)
    finish(ax, "How trade changes" + (f": {name_of(dataset, 'sector', sector)}" if sector else ""), dataset)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    return ax


def _short(value: float) -> str:
    if abs(value) >= 10000:
        return f"{value / 1000:.0f}k"
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}" if abs(value) >= 0.05 else "0"


def sankey(
    dataset: xarray.Dataset,
    country: str,
    *,
    exports: bool = True,
    sector: Optional[str] = None,
    top: int = 7,
    ax: Optional[Axes] = None,
) -> Axes:
    """A Sankey diagram of a country's exports (or imports): to whom they went, and to whom they go.

    Left the base, right the scenario; a band's width is trade in million USD.
    """
    base, after = _trade(dataset, sector)
    side = "exporter" if exports else "importer"
    base, after = (array.sel({side: country}) for array in (base, after))
    partner = "importer" if exports else "exporter"
    size = numpy.maximum(base.values, after.values)
    order = numpy.argsort(-size, kind="stable")[:top]
    codes = [str(code) for code in base[partner].values[order]]
    before = [float(base.sel({partner: code})) for code in codes]
    now = [float(after.sel({partner: code})) for code in codes]
    names = [name_of(dataset, "country", code) for code in codes]
    before.append(float(base.sum()) - sum(before))
    now.append(float(after.sum()) - sum(now))
    names.append("all others")
    if max(sum(before), sum(now)) <= 0.0:
        raise ValueError(f"'{country}' has no such trade")
    ax = new_axes(ax, width=7.0, height=1.5 + 0.4 * len(names))
    gap = 0.03 * max(sum(before), sum(now))
    tops = [0.0, 0.0]
    for k, name in enumerate(names):
        colour = COLOURS[k % (len(COLOURS) - 1)] if k < len(codes) else NEUTRAL
        (y0, y1), (h0, h1) = tops, (before[k], now[k])
        band = Path(
            [(0.15, y0), (0.5, y0), (0.5, y1), (0.85, y1), (0.85, y1 + h1), (0.5, y1 + h1), (0.5, y0 + h0), (0.15, y0 + h0), (0.15, y0)],
            [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY],
        )
        ax.add_patch(PathPatch(band, facecolor=colour, alpha=0.45, linewidth=0))
        for x, y, h in ((0.13, y0, h0), (0.85, y1, h1)):
            ax.add_patch(Rectangle((x, y), 0.02, h, facecolor=colour, linewidth=0))
        ax.text(0.12, y0 + h0 / 2, f"{name}  {h0:,.0f}", ha="right", va="center", fontsize=8)
        change = f" ({100 * (h1 / h0 - 1):+.1f} %)" if h0 > 0 else ""
        ax.text(0.88, y1 + h1 / 2, f"{h1:,.0f}{change}  {name}", ha="left", va="center", fontsize=8)
        # Small bands still need room for their words.
        tops = [y0 + max(h0, 1.6 * gap) + gap, y1 + max(h1, 1.6 * gap) + gap]
    ax.set_xlim(-0.35, 1.35)
    ax.set_ylim(max(tops), -2.5 * gap)
    ax.text(0.14, -gap, f"before: {sum(before):,.0f}", ha="center", fontsize=8, weight="bold")
    ax.text(0.86, -gap, f"after: {sum(now):,.0f}", ha="center", fontsize=8, weight="bold")
    what = "exports" if exports else "imports"
    where = f" of {name_of(dataset, 'sector', sector)}" if sector else ""
    finish(ax, f"{name_of(dataset, 'country', country)}: {what}{where}, {units(dataset['trade'])}", dataset)
    ax.axis("off")
    return ax
