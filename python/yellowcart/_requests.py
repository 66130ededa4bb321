"""What the half in Rust is asked for: plain bundles of arguments, whose fields it reads by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

__all__ = ["Again", "Compared", "Destination", "Facts", "Streams", "Studied", "Tried"]


class Destination(NamedTuple):
    """Where a result goes, and how it is recorded."""

    out: str
    force: bool
    csv: bool
    figures: bool
    command: list[str]


class Compared(NamedTuple):
    """What a comparison is of."""

    what: str
    changes: list[str]
    seed: int | None
    regimes: list[str]
    baseline: str | None
    replications: int
    primary: str | None
    seeds_per_draw: int | None
    moment: str | None


class Studied(NamedTuple):
    """A study, and what it is done for."""

    what: str
    changes: list[str]
    purpose: str
    shard: tuple[int, int] | None


class Again(NamedTuple):
    """How a second run is made."""

    replications: int | None
    threads: int | None
    progress: Callable[[str, float, float], object] | None


class Streams(NamedTuple):
    """Which streams of which suite."""

    suite: str
    changes: list[str]
    development: int | None
    test: int | None


class Facts(NamedTuple):
    """What of a detector is known before it is put to work."""

    name: str
    frames_only: bool
    in_tables: bool


class Tried(NamedTuple):
    """Who is tried, and how."""

    baselines: list[str] | None
    yours: list[tuple[Facts, Callable[[], object]]]
    external: list[str]
    arrow: bool
    enforce: bool
    curve: bool
