"""Changes to a scenario as the command line takes them: texts ``path=value``, whose values are TOML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypeAlias

__all__ = ["Changes", "merged", "texts_of"]

Changes: TypeAlias = Mapping[str, object] | Iterable[str] | None
"""A mapping from paths to values, or texts ``path=value``."""


def texts_of(changes: Changes) -> list[str]:
    """Changes as texts, in order.

    >>> texts_of({"population.consumers": 2000, "title": "mine", "recording.orders": True})
    ['population.consumers=2000', 'title="mine"', 'recording.orders=true']
    >>> texts_of(["population.consumers=2000"])
    ['population.consumers=2000']
    """
    if changes is None:
        return []
    if isinstance(changes, Mapping):
        return [f"{path}={toml_of(value)}" for path, value in changes.items()]
    if isinstance(changes, str):
        raise TypeError(f"changes are a mapping or a list of texts: write [{changes!r}]")
    return [str(change) for change in changes]


def merged(before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    """Changes with later ones in the place of earlier ones of the same path.

    >>> merged(["a.b=1", "c=2"], ["a.b=3"])
    ('c=2', 'a.b=3')
    """
    after = list(after)
    paths = {path_of(change) for change in after}
    return (*(change for change in before if path_of(change) not in paths), *after)


def path_of(change: str) -> str:
    """The path that a change is of."""
    return change.partition("=")[0].strip()


def toml_of(value: object) -> str:
    """A value as TOML.

    >>> toml_of({"median": 0.3, "tags": ["a", "b"]})
    '{median = 0.3, tags = ["a", "b"]}'
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            # A text of JSON is one of TOML.
            return json.dumps(value, ensure_ascii=False)
        case datetime():
            return json.dumps(value.strftime("%Y-%m-%d %H:%M:%S"))
        case date():
            return json.dumps(value.isoformat())
        case Mapping():
            return "{" + ", ".join(f"{key} = {toml_of(inner)}" for key, inner in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(toml_of(inner) for inner in value) + "]"
    plain = getattr(value, "item", None)
    if callable(plain):
        # Numbers of numpy and its like.
        return toml_of(plain())
    raise TypeError(f"a change cannot be {value!r}: it is a number, a text, true or false, a list or a mapping")
