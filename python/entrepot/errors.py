"""What can go wrong, in the engine's own sentences."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import xarray


class Problem(NamedTuple):
    """One mistake in what was written: where, under which key, and what was expected. Line and column 0: not known."""

    file: str
    line: int
    column: int
    key: str
    sentence: str


class InputError(ValueError):
    """Wrong input: a scenario, a study, a base year or an argument. Carries every mistake found."""

    def __init__(self, message: str, problems: list[tuple[str, int, int, str, str]]):
        super().__init__(message)
        self.problems = [Problem(*problem) for problem in problems]


class FileError(OSError):
    """A file that can't be read or written."""

    def __init__(self, message: str, file: str):
        super().__init__(message)
        self.file = Path(file)


class UnfinishedSweep(RuntimeError):
    """What an earlier sweep to the same file did is still there."""

    def __init__(self, message: str, folder: str):
        super().__init__(message + " resume=True goes on with it, restart=True begins anew.")
        self.folder = Path(folder)


class NoEquilibrium(RuntimeError):
    """A scenario without an answer, or none that was found; the message says why."""

    def __init__(self, message: str, dataset: xarray.Dataset):
        super().__init__(message)
        #: The base year's side alone, and how the solver ended.
        self.dataset = dataset


class PolicyWarning(UserWarning):
    """Something in a policy was hardly meant, such as a percentage where a fraction is expected."""
