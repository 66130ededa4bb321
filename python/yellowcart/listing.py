"""What is shipped, and what parameters mean, as plain data."""

from __future__ import annotations

import json
from typing import Any, TypedDict

from yellowcart import _yellowcart

__all__ = [
    "Shipped",
    "baselines",
    "explain",
    "lessons",
    "parameters",
    "regimes",
    "scenarios",
    "scripts",
    "studies",
    "suites",
]


class Shipped(TypedDict):
    """Something that is shipped."""

    name: str
    title: str


def _shelf(name: str) -> list[Shipped]:
    return [Shipped(name=name, title=title) for name, title in _yellowcart.shelf(name)]


def scenarios() -> list[Shipped]:
    """Shipped scenarios.

    >>> [scenario["name"] for scenario in scenarios()][:2]
    ['bought_views', 'coupon_maze']
    """
    return _shelf("scenarios")


def scripts() -> list[Shipped]:
    """Shipped scripts."""
    return _shelf("scripts")


def regimes() -> list[Shipped]:
    """Shipped regimes, those that differ in nothing but the retention of replays at the end."""
    return _shelf("regimes") + _shelf("retention")


def suites() -> list[Shipped]:
    """Shipped suites for detectors."""
    return _shelf("suites")


def studies() -> list[Shipped]:
    """Shipped studies."""
    return _shelf("studies")


def lessons() -> list[Shipped]:
    """Shipped lessons of the classroom page."""
    return _shelf("lessons")


def baselines() -> list[dict[str, str]]:
    """Baseline detectors: ``name``, ``family``, what each looks at (``looks_at``) and its ``source``."""
    keys = ("name", "family", "looks_at", "source")
    return [dict(zip(keys, baseline, strict=True)) for baseline in _yellowcart.baselines()]


def parameters() -> list[dict[str, Any]]:
    """Every parameter of scenarios, regimes and suites, in order of path.

    Each has ``path``, ``meaning``, ``kind``, ``unit``, ``default``, ``range`` (texts, empty where there is none),
    ``lowest`` and ``highest`` (numbers, or ``None``), ``sweep`` (within what an assumption is plausible), ``source``
    and ``evidence``: SEED, V, VS, S, D, R, or A for an assumption.
    """
    found: list[dict[str, Any]] = json.loads(_yellowcart.explain())
    return found


def explain(path: str) -> list[dict[str, Any]]:
    """The parameters that a path, or its last part, names; of a regime every value with its article.

    >>> [found] = explain("scepticism")
    >>> found["path"], found["unit"], found["default"]
    ('behaviour.scepticism', 'share', '0.6')

    Raises :class:`InputError` where there is no such thing, with what may be meant.
    """
    found: list[dict[str, Any]] = json.loads(_yellowcart.explain(path))
    return found
