"""Writes entrepot/policies.py from what the engine says of its instruments: generate_policies.py FILE."""

import keyword
import sys
import textwrap

from entrepot import _engine

HEAD = '''"""Policies to add to a scenario, one function for each instrument.

This file is written by generate_policies.py from the tables that scenario files are checked against.

>>> from entrepot import policies
>>> policies.embargo(senders=["EU"], targets=["IRN"], coverage=0.5)["instrument"]
'embargo'
"""

from __future__ import annotations

import datetime
from typing import Any, Literal, Mapping, Optional, Sequence, Union


class Policy(dict[str, Any]):
    """One policy of a scenario; see :meth:`entrepot.Scenario.add`."""


def _policy(instrument: str, arguments: dict[str, Any]) -> Policy:
    # Python's own words end in an underscore here: from_.
    given = {key.rstrip("_"): value for key, value in arguments.items() if value is not None}
    name = {"name": given.pop("name")} if "name" in given else {}
    return Policy({**name, "instrument": instrument, **given})
'''

HINTS = {
    "text": "str",
    "texts": "Union[str, Sequence[str]]",
    "number": "float",
    "numbers": "Sequence[float]",
    "values": "Sequence[Any]",
    "integer": "int",
    "switch": "bool",
    "date": "Union[str, datetime.date]",
    "table": "Mapping[str, Any]",
    "tables": "Sequence[Mapping[str, Any]]",
    "number or table": "Union[float, Mapping[str, float]]",
}
WIDTH = 120


def hint(parameter):
    choices = ", ".join(f'"{choice}"' for choice in parameter["choices"])
    if parameter["type"] == "text" and choices:
        return f"Literal[{choices}]"
    return HINTS[parameter["type"]] if not choices else f"Union[{HINTS[parameter['type']]}, Literal[{choices}]]"


def name_of(parameter):
    return parameter["name"] + ("_" if keyword.iskeyword(parameter["name"]) else "")


def argument(parameter):
    if parameter["required"]:
        return f"    {name_of(parameter)}: {hint(parameter)},\n"
    return f"    {name_of(parameter)}: Optional[{hint(parameter)}] = None,\n"


def wrapped(text, indent):
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def function(instrument, common):
    parameters = instrument["parameters"]
    ordered = [p for p in parameters if p["required"]] + [p for p in parameters if not p["required"]] + common
    lines = [f"def {instrument['name']}(\n    *,\n", *map(argument, ordered), ") -> Policy:\n"]
    lines.append(wrapped(f'"""{instrument["meaning"]}', "    ") + "\n\n")
    lines.append(wrapped(f"Compiles to {instrument['compiles_to']}.", "    ") + "\n\n    Parameters\n    ----------\n")
    for parameter in ordered:
        default = parameter["default"]
        ends = "" if default is None else f"; by default {default!r}"
        lines.append(f"    {name_of(parameter)}\n")
        lines.append(wrapped(f"{parameter['meaning']} ({parameter['expectation'].rstrip(',')}{ends})", "        ") + "\n")
    lines.append(f'    """\n    return _policy("{instrument["name"]}", locals())\n')
    return "".join(lines)


def text():
    common = [p for p in _engine.common_parameters() if p["name"] != "instrument"]
    for parameter in common:
        parameter["required"] = False
    return "\n\n".join([HEAD, *(function(instrument, common) for instrument in _engine.instruments())])


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(text())
