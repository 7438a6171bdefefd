"""Draws the pictures of README.md and docs/python.md: draw.py, from the repository's folder."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import entrepot
from entrepot import plot

FOLDER = Path(__file__).parent


def keep(name, ax):
    ax.figure.savefig(FOLDER / f"{name}.png", dpi=100, bbox_inches="tight", metadata={"Software": None})


if __name__ == "__main__":
    minsk = entrepot.run("scenarios/minsk-2025.toml")
    keep("welfare", plot.welfare(minsk, "welfare_usd", top=16))
    keep("decomposition", plot.decomposition(minsk, countries=["ARM", "RUS", "IRN", "KAZ", "BLR", "KGZ"]))
    draws = entrepot.sweep("scenarios/studies/minsk-uncertainty.toml", sample={"draws": 2000})
    keep("uncertainty", plot.welfare(draws, "welfare_usd", top=12))
    keep("tornado", plot.tornado(draws, "IRN"))
    keep("sankey", plot.sankey(entrepot.run("scenarios/iran-snapback-2025.toml"), "IRN", exports=False))
