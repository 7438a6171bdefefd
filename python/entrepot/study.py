"""Thousands of worlds at once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Optional, Union

import xarray

from . import _engine
from ._data import data_folder, overrides_of, with_coordinates
from ._progress import Draws


def open(file: Union[str, Path]) -> xarray.Dataset:
    """Opens a result file of ``entrepot run`` or ``entrepot sweep``; numbers are read when they are used.

    Raises
    ------
    FileError
        Where the file is missing, damaged or not one of ours.
    """
    _engine.expect_results(Path(file))
    return with_coordinates(xarray.open_dataset(file, engine="h5netcdf"))


def sweep(
    study: Union[str, Path],
    *,
    output: Union[str, Path, None] = None,
    part: tuple[int, int] = (1, 1),
    threads: int = 0,
    resume: bool = False,
    restart: bool = False,
    progress: bool = True,
    **overrides: Any,
) -> Optional[xarray.Dataset]:
    """Solves a scenario thousands of times over what is uncertain.

    Parameters
    ----------
    study
        A study file.
    output
        The file to write, as ``entrepot sweep`` does; without one, everything stays in memory.
    part
        (2, 8) does the second of eight parts, into a shard; needs an output.
    threads
        Threads to use; 0: all.
    resume, restart
        Go on with what an earlier sweep to the same output left, or begin anew.
    progress
        Whether to show a bar when it takes longer than a second.
    **overrides
        Values of the study to change: ``sample={"draws": 500}``.

    Returns
    -------
    xarray.Dataset or None
        The same variables as in the file; None for a part that is done where others are not.

    Ctrl-C ends it; with an output, ``resume=True`` goes on from there.

    Examples
    --------
    >>> import entrepot
    >>> draws = entrepot.sweep("scenarios/studies/minsk-uncertainty.toml", sample={"draws": 16})
    >>> draws.welfare_usd.dims
    ('draw', 'country')
    """
    changes = [f"{path}={_engine.value_text(value)}" for path, value in overrides_of(overrides).items()]
    if output is None and part[1] > 1:
        raise ValueError("a part of a sweep needs an output, beside which its shard stands")

    def sweep_to(file: Path) -> bool:
        with Draws(progress) as draws:
            return _engine.sweep(Path(study), changes, data_folder(), file, part, threads, resume, restart, draws)

    if output is not None:
        return open(output) if sweep_to(Path(output)) else None
    with tempfile.TemporaryDirectory(prefix="entrepot-") as folder:
        file = Path(folder) / "sweep.h5"
        sweep_to(file)
        with open(file) as dataset:
            return dataset.load()
