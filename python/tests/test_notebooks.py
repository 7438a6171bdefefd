"""Notebooks run from top to bottom, and say what their stored outputs say.

With ENTREPOT_UPDATE=1 the outputs are stored anew.
"""

import math
import os
import re
import subprocess
from pathlib import Path

import nbclient
import nbformat
import pytest

import entrepot

NOTEBOOKS = sorted(Path(__file__).parents[2].joinpath("notebooks").glob("*.ipynb"))
NUMBER = re.compile(r"[-+−]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?")


def texts_of(cell):
    """What a cell says, in words; pictures are for eyes."""
    for output in cell.get("outputs", []):
        assert output["output_type"] != "error", output
        if output["output_type"] == "stream":
            yield output["text"]
        elif "text/plain" in output.get("data", {}) and "image/png" not in output["data"]:
            yield output["data"]["text/plain"]


def expect_alike(found, stored):
    """The same words, and numbers alike to what machines and rounding may change."""
    assert re.sub(r"\s+", " ", NUMBER.sub("#", found)) == re.sub(r"\s+", " ", NUMBER.sub("#", stored))
    for one, other in zip(NUMBER.findall(found), NUMBER.findall(stored)):
        a, b = (float(text.replace(",", "").replace("−", "-")) for text in (one, other))
        assert math.isclose(a, b, rel_tol=5e-3, abs_tol=2e-3), (one, other, found)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_runs_and_says_what_is_stored(file, monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)  # pictures go into the notebook
    notebook = nbformat.read(file, as_version=4)
    stored = [list(texts_of(cell)) for cell in notebook.cells]
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(file.parent)}})
    client.execute()
    found = [list(texts_of(cell)) for cell in notebook.cells]
    if os.environ.get("ENTREPOT_UPDATE"):
        for cell in notebook.cells:
            cell.metadata.clear()  # when it ran
        notebook.metadata.pop("language_info", None)
        nbformat.write(notebook, file)
        return
    for cell, now, before in zip(notebook.cells, found, stored):
        assert len(now) == len(before), cell.source
        for one, other in zip(now, before):
            expect_alike(one, other)
    pictures = sum("image/png" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", []))
    assert pictures >= 1 or file.stem == "own-data"
    assert not any(output.get("name") == "stderr" for cell in notebook.cells for output in cell.get("outputs", []))
    assert os.path.getsize(file) < 1_000_000


def test_the_r_script_reads_runs_and_sweeps(tmp_path):
    run = entrepot.run("scenarios/half-embargo.toml", output=tmp_path / "run.h5")
    entrepot.sweep("scenarios/studies/minsk-uncertainty.toml", sample={"draws": 32}, output=tmp_path / "sweep.h5").close()

    def said(*arguments):
        script = Path("notebooks", "results.R").resolve()
        ended = subprocess.run(["Rscript", "--vanilla", script, *arguments], cwd=tmp_path, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    of_run = said("run.h5", "IRN")
    assert f"IRN {float(run.welfare.sel(country='IRN')):.3f}" in re.sub(" +", " ", of_run)
    change = (run.trade - run.trade_base).sum("sector").sel(exporter="IRN", importer="CHN")
    assert f"{float(change):.1f}" in of_run
    assert (tmp_path / "Rplots.pdf").exists()
    assert "gains in % of draws" in said("sweep.h5")


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 8
