"""Figures over what varies: two parameters, and time."""

from __future__ import annotations

from typing import Optional, Sequence

import numpy
import xarray
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from matplotlib.tri import Triangulation

from ._style import COLOURS, centred, diverging, expect, finish, label, name_of, new_axes, zero_line


def surface(
    dataset: xarray.Dataset,
    x: str,
    y: str,
    country: str,
    measure: str = "welfare",
    *,
    ax: Optional[Axes] = None,
) -> Axes:
    """The response of a country's measure to two of the numbers that a sweep draws; dots are draws.

    Best of a grid of the two: where others are drawn too, their scatter is in the picture.

    Parameters
    ----------
    x, y
        Paths of what is drawn, as in the dataset's dimension `input`: "policy.embargo.coverage".
    """
    expect(dataset, "drawn", measure, hint="a response surface comes from a sweep")
    inputs = [str(name) for name in dataset["input"].values]
    for name in (x, y):
        if name not in inputs:
            raise ValueError(f"'{name}' is not drawn; drawn are {', '.join(inputs)}")
    values = dataset[measure]
    place = str(values.dims[1])
    values = values.sel({place: country})
    across, along = (dataset["drawn"].sel(input=name) for name in (x, y))
    there = numpy.isfinite(values.values)
    points = [array.values[there] for array in (across, along, values)]
    if there.sum() < 3 or numpy.ptp(points[0]) == 0.0 or numpy.ptp(points[1]) == 0.0:
        raise ValueError("a surface needs draws that differ in both numbers")
    ax = new_axes(ax, height=4.6)
    both = points[2].min() < 0.0 < points[2].max()
    colours = {"cmap": diverging(), "norm": centred(points[2])} if both else {"cmap": "viridis"}
    # Triangles of like size: the axes' units must not matter.
    scaled = [(array - array.min()) / numpy.ptp(array) for array in points[:2]]
    triangles = Triangulation(*scaled).triangles
    picture = ax.tricontourf(points[0], points[1], triangles, points[2], 14, **colours)
    if both:
        ax.tricontour(points[0], points[1], triangles, points[2], levels=[0.0], colors="black", linewidths=1.2)
    ax.plot(points[0], points[1], ".", color="black", markersize=2, alpha=0.5)
    ax.figure.colorbar(picture, ax=ax, label=label(dataset[measure]))
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    return finish(ax, f"{name_of(dataset, 'country', country)}: {label(dataset[measure]).split(',')[0].lower()}", dataset)


def path(
    datasets: Sequence[xarray.Dataset],
    years: Sequence[float],
    countries: Sequence[str],
    measure: str = "welfare",
    *,
    ax: Optional[Axes] = None,
) -> Axes:
    """A measure over time: results of one scenario for several years, a line for each country."""
    if len(datasets) != len(years) or not datasets:
        raise ValueError("name a year for each of the datasets, of which there must be some")
    expect(datasets[0], measure, hint="name a measure by country")
    ax = new_axes(ax, height=3.6)
    for k, country in enumerate(countries):
        values = [float(dataset[measure].sel(country=country)) for dataset in datasets]
        style = ("-", "--", ":", "-.")[k // len(COLOURS) % 4]
        ax.plot(years, values, style, marker="o", markersize=3, color=COLOURS[k % len(COLOURS)])
        ax.annotate(name_of(datasets[0], "country", country), (years[-1], values[-1]), (4, 0),
                    textcoords="offset points", va="center", fontsize=8, color="#333333")
    zero_line(ax, vertical=False)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("year")
    ax.set_ylabel(label(datasets[0][measure]))
    return finish(ax, "Over the years", datasets[0])
