"""Audits: is a price that was promised to be the lowest really the lowest?"""

from __future__ import annotations

import json
import os
from typing import Any

from yellowcart import _yellowcart
from yellowcart._changes import Changes, texts_of
from yellowcart._html import table as html_table
from yellowcart._progress import Progress, told

__all__ = ["Audit", "audit"]


class Audit:
    """What an audit came to. Printed, it is the table of the command line."""

    def __init__(self, everything: dict[str, Any], words: str) -> None:
        self._everything = everything
        self._words = words

    @property
    def broken(self) -> list[dict[str, Any]]:
        """Promises that are broken, each with the way below it; money in fen."""
        return [promise for promise in self.promises if promise["verdict"] == "broken"]

    @property
    def promises(self) -> list[dict[str, Any]]:
        """Every promise with its verdict; money in fen."""
        return list(self._everything["promises"])

    def to_dict(self) -> dict[str, Any]:
        """All of it, as ``yellowcart audit --format json`` prints it; money in fen."""
        return self._everything

    def __str__(self) -> str:
        return self._words

    def __repr__(self) -> str:
        return f"<yellowcart.Audit: {len(self.broken)} of {len(self.promises)} promises broken>"

    def _repr_html_(self) -> str:
        columns = ["promise", "by", "product", "verdict"]
        rows = [[promise[column] for column in columns] for promise in self.promises]
        return html_table(str(self._everything["title"]), columns, rows)


def audit(
    what: str | os.PathLike[str],
    changes: Changes = None,
    out: str | os.PathLike[str] | None = None,
    *,
    force: bool = False,
    progress: Progress = None,
) -> Audit:
    """Searches for a way below every promised price: channels, dates, coupons, stacks, padded baskets. Nothing is
    simulated.

    Args:
        what: A shipped scenario, or a file: a scenario, or a campaign with nothing but products, prices, coupons and
            promises.
        changes: As for :func:`yellowcart.load`.
        out: Folder for the table, audit.json and a figure of each promise.
        force: Whether an existing folder's audit is replaced.
        progress: As for :meth:`Scenario.run`; a function is given the steps of the search that are done and those
            there are.

    >>> audit("guess_coat")
    <yellowcart.Audit: 2 of 2 promises broken>
    """
    with told(progress) as shown:
        place = None if out is None else os.fspath(out)
        everything, words = _yellowcart.audit(os.fspath(what), texts_of(changes), place, force, shown)
    return Audit(json.loads(everything), words)
