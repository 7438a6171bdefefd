"""Thousands of worlds at once."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Optional, Sequence, Union

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
    if output is None and part[1] > 1:
        raise ValueError("a part of a sweep needs an output, beside which its shard stands")
    return _solve(Path(study), None, overrides, output, part, threads, resume, restart, progress)


def attribute(
    scenario: Union[str, Path],
    of: Union[str, Sequence[str]] = "welfare_usd",
    *,
    over: Union[str, Path, None] = None,
    draws: Optional[int] = None,
    output: Union[str, Path, None] = None,
    threads: int = 0,
    resume: bool = False,
    restart: bool = False,
    progress: bool = True,
    **overrides: Any,
) -> xarray.Dataset:
    """Shares a scenario's effect out among its policies.

    All combinations of them are solved, 14 policies at most.

    Parameters
    ----------
    scenario
        A scenario file.
    of
        Measures as in a study: "welfare_usd", "exports[IRN]"; several as a list.
    over, draws
        A study for every draw of which that is done, made of the scenario in place of its own; and how many draws, by default its own
        number.
    output, threads, resume, restart, progress
        As for :func:`sweep`.
    **overrides
        Values of the scenario to change, as for :func:`run`.

    Returns
    -------
    xarray.Dataset
        For each measure M: M_shapley, what a policy (`sharer`) adds on average over all orders in which they could come;
        M_alone, what it adds to none; M_last, what it adds to all the others; M_none and M_all. Over draws these are means, and
        there are M_shapley_sd, M_shapley_positive and M_shapley_largest (per cent of draws).

    Examples
    --------
    >>> import entrepot
    >>> shares = entrepot.attribute("scenarios/iran-snapback-2025.toml", "welfare_usd[IRN]", progress=False)
    >>> str(shares.welfare_usd_shapley.squeeze().idxmin().item())
    'shipping-and-payments'
    """
    if draws is not None and over is None:
        raise ValueError("draws goes with over, a study whose draws it counts")
    asked = [of] if isinstance(of, str) else list(of)
    shared = (asked, None if over is None else Path(over), draws)
    result = _solve(Path(scenario), shared, overrides, output, (1, 1), threads, resume, restart, progress)
    assert result is not None  # all of it is done
    return result


def _solve(
    source: Path,
    shared: Optional[tuple[list[str], Optional[Path], Optional[int]]],
    overrides: dict[str, Any],
    output: Union[str, Path, None],
    part: tuple[int, int],
    threads: int,
    resume: bool,
    restart: bool,
    progress: bool,
) -> Optional[xarray.Dataset]:
    changes = [f"{path}={_engine.value_text(value)}" for path, value in overrides_of(overrides).items()]

    def sweep_to(file: Path) -> bool:
        with Draws(progress) as draws:
            return _engine.sweep(source, shared, changes, data_folder(), file, part, threads, resume, restart, draws)

    if output is not None:
        return open(output) if sweep_to(Path(output)) else None
    with tempfile.TemporaryDirectory(prefix="entrepot-") as folder:
        file = Path(folder) / "sweep.h5"
        sweep_to(file)
        with open(file) as dataset:
            return dataset.load()
