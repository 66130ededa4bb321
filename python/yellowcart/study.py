"""Studies: a scenario at many points of its factors, what each accounts for, and which values fit what was observed."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from yellowcart import _yellowcart
from yellowcart import executors as on
from yellowcart._changes import Changes, merged, texts_of
from yellowcart._html import facts
from yellowcart._progress import Progress, told
from yellowcart._requests import Destination, Studied
from yellowcart.errors import InputError
from yellowcart.results import StudyResult, destination, drawing

__all__ = ["Study", "load_study", "merge"]


class Study:
    """A checked study. It does not change; the ``with_`` methods give other ones.

    >>> import yellowcart
    >>> study = yellowcart.load_study("what_moves_the_coat")
    >>> study
    <yellowcart.Study what_moves_the_coat: guess_coat, 7 factors, morris>
    >>> sorted(study.factors)[:2]
    ['arousal', 'claimed_quality']
    """

    def __init__(self, what: str | Mapping[str, Any], changes: Sequence[str] = (), name: str = "study") -> None:
        # A copy, and a path that means the same from everywhere: what was checked does not change.
        self._what = _absolute(what) if isinstance(what, str) else json.loads(_in_json(what))
        self._changes = tuple(changes)
        self._called = name
        with ExitStack() as stack:
            self._name, self._text = _yellowcart.read_study(self._file(stack), list(self._changes))

    @property
    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._text)
        return content

    def _file(self, stack: ExitStack) -> str:
        """The study as the half in Rust takes it: a name or a path; of a mapping that of a file made for it."""
        if isinstance(self._what, str):
            return self._what
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="yellowcart-"))
        path = Path(folder, f"{self._called}.toml")
        path.write_text(_yellowcart.study_in_toml(_in_json(self._what)), encoding="utf-8")
        return str(path)

    @property
    def name(self) -> str:
        """Name of the shipped study, or the file's name without its ending."""
        return self._name

    @property
    def title(self) -> str:
        """What it asks."""
        return str(self._content["title"])

    @property
    def scenario(self) -> str:
        """The scenario that it is of."""
        return str(self._content["scenario"])

    @property
    def factors(self) -> dict[str, dict[str, Any]]:
        """What is varied, by name."""
        return dict(self._content["factors"])

    @property
    def targets(self) -> dict[str, dict[str, Any]]:
        """What was observed, by name; needed by :meth:`calibrate`."""
        return dict(self._content["targets"])

    def to_dict(self) -> dict[str, Any]:
        """All of it, as its file has it, with everything that was left out there.

        :func:`load_study` takes it, unless it names files beside its own.
        """
        return _without_none(self._content)

    def with_changes(self, changes: Changes) -> Study:
        """The same with changes to its scenario, as :func:`load` takes them."""
        return Study(self._what, merged(self._changes, texts_of(changes)), self._called)

    def sweep(
        self,
        out: str | os.PathLike[str] | None = None,
        *,
        executor: Executor | None = None,
        threads: int | None = None,
        shard: tuple[int, int] | None = None,
        force: bool = False,
        figures: bool | None = None,
        progress: Progress = None,
    ) -> StudyResult:
        """Runs it at all points of its design.

        Args:
            out: Results folder; without one, a temporary folder that is there as long as the returned result.
            executor: Where runs are done: any executor of ``concurrent.futures``; see :mod:`yellowcart.executors`.
            threads: Without one, runs at a time here; all cores by default.
            shard: ``(2, 8)`` for the second of eight shares of the points, which :func:`merge` puts together.
            force: Whether an existing result is replaced.
            figures: Whether figures are drawn: by default where ``out`` is given.
            progress: As for :meth:`Scenario.compare`.

        Raises :class:`InputError`, :class:`DiskError`, :class:`WorkersStopped` where the executor gave up, or
        ``KeyboardInterrupt``; ``yellowcart.resume(folder)`` goes on, and does nothing twice.

        >>> import yellowcart
        >>> study = yellowcart.load_study({
        ...     "title": "One room at three prices",
        ...     "scenario": "one_room",
        ...     "changes": ["population.consumers=2000"],
        ...     "replications": 2,
        ...     "metrics": ["paid_orders"],
        ...     "design": {"kind": "grid", "levels": 3},
        ...     "factors": {"price": {"path": "rooms.room.cues.0.open_link.price", "range": [80, 120]}},
        ... })
        >>> result = study.sweep()
        >>> len(result.runs)
        6
        >>> [point["values"] for point in result.summary["points"]]
        [[80.0], [100.0], [120.0]]
        """
        return self._carry_out("sweep", out, executor, threads, shard, force, figures, progress)

    def sensitivity(
        self,
        out: str | os.PathLike[str] | None = None,
        *,
        executor: Executor | None = None,
        threads: int | None = None,
        shard: tuple[int, int] | None = None,
        force: bool = False,
        figures: bool | None = None,
        progress: Progress = None,
    ) -> StudyResult:
        """Runs it, and tells what each factor accounts for: elementary effects of the design ``morris``, shares of
        variance of the design ``sobol``. Arguments are those of :meth:`sweep`.
        """
        return self._carry_out("sensitivity", out, executor, threads, shard, force, figures, progress)

    def calibrate(
        self,
        out: str | os.PathLike[str] | None = None,
        *,
        executor: Executor | None = None,
        threads: int | None = None,
        force: bool = False,
        figures: bool | None = None,
        progress: Progress = None,
    ) -> StudyResult:
        """Looks for the values of its factors that bring runs as near to its targets as asked (approximate Bayesian
        computation by sequential Monte Carlo). Arguments are those of :meth:`sweep`.
        """
        return self._carry_out("calibrate", out, executor, threads, None, force, figures, progress)

    def _carry_out(
        self,
        purpose: str,
        out: str | os.PathLike[str] | None,
        executor: Executor | None,
        threads: int | None,
        shard: tuple[int, int] | None,
        force: bool,
        figures: bool | None,
        progress: Progress,
    ) -> StudyResult:
        with_figures, options = drawing(out, figures)
        on.check(executor, threads)
        with ExitStack() as stack:
            what, changes = self._file(stack), list(self._changes)
            if _yellowcart.read_study(what, changes)[1] != self._text:
                raise InputError(f"{self._what} has changed since it was loaded: load it again")
            shown = stack.enter_context(told(progress))
            place = stack.enter_context(destination(out, self.name))
            command = place.command(self._command(purpose, shard), options)
            to = Destination(place.out, force, False, with_figures, command)
            of = Studied(what, changes, purpose, shard)
            if executor is None:
                folder = _yellowcart.sweep(of, to, threads, shown)
            else:
                folder = on.carry_out(_yellowcart.Session.study(of, to), place.out, executor, shown)
            return StudyResult(folder, place.temporary)

    def _command(self, purpose: str, shard: tuple[int, int] | None) -> list[str]:
        """A command line that does the same; none of what was not read from a file."""
        if not isinstance(self._what, str):
            return []
        command = ["yellowcart", purpose, self._what]
        command += [word for change in self._changes for word in ("--set", change)]
        return command + ([] if shard is None else ["--shard", f"{shard[0]}/{shard[1]}"])

    def __repr__(self) -> str:
        design = self._content.get("design")
        kind = "no design" if design is None else design["kind"]
        return f"<yellowcart.Study {self.name}: {self.scenario}, {len(self.factors)} factors, {kind}>"

    def _repr_html_(self) -> str:
        rows = [(name, factor.get("path") or "regimes") for name, factor in self.factors.items()]
        return facts(self.title, [("scenario", self.scenario), *rows])


def load_study(
    what: str | os.PathLike[str] | Mapping[str, Any], changes: Changes = None, *, name: str = "study"
) -> Study:
    """A study: a shipped one (see :func:`studies`), a file, or a mapping with what a file would hold.

    Args:
        what: Its name, its path, or its content. A mapping's scenario and regimes are names or absolute paths.
        changes: Changes to its scenario beside its own, as for :func:`load`.
        name: What one that is given as a mapping is called.

    Raises :class:`InputError` with everything that is wrong.
    """
    of = dict(what) if isinstance(what, Mapping) else os.fspath(what)
    return Study(of, texts_of(changes), name)


def merge(
    folders: Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str] | None = None,
    *,
    force: bool = False,
    figures: bool | None = None,
) -> StudyResult:
    """Puts shards of a study together: the same bytes as one machine would have made."""
    with_figures, options = drawing(out, figures)
    places = [os.fspath(folder) for folder in folders]
    with destination(out, "merged") as place:
        to = Destination(
            place.out, force, False, with_figures, place.command(["yellowcart", "merge", *places], options)
        )
        return StudyResult(_yellowcart.merge(places, to), place.temporary)


def _absolute(what: str) -> str:
    """A path that means the same from everywhere; a name as it is."""
    return os.path.abspath(what) if Path(what).is_file() else what


def _in_json(content: Mapping[str, Any]) -> str:
    try:
        return json.dumps(content, allow_nan=False)
    except (TypeError, ValueError) as why:
        raise InputError(
            f"this cannot be a study: {why}: it holds finite numbers, texts, true and false, lists and mappings"
        ) from None


def _without_none(table: dict[str, Any]) -> dict[str, Any]:
    """TOML has no nothing: what is not there is left out."""
    there = ((key, value) for key, value in table.items() if value is not None)
    return {key: _without_none(value) if isinstance(value, dict) else value for key, value in there}
