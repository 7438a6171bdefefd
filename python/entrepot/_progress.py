"""Bars for what takes longer than a moment."""

from __future__ import annotations

import time
import warnings
from typing import Any, Optional

from tqdm import TqdmWarning

with warnings.catch_warnings():
    warnings.simplefilter("ignore", TqdmWarning)  # a notebook without ipywidgets gets a bar of text
    from tqdm.auto import tqdm

_DELAY = 1.0  # seconds before a bar is shown


class Stages:
    """Says what is being done, once a run has taken longer than a moment."""

    def __init__(self, shown: bool):
        self._shown = shown
        self._begin = time.monotonic()
        self._bar: Optional[Any] = None

    def __enter__(self) -> "Stages":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, what: str) -> None:
        if not self._shown or time.monotonic() < self._begin + _DELAY:
            return
        if self._bar is None:
            self._bar = tqdm(bar_format="{desc}", leave=False)
        self._bar.set_description_str(what)


class Draws:
    """How many draws are done, how many a second, and how many without an answer."""

    def __init__(self, shown: bool):
        self._shown = shown
        self._bar: Optional[Any] = None

    def __enter__(self) -> "Draws":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, done: int, rows: int, failed: int, rate: float) -> None:
        if not self._shown:
            return
        if self._bar is None:
            self._bar = tqdm(total=rows, unit="draw", delay=_DELAY, initial=0)
        if failed:
            self._bar.set_postfix_str(f"{failed} without an answer", refresh=False)
        self._bar.update(done - self._bar.n)


class Solves:
    """Which start of a search is being looked from, how many solves it took, and what the objective is."""

    def __init__(self, shown: bool):
        self._stages = Stages(shown)

    def __enter__(self) -> "Solves":
        return self

    def __exit__(self, *_: object) -> None:
        self._stages.__exit__()

    def __call__(self, start: int, solves: int, objective: float) -> None:
        self._stages(f"start {start + 1}, solve {solves}, objective {objective:.6g}")
