"""Every figure, by what it draws: sizes, places, labels, and that its words do not lie on each other."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy
import pytest

import entrepot
from entrepot import plot

GRID = """
scenario = "{scenario}"
measures = ["welfare"]
[sample]
method = "grid"
[[vary]]
path = "policy.embargo.coverage"
values = [0, 0.25, 0.5, 1.0]
[[vary]]
path = "theta.scale"
values = [0.5, 1, 2]
"""


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def half():
    return entrepot.run("scenarios/half-embargo.toml")


@pytest.fixture(scope="module")
def evasion():
    return entrepot.run("scenarios/russia-2022-evasion.toml")


@pytest.fixture(scope="module")
def draws():
    return entrepot.sweep("scenarios/studies/minsk-uncertainty.toml", sample={"draws": 64})


def in_words(ax):
    """Tick labels of the vertical axis, from above."""
    return [text.get_text() for text in ax.get_yticklabels()]


def widths(ax):
    return numpy.array([bar.get_width() for bar in ax.patches])


def expect_readable(ax):
    """Draws it; no two of its texts lie on each other, and its title says what it is of."""
    figure = ax.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = list(ax.texts)
    if ax.axison:
        texts += [*ax.get_xticklabels(), *ax.get_yticklabels(), ax.xaxis.label, ax.yaxis.label]
    if ax.get_legend() is not None:
        texts += ax.get_legend().get_texts()
    shown = [t for t in texts if t.get_visible() and t.get_text()]
    boxes = [t.get_window_extent(renderer) for t in shown]
    turned = [t.get_rotation() not in (0.0, 90.0) for t in shown]
    for a in range(len(boxes)):
        for b in range(a):
            if turned[a] or turned[b]:
                continue  # a turned text's box is far larger than the text
            overlap = min(boxes[a].x1, boxes[b].x1) - max(boxes[a].x0, boxes[b].x0), min(
                boxes[a].y1, boxes[b].y1) - max(boxes[a].y0, boxes[b].y0)
            assert min(overlap) < 1.0, (shown[a].get_text(), shown[b].get_text())
    for line in ax.get_title(loc="left").split("\n"):
        assert line.strip()


def test_welfare(half):
    ax = plot.welfare(half, top=10)
    expect_readable(ax)
    assert ax.get_xlabel() == "Welfare, %" and "Iran under half an embargo" in ax.get_title(loc="left")
    names = in_words(ax)
    assert len(names) == 10 and "Iran" in names
    assert widths(ax)[names.index("Iran")] == pytest.approx(float(half.welfare.sel(country="IRN")))
    blocs = [text.get_text() for text in ax.texts]
    assert blocs == sorted(blocs, key=["EAEU", "SCO", "BRICS", "EU", "G7", "EFTA", "GCC", "Others"].index)
    losers = [bar.get_facecolor() for bar in ax.patches if bar.get_width() < 0]
    gainers = [bar.get_facecolor() for bar in ax.patches if bar.get_width() > 0]
    assert losers and gainers and len(set(losers)) == len(set(gainers)) == 1 and losers[0] != gainers[0]
    chosen = plot.welfare(half, "real_wage", countries=["IRN", "DEU"], blocs=["EU"])
    assert in_words(chosen) == ["Germany", "Iran"]


def test_welfare_of_a_sweep_has_bands(draws):
    ax = plot.welfare(draws, "welfare_usd", top=12)
    expect_readable(ax)
    names = in_words(ax)
    (lines,) = ax.collections
    row = names.index("Iran")
    quantiles = draws.welfare_usd_quantile.sel(country="IRN").values
    assert lines.get_segments()[row][:, 0] == pytest.approx([quantiles.min(), quantiles.max()])
    assert quantiles.min() < widths(ax)[row] < quantiles.max()
    assert "5 to 95 %" in ax.get_title(loc="left")


def test_decomposition(half):
    ax = plot.decomposition(half, top=5)
    expect_readable(ax)
    names = in_words(ax)
    assert len(names) == 5
    (dots,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert dots.get_xdata()[names.index("Iran")] == pytest.approx(float(half.welfare.sel(country="IRN")))
    row = names.index("Iran")
    parts = [bar.get_width() for bar in ax.patches if round(bar.get_y() + bar.get_height() / 2) == row]
    assert sum(parts) == pytest.approx(float(half.welfare.sel(country="IRN")), rel=1e-6)
    assert {text.get_text() for text in ax.get_legend().get_texts()} >= {"welfare", "ban", "terms of trade"}
    assert "first order" in plot.decomposition(half, first_order=True).get_title(loc="left")


def test_sectors_add_up(half):
    ax = plot.sectors(half, "IRN", top=6)
    expect_readable(ax)
    total = float((half.value_added - half.value_added_base).sel(country="IRN").sum())
    assert in_words(ax)[-2:] == ["all others", "Total"]
    assert widths(ax)[-1] == pytest.approx(total) and widths(ax)[:-1].sum() == pytest.approx(total)
    starts = [bar.get_x() for bar in ax.patches[:-1]]
    assert starts == pytest.approx([0.0, *numpy.cumsum(widths(ax)[:-2])])
    assert "million USD" in ax.get_xlabel()


def test_tornado(draws):
    ax = plot.tornado(draws, "IRN")
    expect_readable(ax)
    first = in_words(ax)[0]
    spread = (draws.welfare_high - draws.welfare_low).sel(country="IRN")
    assert first == str(spread.factor.values[numpy.abs(spread.values).argmax()])
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches[:2]]
    assert ends == pytest.approx([float(draws[name].sel(country="IRN", factor=first)) for name in ("welfare_low", "welfare_high")])
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"at its 5 % quantile", "at its 95 % quantile"}


def test_leakage(evasion, half):
    ax = plot.leakage(evasion)
    expect_readable(ax)
    by_hub = evasion.evaded_trade.sum("sector")
    first = in_words(ax)[0]
    assert first == str(evasion.country_name.values[by_hub.values.argmax()])
    ends = [bar.get_x() + bar.get_width() for bar in ax.patches if round(bar.get_y() + bar.get_height() / 2) == 0]
    assert max(ends) == pytest.approx(float(by_hub.max()))
    share = 100.0 * float(by_hub.max() / evasion.outlawed_trade.sum())
    assert ax.texts[0].get_text().strip() == f"{share:.1f} %"
    with pytest.raises(ValueError, match="evasion"):
        plot.leakage(half)


def test_trade_change(half):
    ax = plot.trade_change(half, top=8)
    expect_readable(ax)
    names = in_words(ax)
    picture = ax.images[0].get_array()
    assert picture.shape == (8, 8) and numpy.isnan(numpy.diag(picture.filled(numpy.nan))).all()
    flows = [array.sel(exporter="IRN", importer="DEU").sum() for array in (half.trade, half.trade_base)]
    change = 100.0 * float(flows[0] / flows[1] - 1.0)
    assert picture[names.index("Iran"), names.index("Germany")] == pytest.approx(change)
    assert change < -40.0
    limits = ax.images[0].get_clim()
    assert limits[0] == -limits[1]
    assert ax.images[0].norm(0.0) == pytest.approx(0.5)
    usd = plot.trade_change(half, countries=["IRN", "CHN", "DEU"], sector="machinery", percent=False)
    expected = float((half.trade - half.trade_base).sel(sector="machinery", exporter="DEU", importer="IRN"))
    assert usd.images[0].get_array()[in_words(usd).index("Germany"), in_words(usd).index("Iran")] == pytest.approx(expected)
    assert "Machinery" in usd.get_title(loc="left")


@pytest.mark.parametrize("exports", [True, False])
def test_sankey(half, exports):
    ax = plot.sankey(half, "IRN", exports=exports, top=5)
    expect_readable(ax)
    side = {"exporter" if exports else "importer": "IRN"}
    totals = [float(array.sel(side).sum() - array.sel(exporter="IRN", importer="IRN").sum()) for array in (half.trade_base, half.trade)]
    blocks = [patch for patch in ax.patches if hasattr(patch, "get_height")]
    left = sum(block.get_height() for block in blocks if block.get_x() < 0.5)
    right = sum(block.get_height() for block in blocks if block.get_x() > 0.5)
    assert [left, right] == pytest.approx(totals)
    words = " ".join(text.get_text() for text in ax.texts)
    assert "China" in words and "all others" in words and f"before: {totals[0]:,.0f}" in words
    with pytest.raises(ValueError, match="no such trade"):
        plot.sankey(half.assign(trade=0 * half.trade, trade_base=0 * half.trade_base), "IRN")


def test_surface(tmp_path, draws):
    study = tmp_path / "grid.toml"
    study.write_text(GRID.format(scenario=Path("scenarios/half-embargo.toml").resolve()))
    grid = entrepot.sweep(study)
    ax = plot.surface(grid, "policy.embargo.coverage", "theta.scale", "IRN")
    expect_readable(ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("policy.embargo.coverage", "theta.scale")
    (dots,) = ax.lines
    assert sorted(set(dots.get_xdata())) == [0, 0.25, 0.5, 1.0] and sorted(set(dots.get_ydata())) == [0.5, 1, 2]
    assert ax.get_xlim()[0] <= 0.0 and ax.get_xlim()[1] >= 1.0
    with pytest.raises(ValueError, match="drawn are policy.embargo.coverage, theta.scale"):
        plot.surface(grid, "coverage", "theta.scale", "IRN")
    with pytest.raises(ValueError, match="sweep"):
        plot.surface(entrepot.run("scenarios/half-embargo.toml"), "a", "b", "IRN")


def test_path(half, evasion):
    ax = plot.path([half, evasion], [2021, 2022], ["IRN", "RUS"])
    expect_readable(ax)
    russia = ax.lines[1]
    assert list(russia.get_xdata()) == [2021, 2022]
    assert russia.get_ydata()[1] == pytest.approx(float(evasion.welfare.sel(country="RUS")))
    assert [text.get_text() for text in ax.texts] == ["Iran", "Russia"]
    with pytest.raises(ValueError, match="a year for each"):
        plot.path([half], [2021, 2022], ["IRN"])


def test_figures_go_on_axes_that_are_given(half):
    figure, axes = plt.subplots(1, 2)
    assert plot.welfare(half, ax=axes[0]) is axes[0]
    assert plot.decomposition(half, ax=axes[1]) is axes[1]
    assert len(plt.get_fignums()) == 1


def test_what_is_missing_is_told(draws):
    with pytest.raises(ValueError, match="no 'decomposition_exact'"):
        plot.decomposition(draws)
    with pytest.raises(ValueError, match="'welfares'"):
        plot.welfare(draws, "welfares")
