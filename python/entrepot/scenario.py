"""Scenarios, read and changed in code."""

from __future__ import annotations

import datetime
import difflib
import warnings
from pathlib import Path
from typing import Any, Iterator, Mapping, Sequence, Union

import xarray

from . import _engine
from ._data import data_folder, overrides_of, to_dataset
from ._progress import Stages
from .errors import NoEquilibrium, PolicyWarning

_SCENARIO_KEYS: dict[str, list[dict[str, Any]]] = _engine.scenario_keys()
_INSTRUMENTS = {instrument["name"]: instrument["parameters"] for instrument in _engine.instruments()}
_POLICY_LISTS = ("policy", "reference.policy")


class Text(str):
    """Text that shows itself as it is printed."""

    def __repr__(self) -> str:
        return str(self)


class Table:
    """A part of a scenario: keys as attributes, or as items (also paths, ``scenario["policy.embargo.coverage"]``).

    Completion offers every key that the part may have; :meth:`help` says what one means.
    """

    _document: _engine.Document
    _path: str

    def __init__(self, document: _engine.Document, path: str):
        object.__setattr__(self, "_document", document)
        object.__setattr__(self, "_path", path)

    # ---- what it may have ----

    def _parameters(self) -> list[dict[str, Any]]:
        """What the engine says of its keys; empty where these are names (sectors, countries, policies)."""
        parent, _, _ = self._path.rpartition(".")
        if parent in _POLICY_LISTS and self._document.has(self._path + ".instrument"):
            own: list[dict[str, Any]] = _INSTRUMENTS.get(self._document.get(self._path + ".instrument"), [])
            return _engine.common_parameters() + own
        return _SCENARIO_KEYS.get(self._path, [])

    def _keys_allowed(self) -> list[str]:
        return [parameter["name"] for parameter in self._parameters()]

    def help(self, key: str) -> Text:
        """What a key means and takes."""
        for parameter in self._parameters():
            if parameter["name"] == key:
                default = "" if parameter["default"] is None else f"; by default {parameter['default']!r}"
                return Text(f"{key}: {parameter['meaning']}\n{parameter['expectation']}{default}")
        raise KeyError(key + _suggestion(key, self._keys_allowed()))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._keys_allowed(), *self.keys()})

    # ---- what it has ----

    def keys(self) -> list[str]:
        """The keys that are there; of a list of policies their names."""
        return self._document.keys(self._path)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._document.has(self._at(key))

    def __getitem__(self, key: str) -> Any:
        path = self._at(key)
        if not self._document.has(path):
            raise KeyError(key + _suggestion(key, [*self.keys(), *self._keys_allowed()]))
        return self._value(path)

    def _value(self, path: str) -> Any:
        value = self._document.get(path)
        is_part = isinstance(value, dict) or path in _POLICY_LISTS
        return Table(self._document, path) if is_part else value

    def __setitem__(self, key: str, value: Any) -> None:
        self._document.set(self._at(key), dict(value) if isinstance(value, Mapping) else value)

    def __delitem__(self, key: str) -> None:
        self._document.remove(self._at(key))

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        path = self._at(key)
        if self._document.has(path):
            return self._value(path)
        for parameter in self._parameters():
            if parameter["name"] == key:
                is_part = parameter["type"] in ("table", "tables")
                return Table(self._document, path) if is_part else parameter["default"]
        raise AttributeError(f"there is no '{key}' here{_suggestion(key, [*self.keys(), *self._keys_allowed()])}")

    def __setattr__(self, key: str, value: Any) -> None:
        allowed = self._keys_allowed()
        if key.startswith("_") or (isinstance(getattr(type(self), key, None), property) and key not in allowed):
            object.__setattr__(self, key, value)
        elif allowed and key not in allowed and key not in self:
            raise AttributeError(f"there is no '{key}' here{_suggestion(key, allowed)}")
        else:
            self[key] = value

    def to_dict(self) -> Any:
        """Everything in it as plain Python values."""
        return self._document.get(self._path) if self._path == "" or self._document.has(self._path) else {}

    def __repr__(self) -> str:
        name = f" {self._path}" if self._path else ""
        return f"<{type(self).__name__}{name}: {', '.join(self.keys()) or 'empty'}>"


class Scenario(Table):
    """A scenario: what policies there are in a base year's world.

    Parameters
    ----------
    source
        A scenario file. Without it a new scenario is made of the keys that follow.
    **keys
        Keys of the scenario, of tables as dicts: ``date="2025-08-20"``, ``theta={"scale": 2}``,
        ``policy={"embargo": {"coverage": 1}}``.

    Examples
    --------
    >>> import entrepot
    >>> from entrepot import policies
    >>> embargo = entrepot.Scenario(baseline="eurasia-2021", title="Half an embargo")
    >>> embargo.add(policies.embargo(senders=["EU"], targets=["IRN"], direction="both", coverage=0.5))
    >>> embargo.policy.embargo.coverage
    0.5
    >>> embargo.policy.embargo.coverage = 0.75
    >>> embargo["theta.scale"] = 2
    >>> float(embargo.run().welfare.sel(country="IRN")) < 0
    True
    """

    def __init__(self, source: Union[str, Path, None] = None, **keys: Any):
        document = _engine.Document.parse("", "Scenario") if source is None else _engine.Document.read(Path(source))
        super().__init__(document, "")
        for path, value in overrides_of(keys).items():
            self[path] = value

    @classmethod
    def from_text(cls, text: str, beside: Union[str, Path] = "Scenario") -> "Scenario":
        """A scenario from TOML. Files that it names are looked for in the folder of `beside`."""
        result = cls()
        object.__setattr__(result, "_document", _engine.Document.parse(text, Path(beside)))
        return result

    def add(self, policy: Mapping[str, Any], *, in_reference: bool = False) -> None:
        """Puts a policy after the others (see :mod:`entrepot.policies`); in the reference, it holds in both worlds.

        One without a name gets its instrument's.
        """
        table = dict(policy)
        path = "reference.policy" if in_reference else "policy"
        taken = {name for one in _POLICY_LISTS for name in self._document.keys(one)}
        if "name" not in table and "instrument" in table:
            name, number = str(table["instrument"]), 1
            while name in taken:
                number += 1
                name = f"{table['instrument']}-{number}"
            table = {"name": name, **table}
        self._document.append(path, table)

    def copy(self, **keys: Any) -> "Scenario":
        """The same scenario, to be changed by itself; keys as for the class."""
        result = type(self)()
        object.__setattr__(result, "_document", self._document.copy())
        for path, value in overrides_of(keys).items():
            result[path] = value
        return result

    def validate(self) -> None:
        """Raises :class:`InputError` for everything that is wrong without a world."""
        self._document.validate()

    def check(self, flows: Union[str, Sequence[str], None] = None, top: int = 20) -> Text:
        """What the scenario comes to mean: whom each policy touches, what trade, at what rates. Nothing is solved.

        Parameters
        ----------
        flows
            What each policy does to single flows instead: "IMPORTER:EXPORTER:SECTOR", names or "*"; several as a list.
        top
            At most so many flows.
        """
        patterns = [] if flows is None else [flows] if isinstance(flows, str) else list(flows)
        return Text(_engine.check(self._document, data_folder(), patterns, top))

    def run(self, *, output: Union[str, Path, None] = None, threads: int = 0, progress: bool = True) -> xarray.Dataset:
        """Solves it; see :func:`entrepot.run`."""
        with Stages(progress) as stages:
            result = _engine.run(self._document, data_folder(), output, threads, stages)
        for doubt in result["doubts"]:
            warnings.warn(doubt, PolicyWarning, stacklevel=2)
        dataset = to_dataset(result)
        if dataset.attrs["status"] != "solved":
            raise NoEquilibrium(dataset.attrs["status_sentence"], dataset)
        return dataset

    def gradient(self, of: Union[str, Sequence[str]]) -> xarray.Dataset:
        """What results hang on: derivatives of some measures by every flow, sector and number of the scenario.

        Parameters
        ----------
        of
            Measures as in a study: "welfare[IRN]", "output[IRN; food]", "trade[IRN; food; EAEU]"; several as a list.

        Returns
        -------
        xarray.Dataset
            Along `measure` the derivatives `by_number`, `by_tariff`, `by_trade_cost`, …, to first order, all of the world
            having adjusted (docs/gradients.md).

        Examples
        --------
        >>> import entrepot
        >>> gradient = entrepot.Scenario("scenarios/half-embargo.toml").gradient("welfare[IRN]")
        >>> bool(gradient.by_number.sel(number="policy.embargo.coverage").item() < 0)
        True
        """
        result = _engine.gradient(self._document, data_folder(), [of] if isinstance(of, str) else list(of))
        dataset = to_dataset(result)
        if dataset.attrs["status"] != "solved":
            raise NoEquilibrium(dataset.attrs["status_sentence"], dataset)
        return dataset

    @property
    def text(self) -> Text:
        """The scenario as TOML."""
        return Text(self._document.text())

    def save(self, file: Union[str, Path]) -> None:
        """Writes it as a scenario file."""
        Path(file).write_text(self._document.text(), encoding="utf-8")


def _suggestion(name: str, candidates: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, candidates, 1)
    return f"; did you mean '{near[0]}'?" if near else ""


def _document_keys() -> None:
    """Gives Scenario a documented property for each key of a scenario file."""
    for parameter in _SCENARIO_KEYS[""]:
        name = parameter["name"]
        if not hasattr(Scenario, name):
            setattr(Scenario, name, _key(name, f"{parameter['meaning']} ({parameter['expectation'].rstrip(',')})"))


def _key(name: str, meaning: str) -> property:
    def get(self: Scenario) -> Any:
        return Table.__getattr__(self, name)

    def set(self: Scenario, value: Any) -> None:
        self[name] = value

    return property(get, set, doc=meaning)


_document_keys()


def run(
    scenario: Union[str, Path, Scenario],
    *,
    output: Union[str, Path, None] = None,
    threads: int = 0,
    progress: bool = True,
    **overrides: Any,
) -> xarray.Dataset:
    """Solves a scenario.

    Parameters
    ----------
    scenario
        A scenario file, or a :class:`Scenario`, which is left as it is.
    output
        A file to write the results to as well, as ``entrepot run`` does.
    threads
        Threads to use; 0: all.
    progress
        Whether to say what is being done when it takes longer than a second.
    **overrides
        Values to change: ``theta={"scale": 2}``, ``policy={"embargo": {"coverage": 1.0}}``,
        ``**{"policy.embargo.coverage": 1.0}``.

    Returns
    -------
    xarray.Dataset
        The same variables as in a result file, each with its units and a sentence of what it is.

    Raises
    ------
    InputError
        For a wrong scenario, with every mistake in it.
    NoEquilibrium
        Where there is no answer, or none was found.

    Examples
    --------
    >>> import entrepot
    >>> base = entrepot.run("scenarios/half-embargo.toml")
    >>> whole = entrepot.run("scenarios/half-embargo.toml", policy={"embargo": {"coverage": 1.0}})
    >>> bool(whole.welfare.sel(country="IRN") < base.welfare.sel(country="IRN") < 0)
    True
    """
    changed = scenario if isinstance(scenario, Scenario) else Scenario(scenario)
    if overrides:
        changed = changed.copy(**overrides)
    return changed.run(output=output, threads=threads, progress=progress)


Date = Union[str, datetime.date]
