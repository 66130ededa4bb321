"""Scenarios: loaded and checked, changed, run, compared under regimes, audited."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Any

from yellowcart import _yellowcart, executors
from yellowcart._changes import Changes, merged, texts_of
from yellowcart._html import facts
from yellowcart._progress import Progress, told
from yellowcart._requests import Compared, Destination
from yellowcart.audit import Audit, audit
from yellowcart.errors import InputError
from yellowcart.regime import AnyRegime, Regime, as_arguments, typed
from yellowcart.results import Comparison, Run, destination, drawing

__all__ = ["Scenario", "check", "load"]

_MOST_REPLICATIONS = 10_000
_MOST_SEEDS_PER_DRAW = 1_000


class Scenario:
    """A checked scenario with its scripts, its regime and its seed. It does not change; the ``with_`` methods give
    other ones.

    >>> import yellowcart
    >>> scenario = yellowcart.load("diamond_necklace", {"population.consumers": 2000})
    >>> scenario
    <yellowcart.Scenario diamond_necklace: seed 20201111, regime none, 2,000 consumers>
    >>> scenario.get("population.consumers")
    2000
    >>> scenario.with_regime("disclosure").with_seed(7)
    <yellowcart.Scenario diamond_necklace: seed 7, regime disclosure, 2,000 consumers>
    """

    def __init__(self, what: str, changes: Sequence[str], seed: int | None, regime: AnyRegime | None) -> None:
        self._what = what
        self._changes = tuple(changes)
        self._seed = seed
        self._asked_regime = regime
        with as_arguments([] if regime is None else [regime]) as named:
            self._bundle = _yellowcart.load(what, list(changes), seed, *named)

    @property
    def name(self) -> str:
        """Name of the shipped scenario, or the file's name without its ending."""
        return self._bundle.name

    @property
    def title(self) -> str:
        """Its title line."""
        return self._bundle.title

    @property
    def seed(self) -> int:
        """Seed of every draw."""
        return self._bundle.seed

    @property
    def regime(self) -> str:
        """Name of its regime."""
        return self._bundle.regime

    def get(self, path: str) -> Any:
        """What stands at a path: keys, and positions in lists, joined by dots; rules of its regime after ``regime.``.

        Raises :class:`InputError` where there is nothing.
        """
        return json.loads(self._bundle.get(path))

    def to_dict(self) -> dict[str, Any]:
        """All of it, as manifests have it.

        ``name``, ``seed``, ``scenario``, ``scripts``, ``regime_name`` and ``regime``.
        """
        everything: dict[str, Any] = json.loads(self._bundle.to_json())
        return everything

    def with_changes(self, changes: Changes) -> Scenario:
        """The same with changes, as :func:`load` takes them, beside those that it has."""
        return Scenario(self._what, merged(self._changes, texts_of(changes)), self._seed, self._asked_regime)

    def with_seed(self, seed: int) -> Scenario:
        """The same with another seed."""
        return Scenario(self._what, self._changes, seed, self._asked_regime)

    def with_regime(self, regime: AnyRegime) -> Scenario:
        """The same under another regime: a name, a path, or a :class:`Regime`."""
        return Scenario(self._what, self._changes, self._seed, regime)

    def check(self) -> str:
        """What ``yellowcart check`` says of it; what may not be meant comes as warnings.

        >>> import yellowcart
        >>> yellowcart.load("diamond_necklace").check()
        '4 rooms, 3 products, 58 cues, 300000 consumers'
        """
        about, notes = self._bundle.check()
        _warn(notes)
        return about

    def run(
        self,
        out: str | os.PathLike[str] | None = None,
        *,
        threads: int | None = None,
        force: bool = False,
        csv: bool = False,
        figures: bool | None = None,
        progress: Progress = None,
    ) -> Run:
        """Plays it, and writes tables, figures and a manifest.

        Args:
            out: Results folder; without one, a temporary folder that is there as long as the returned :class:`Run`.
            threads: Threads of the market: one by default. The first market of a process settles this for all later
                ones. A second thread makes a large market (a million people) a tenth to a third faster, and makes
                comparisons in the same process slower; results never depend on it.
            force: Whether an existing result is replaced.
            csv: Whether tables are written as CSV beside Parquet.
            figures: Whether figures are drawn: by default where ``out`` is given.
            progress: ``None``: a bar, where tqdm is installed and somebody looks; ``False``: none; or a function of
                the seconds of market time that are done and those there are.

        Raises :class:`InputError`, :class:`DiskError`, or ``KeyboardInterrupt``, whose message says how to go on:
        ``yellowcart.resume(folder)``.

        >>> import yellowcart
        >>> run = yellowcart.load("diamond_necklace", {"population.consumers": 2000}).run()
        >>> run.metrics["paid_orders"] > 0
        True
        """
        _warn(self._bundle.check()[1])
        with_figures, options = drawing(out, figures)
        options += ["--csv"] if csv else []
        with told(progress) as shown, destination(out, self.name) as place:
            command = place.command(self._command("run"), options)
            to = Destination(place.out, force, csv, with_figures, command)
            return Run(_yellowcart.run(self._bundle, to, threads, shown), place.temporary)

    def compare(
        self,
        regimes: Sequence[AnyRegime],
        *,
        replications: int = 20,
        baseline: str | None = None,
        primary: str | None = None,
        from_: str | None = None,
        uncertainty: bool = False,
        seeds_per_draw: int = 2,
        out: str | os.PathLike[str] | None = None,
        executor: Executor | None = None,
        threads: int | None = None,
        force: bool = False,
        figures: bool | None = None,
        progress: Progress = None,
    ) -> Comparison:
        """Compares regimes over replications that are paired by seed. The scenario's own regime plays no part.

        Args:
            regimes: Names, paths or :class:`Regime`; the first is the baseline.
            replications: Replications of every regime, 1 to 10,000.
            baseline: Name of another baseline than the first.
            primary: Key of the metric that decides; ``net_detriment`` by default, or ``deception_harm`` where a run
                has no such.
            from_: The moment from which regimes differ, such as ``"2020-11-01 20:00"`` or ``"2020-11-01"``.
            uncertainty: Whether assumptions are redrawn within what is plausible.
            seeds_per_draw: With it: seeds for each draw of the assumptions, 1 to 1,000.
            out: Results folder; without one, a temporary folder that is there as long as the returned
                :class:`Comparison`.
            executor: Where runs are done: any executor of ``concurrent.futures``; see :mod:`yellowcart.executors`.
            threads: Without one, runs at a time here; all cores by default.
            force: Whether an existing result is replaced.
            figures: Whether figures are drawn: by default where ``out`` is given.
            progress: As for :meth:`run`; a function is given the runs that are done and those there are.

        Raises :class:`InputError`, :class:`DiskError`, or ``KeyboardInterrupt``; ``yellowcart.resume(folder)`` goes on.

        >>> import yellowcart
        >>> scenario = yellowcart.load("diamond_necklace", {"population.consumers": 2000})
        >>> comparison = scenario.compare(["none", "disclosure"], replications=2)
        >>> comparison.arms
        ['none', 'disclosure']
        """
        executors.check(executor, threads)
        _between("replications", replications, _MOST_REPLICATIONS)
        _between("seeds_per_draw", seeds_per_draw, _MOST_SEEDS_PER_DRAW)
        with_figures, no_figures = drawing(out, figures)
        options = ["--replications", str(replications)]
        for option, value in (("--baseline", baseline), ("--primary", primary), ("--from", from_)):
            options += [] if value is None else [option, value]
        options += ["--uncertainty", "--seeds-per-draw", str(seeds_per_draw)] if uncertainty else []
        options += no_figures
        with (
            told(progress) as shown,
            destination(out, f"{self.name}-compared") as place,
            as_arguments(regimes) as arguments,
        ):
            command = place.command(self._command("compare", [typed(regime) for regime in regimes]), options)
            to = Destination(place.out, force, False, with_figures, command)
            of = Compared(
                what=self._what,
                changes=list(self._changes),
                seed=self._seed,
                regimes=arguments,
                baseline=_name_of(baseline, regimes, arguments),
                replications=replications,
                primary=primary,
                seeds_per_draw=seeds_per_draw if uncertainty else None,
                moment=from_,
            )
            if executor is None:
                folder, notes = _yellowcart.compare(self._bundle, of, to, threads, shown)
                _warn(notes)
                return Comparison(folder, place.temporary)
            session, notes = _yellowcart.Session.comparison(self._bundle, of, to)
            _warn(notes)
            folder = executors.carry_out(session, place.out, executor, shown)
            return Comparison(folder, place.temporary)

    def audit(
        self, out: str | os.PathLike[str] | None = None, *, force: bool = False, progress: Progress = None
    ) -> Audit:
        """Searches for a way below every price that was promised to be the lowest: see :func:`yellowcart.audit`."""
        return audit(self._what, self._changes, out, force=force, progress=progress)

    def _command(self, command: str, regimes: Sequence[str | None] = ()) -> list[str]:
        """The command line that does the same; empty where there is none, since a regime is no file."""
        asked = None if self._asked_regime is None or regimes else typed(self._asked_regime)
        if None in regimes or (not regimes and isinstance(self._asked_regime, Regime) and asked is None):
            return []
        words = ["yellowcart", command, self._what]
        words += ["--regimes", ",".join(name for name in regimes if name)] if regimes else []
        words += [] if asked is None else ["--regime", asked]
        words += [] if self._seed is None else ["--seed", str(self._seed)]
        for change in self._changes:
            words += ["--set", change]
        return words

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self._bundle.to_json() == other._bundle.to_json()

    def __hash__(self) -> int:
        return hash(self._bundle.to_json())

    def __repr__(self) -> str:
        consumers = self.get("population.consumers")
        about = f"seed {self.seed}, regime {self.regime}, {consumers:,} consumers"
        return f"<yellowcart.Scenario {self.name}: {about}>"

    def _repr_html_(self) -> str:
        return facts(
            self.title,
            [
                ("scenario", self.name),
                ("seed", str(self.seed)),
                ("regime", self.regime),
                ("holds", self._bundle.check()[0]),
                *(("changed", change) for change in self._changes),
            ],
        )


def load(
    scenario: str | os.PathLike[str],
    changes: Changes = None,
    seed: int | None = None,
    regime: AnyRegime | None = None,
) -> Scenario:
    """Loads a scenario with its scripts and its regime, and checks it completely.

    Args:
        scenario: A shipped one (``yellowcart.scenarios()``) or a path.
        changes: ``{"population.consumers": 2000}``, or texts such as ``["population.consumers=2000"]``.
        seed: Seed of every draw; the scenario's own by default.
        regime: Regime instead of the scenario's: a name, a path, or a :class:`Regime`.

    Raises :class:`InputError` with everything that is wrong, at once, each with its place.

    >>> load("honest_evening").title
    'An honest evening: nobody manipulates, and deception does no harm'
    """
    return Scenario(os.fspath(scenario), texts_of(changes), seed, regime)


def check(what: str | os.PathLike[str], changes: Changes = None) -> str:
    """Checks any file, or anything shipped: a scenario, campaign, script, regime, suite or study. Returns what it is.

    Raises :class:`InputError` with everything that is wrong, at once, each with its place.

    >>> check("disclosure")
    'a regime: 1 rule and 0 fines, 1 of them assumed'
    """
    about, notes = _yellowcart.check(os.fspath(what), texts_of(changes))
    _warn(notes)
    return about


def _between(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise InputError(f"{name} = {value} cannot be: it is between 1 and {most}")


def _warn(notes: Sequence[str]) -> None:
    for note in notes:
        warnings.warn(note, UserWarning, stacklevel=3)


def _name_of(baseline: str | None, regimes: Sequence[AnyRegime], arguments: Sequence[str]) -> str | None:
    """A baseline as it was named among the regimes: by its file, where it was put into one."""
    for regime, argument in zip(regimes, arguments, strict=True):
        if isinstance(regime, Regime) and regime.name == baseline:
            return argument
    return baseline
