"""Regimes: the rules that hold in a market."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

from yellowcart import _yellowcart
from yellowcart._html import table as html_table
from yellowcart.errors import InputError

__all__ = ["AnyRegime", "Regime", "load_regime"]

AnyRegime: TypeAlias = "str | os.PathLike[str] | Regime"
"""Name of a shipped regime, a path, or a :class:`Regime`."""


class Regime:
    """A regime: rules, each with its article. It does not change; :meth:`with_rules` gives another one.

    >>> import yellowcart
    >>> regime = yellowcart.load_regime("none").with_rules({"cooling_off_days": 14}, name="two_weeks")
    >>> regime
    <yellowcart.Regime two_weeks: 1 rule>
    >>> regime.rules["cooling_off_days"]["value"]
    14.0
    >>> yellowcart.load("one_room").with_regime(regime).regime
    'two_weeks'
    """

    def __init__(self, name: str, what: str | None, read: tuple[str, str, str]) -> None:
        self._name = name
        self._what = what
        self._text, rules, provisions = read
        self._file: dict[str, Any] = json.loads(rules)
        self._provisions: list[dict[str, Any]] = json.loads(provisions)

    @property
    def name(self) -> str:
        """What it is called in tables and figures."""
        return self._name

    @property
    def title(self) -> str:
        """Its title line."""
        return str(self._file.get("title", ""))

    @property
    def rules(self) -> dict[str, Any]:
        """Every rule that it sets, each with ``value``, ``article`` and ``evidence``."""
        return {key: rule for key, rule in self._file.items() if isinstance(rule, dict) and "article" in rule}

    @property
    def provisions(self) -> list[dict[str, Any]]:
        """Rules and fines in words: ``key``, ``value``, ``unit``, ``article``, ``evidence``, ``sweep``."""
        return list(self._provisions)

    def with_rules(self, rules: Mapping[str, object], name: str | None = None) -> Regime:
        """The same with other rules.

        ``rules`` gives values by rule (``yellowcart.explain("regime.cooling_off_days")`` says what may be set), or
        whole tables with ``value``, ``article`` and ``evidence``; ``None`` takes a rule out. A value that comes alone
        is put down as an assumption. ``name`` is what it is called in tables; made of the rules' names where it is
        left out.

        Raises :class:`InputError` with everything that is wrong.
        """
        name = name or f"{self._name}_with_{'_and_'.join(rules)}"[:100]
        if not name.strip(".") or "/" in name or "\\" in name:
            raise InputError(f"`{name}` cannot be the name of a regime: files are called so, so it has no / or \\")
        changed = _yellowcart.change_regime(name, self._text, json.dumps(dict(rules)))
        return Regime(name, None, changed)

    def to_toml(self) -> str:
        """As a file, which ``--regime`` takes."""
        return self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Regime) and (self._name, self._text) == (other._name, other._text)

    def __hash__(self) -> int:
        return hash((self._name, self._text))

    def __repr__(self) -> str:
        count = len(self.rules)
        return f"<yellowcart.Regime {self._name}: {count} rule{'' if count == 1 else 's'}>"

    def _repr_html_(self) -> str:
        columns = ["key", "value", "unit", "article", "evidence"]
        rows = [[provision[column] for column in columns] for provision in self._provisions]
        return html_table(f"Regime {self._name}: {self.title}", columns, rows)


def load_regime(regime: str | os.PathLike[str]) -> Regime:
    """A regime by name (``yellowcart.regimes()``) or path.

    Raises :class:`InputError` with everything that is wrong with its file.
    """
    what = os.fspath(regime)
    return Regime(Path(what).stem, what, _yellowcart.read_regime(what))


@contextmanager
def as_arguments(regimes: Sequence[AnyRegime]) -> Iterator[list[str]]:
    """Regimes as names and paths.

    Those that are no files are written into ones, under their names, for as long as it takes.
    """
    with tempfile.TemporaryDirectory(prefix="yellowcart-") as folder:
        yield [_argument(regime, Path(folder, str(number))) for number, regime in enumerate(regimes)]


def _argument(regime: AnyRegime, folder: Path) -> str:
    if not isinstance(regime, Regime):
        return os.fspath(regime)
    if regime._what is not None:
        return regime._what
    folder.mkdir()
    path = folder / f"{regime.name}.toml"
    path.write_text(regime.to_toml(), encoding="utf-8")
    return str(path)


def typed(regime: AnyRegime | None) -> str | None:
    """A regime as it is typed on a command line; ``None`` where it cannot be."""
    return regime._what if isinstance(regime, Regime) else None if regime is None else os.fspath(regime)
