"""Results: runs, comparisons, validations and benches, each a folder with a manifest."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yellowcart import _yellowcart, executors
from yellowcart._changes import Changes, texts_of
from yellowcart._html import facts
from yellowcart._html import table as html_table
from yellowcart._progress import Progress, told
from yellowcart._requests import Again, Destination
from yellowcart.errors import DiskError, InputError
from yellowcart.table import Table

__all__ = ["Board", "Comparison", "Result", "Run", "StudyResult", "Validation", "open", "resume", "validate"]

_SHOWN = ("paid_orders", "paid_sales", "apparent_conversion", "true_conversion", "deception_harm", "net_detriment")
"""Metrics that a notebook shows of a run, as far as it has them."""


class Result:
    """A results folder. Printed, it is the table of the command line."""

    def __init__(self, folder: str | os.PathLike[str], temporary: str | None = None) -> None:
        self._folder = Path(folder)
        if temporary is not None:
            weakref.finalize(self, shutil.rmtree, temporary, ignore_errors=True)

    @property
    def folder(self) -> Path:
        """Where it is. A temporary one is gone when this object is."""
        return self._folder

    @property
    def tables(self) -> list[str]:
        """Names of its tables."""
        return _yellowcart.table_names(self._folder)

    def table(self, name: str) -> Table:
        """A table, read into memory.

        Raises :class:`InputError` where there is none of this name.
        """
        if name not in self.tables:
            there = ", ".join(self.tables) or "none here, such as in a shard before it is merged"
            raise InputError(f"there is no table `{name}`: there are {there}")
        return Table(name, _yellowcart.read_table(self._folder, name))

    @property
    def manifest(self) -> dict[str, Any]:
        """What it was made from and what it holds: ``hashed``, ``sha256_of_hashed`` and ``unhashed``."""
        return self._json("manifest.json")

    def report(self, out: str | os.PathLike[str] | None = None, *, force: bool = False) -> Path:
        """Writes one HTML file of it, which needs nothing beside it, and returns its path.

        Args:
            out: Where it goes; report.html in the folder by default.
            force: Whether an existing one is replaced.
        """
        path = self._folder / "report.html" if out is None else Path(out)
        changed = _yellowcart.report(self._folder, path, force)
        if changed:
            warnings.warn("\n".join([*changed, _CHANGED]), UserWarning, stacklevel=2)
        return path

    def verify(
        self,
        again: bool = False,
        *,
        replications: int | None = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> list[str]:
        """Whether the folder is as it was written: a sentence for every difference, none if all is well.

        Args:
            again: Whether it is also made again, to see whether that gives the same values (runs, comparisons,
                validations).
            replications: Of a comparison only so many are made again; all by default.
            threads: As for making it.
            progress: As for making it.
        """
        if not again:
            return _yellowcart.verify(self._folder)
        with told(progress) as shown:
            return _yellowcart.verify(self._folder, Again(replications, threads, shown))

    def _json(self, name: str) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads((self._folder / name).read_bytes())
        except OSError as why:
            raise DiskError(f"cannot read {self._folder / name}: {why}") from None
        return content

    def __str__(self) -> str:
        return _yellowcart.in_words(self._folder)

    def __repr__(self) -> str:
        return f"<yellowcart.{type(self).__name__} {self._folder}>"


_CHANGED = (
    "this folder is not as its manifest says, and the report says so: what it holds may not be what was simulated"
)


class Run(Result):
    """A scenario that was played.

    >>> import yellowcart
    >>> run = yellowcart.load("diamond_necklace", {"population.consumers": 2000}).run()
    >>> run.tables
    ['aftermath', 'cues', 'enforcement', 'ledger', 'orders', 'payments', 'rooms', 'totals']
    >>> run.summary["market"]["displayed_orders"] > run.summary["market"]["real_orders"]
    True
    """

    @property
    def summary(self) -> dict[str, Any]:
        """What it came to, as summary.json has it; money in fen."""
        return self._json("summary.json")

    @property
    def metrics(self) -> dict[str, float | None]:
        """Every metric by its key; ``None`` where it has no value, such as a share of nothing."""
        return {metric["key"]: value for metric, value in self._measured()}

    @property
    def metric_facts(self) -> dict[str, dict[str, str]]:
        """Of every metric ``label``, ``unit`` and ``group``, by its key."""
        return {metric["key"]: metric for metric, _ in self._measured()}

    def _measured(self) -> list[tuple[dict[str, str], float | None]]:
        measured: list[tuple[dict[str, str], float | None]] = json.loads(_yellowcart.metrics(self._folder))
        return measured

    def _repr_html_(self) -> str:
        bundle = self.manifest["hashed"]["bundle"]
        title = f"{bundle['name']}, seed {bundle['seed']}, regime {bundle['regime_name']}"
        shown = [(metric, value) for metric, value in self._measured() if metric["key"] in _SHOWN]
        rows = [(f"{metric['label']}, {metric['unit']}", value) for metric, value in shown]
        return facts(title, [*rows, ("folder", self._folder)])


class Comparison(Result):
    """Regimes that were compared over paired replications."""

    @property
    def summary(self) -> dict[str, Any]:
        """What it came to, as comparison.json has it."""
        return self._json("comparison.json")

    @property
    def arms(self) -> list[str]:
        """Names of the regimes, the baseline first."""
        return [arm["name"] for arm in self.summary["arms"]]

    @property
    def primary(self) -> str:
        """Key of the primary metric."""
        return str(self.summary["primary"])

    @property
    def differences(self) -> Table:
        """The same as ``table("differences")``.

        Metric by metric and regime by regime: means, paired difference, intervals, p.
        """
        return self.table("differences")

    def in_words(self, all_metrics: bool = False) -> str:
        """The table of the command line, with the usual metrics or all of them."""
        return _yellowcart.in_words(self._folder, all_metrics)

    def _repr_html_(self) -> str:
        summary = self.summary
        heads = ["regime", "mean", "difference", "corrected 95 % from", "to", "p"]
        [primary] = [compared for compared in summary["metrics"] if compared["metric"]["key"] == summary["primary"]]
        rows: list[list[object]] = [[self.arms[0], primary["means"][0]["mean"], None, None, None, None]]
        for arm, mean, difference in zip(self.arms[1:], primary["means"][1:], primary["differences"], strict=True):
            numbers = [difference["mean"], *difference["corrected"], difference["p_corrected"]]
            rows.append([arm, mean["mean"], *numbers])
        metric = primary["metric"]
        title = f"{summary['scenario']}, {len(summary['seeds'])} replications: {metric['label']}, {metric['unit']}"
        return html_table(title, heads, rows)


class StudyResult(Result):
    """What a study came to."""

    @property
    def summary(self) -> dict[str, Any]:
        """All of it, as study.json has it."""
        return self._json("study.json")

    @property
    def runs(self) -> Table:
        """One row a run: point, replication, seed, factors, metrics."""
        return self.table("runs")

    @property
    def points(self) -> Table:
        """One row a point and metric: mean over replications, with its interval."""
        return self.table("points")

    @property
    def indices(self) -> Table:
        """What each factor accounts for, with intervals, where the design tells: one row a factor, metric and index."""
        return self.table("indices")

    @property
    def posterior(self) -> Table:
        """Of a calibration one row a particle of the last round: candidate, weight, distance, factors, metrics."""
        return self.table("posterior")

    def _repr_html_(self) -> str:
        summary = self.summary
        rows: list[list[object]] = []
        for at, factor in enumerate(summary["factors"]):
            for metric in summary["metrics"]:
                rows += _accounted(factor["name"], metric, at)
        return html_table(summary["title"], ["factor", "metric", "", "value", "95 % from", "to"], rows)


def _accounted(factor: str, metric: Mapping[str, Any], at: int) -> list[list[object]]:
    """Rows of what a factor accounts for, as far as the design tells."""
    told_of = {"effects": {"mean_size": "mean size of effect"}, "shares": {"first": "by itself", "total": "in all"}}
    rows: list[list[object]] = []
    for kind, names in told_of.items():
        for key, name in names.items():
            if metric[kind]:
                index = metric[kind][at][key]
                rows.append(
                    [factor, metric["metric"]["label"], name, index["value"], *(index["interval"] or [None, None])]
                )
    return rows


class Validation(Result):
    """The market held against the patterns that are known of real ones."""

    @property
    def summary(self) -> dict[str, Any]:
        """What it came to, as validation.json has it."""
        return self._json("validation.json")

    @property
    def patterns(self) -> list[dict[str, Any]]:
        """Every pattern with its statistics, bands and verdict."""
        return list(self.summary["patterns"])

    def _repr_html_(self) -> str:
        rows = [[pattern[key] for key in ("key", "title", "verdict")] for pattern in self.patterns]
        return html_table(f"Validation at {len(self.summary['seeds'])} seeds", ["", "pattern", "verdict"], rows)


class Board(Result):
    """Detectors that were tried on the streams of a suite."""

    @property
    def summary(self) -> dict[str, Any]:
        """What it came to, as board.json has it."""
        return self._json("board.json")

    @property
    def detectors(self) -> list[dict[str, Any]]:
        """Every detector with its verdicts, what its alerts averted, and what went wrong (``trouble``)."""
        return list(self.summary["detectors"])

    def _repr_html_(self) -> str:
        rows = [
            [detector["name"], verdict["track"], verdict["average_precision"]["mean"], verdict["roc_area"]["mean"]]
            for detector in self.detectors
            for verdict in detector["verdicts"]
        ]
        return html_table(str(self.summary["title"]), ["detector", "track", "average precision", "ROC area"], rows)


_KINDS: dict[str, type[Result]] = {
    "run": Run,
    "comparison": Comparison,
    "study": StudyResult,
    "validation": Validation,
    "bench": Board,
}


def open(folder: str | os.PathLike[str]) -> Result:
    """The result in a folder: a :class:`Run`, :class:`Comparison`, :class:`Validation` or :class:`Board`; of another
    kind a :class:`Result`.

    Raises :class:`InputError` where there is none, or one that is not whole yet.
    """
    return _KINDS.get(_yellowcart.kind(folder), Result)(folder)


def resume(
    folder: str | os.PathLike[str],
    *,
    executor: Executor | None = None,
    threads: int | None = None,
    progress: Progress = None,
) -> Result:
    """Continues an interrupted run from the end of its last simulated day, or a comparison or study with the runs that
    are not done.

    ``folder`` is the one that was to be made, as the interruption named it; ``executor``, ``threads`` and ``progress``
    are as for making it. A run needs no executor.
    """
    executors.check(executor, threads)
    command = ["yellowcart", "resume", os.fspath(folder)]
    with told(progress) as shown:
        if executor is None:
            return open(_yellowcart.resume(folder, command, threads, shown))
        return open(executors.carry_out(_yellowcart.Session.open(folder, command), folder, executor, shown))


def validate(
    patterns: Sequence[str] = (),
    *,
    seeds: int = 5,
    seed: int = 20_201_111,
    changes: Changes = None,
    out: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    force: bool = False,
    figures: bool | None = None,
    progress: Progress = None,
) -> Validation:
    """Holds the market against the patterns that are known of real ones: statistic, band, verdict, pattern by pattern.

    Args:
        patterns: Numbers such as ``"P8"``; all of them by default.
        seeds: Seeds of each run, 2 to 1,000.
        seed: The first of them; the others follow.
        changes: Changes to every reference scenario, as for :func:`load`.
        out: Results folder; a temporary one by default.
        threads: Runs at a time; all cores by default.
        force: Whether an existing result is replaced.
        figures: Whether a figure is drawn: by default where ``out`` is given.
        progress: As for :meth:`Scenario.compare`.
    """
    if not 2 <= seeds <= 1_000:
        raise InputError(f"seeds = {seeds} cannot be: it is between 2 and 1000")
    texts = texts_of(changes)
    with_figures, options = drawing(out, figures)
    command = ["yellowcart", "validate", "--seeds", str(seeds), "--seed", str(seed)]
    command += [word for pattern in patterns for word in ("--pattern", pattern)]
    command += [word for change in texts for word in ("--set", change)]
    command += options
    with told(progress) as shown, destination(out, "validation") as place:
        to = Destination(place.out, force, False, with_figures, place.command(command))
        each = list(range(seed, seed + seeds))
        folder = _yellowcart.validate(list(patterns), each, texts, to, threads, shown)
        return Validation(folder, place.temporary)


def drawing(out: str | os.PathLike[str] | None, figures: bool | None) -> tuple[bool, list[str]]:
    """Whether figures are drawn, by default where ``out`` is given, and the option of the command line that says so."""
    drawn = out is not None if figures is None else figures
    return drawn, [] if drawn else ["--no-figures"]


@dataclass(frozen=True)
class Place:
    """Where a result goes."""

    out: str
    temporary: str | None

    def command(self, words: Sequence[str], options: Sequence[str] = ()) -> list[str]:
        """A command line that makes a result, with options and its folder; none where there is no command."""
        named = [] if self.temporary is not None else ["--out", self.out]
        return [*words, *options, *named] if words else []


@contextmanager
def destination(out: str | os.PathLike[str] | None, name: str) -> Iterator[Place]:
    """Where a result goes.

    The folder asked for, or a temporary one, which stays where something in it can be continued.
    """
    if out is not None and not os.fspath(out):
        raise InputError("out is empty: name a folder, or leave it out for a temporary one")
    if out is not None:
        yield Place(os.fspath(out), None)
        return
    temporary = tempfile.mkdtemp(prefix="yellowcart-")
    place = Place(str(Path(temporary, name)), temporary)
    try:
        yield place
    except BaseException:
        if not Path(place.out + ".partial").exists():
            shutil.rmtree(temporary, ignore_errors=True)
        raise
