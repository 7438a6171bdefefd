"""Figures of results, each on the axes it is given or on its own, which it answers.

Labelled with units and scenario, in colours that colour-blind readers can tell apart, at a page's width;
``ax.figure.savefig("welfare.pdf")`` keeps one.

>>> import entrepot
>>> results = entrepot.run("scenarios/half-embargo.toml")
>>> axes = entrepot.plot.welfare(results, top=8)
>>> axes.get_xlabel()
'Welfare, %'
"""

from ._style import COLOURS
from .bars import decomposition, leakage, sectors, tornado, welfare
from .flows import sankey, trade_change
from .surfaces import path, surface

__all__ = [
    "COLOURS",
    "decomposition",
    "leakage",
    "path",
    "sankey",
    "sectors",
    "surface",
    "tornado",
    "trade_change",
    "welfare",
]
