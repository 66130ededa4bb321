"""Detectors in Python, and the bench that tries them."""

from __future__ import annotations

import copy
import json
import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from yellowcart import _yellowcart
from yellowcart._changes import Changes, texts_of
from yellowcart._progress import Progress, told
from yellowcart._requests import Destination, Facts, Streams, Tried
from yellowcart._yellowcart import Scores
from yellowcart.errors import InputError
from yellowcart.results import Board, destination
from yellowcart.table import Table

__all__ = ["Detector", "Event", "LabelledStream", "Scores", "detect_bench"]

Event: TypeAlias = Mapping[str, Any]
"""What a platform sees.

``at`` (ms after the stream's start), ``kind``, and the fields of its kind (docs/detectors.md); money in whole fen.
"""


class LabelledStream:
    """A stream with its truth, from which a detector may learn."""

    def __init__(self, inner: _yellowcart.Stream) -> None:
        self.seed: int = inner.seed
        """Seed of its market."""
        self.events = Table("events", inner.events)
        """What the platform saw, in order; fields that an event does not carry are null."""
        self.truth: dict[str, list[dict[str, Any]]] = json.loads(inner.truth)
        """What was true: ``campaigns``, ``twins``, ``actors``, ``orders``, ``events`` and ``rooms``."""


class Detector:
    """Watches a market as its platform can, and says what it suspects.

    Write :meth:`observe`, :meth:`beat`, or :meth:`see`.

    It must be deterministic: the same events bring the same scores. It may use what it has seen, never what comes;
    what lies between two beats is handed over at the second, and what is said counts from then on. Each stream is
    watched by a new one, made by calling the class, or as a deep copy of an object. What it raises ends the bench.

    >>> class Large(Detector):
    ...     '''Suspects rooms by their size.'''
    ...
    ...     frames_only = True
    ...
    ...     def observe(self, event, scores):
    ...         if event["kind"] == "frame":
    ...             scores.room(event["room"], float(event["viewers"]))
    """

    name: str = ""
    """What boards call it; the name of the class by default."""

    frames_only: bool = False
    """Whether it needs nothing but counters of rooms (frames and beats), which is much faster."""

    def observe(self, event: Event, scores: Scores) -> None:
        """Sees an event; beats excepted, which have a method of their own."""

    def beat(self, at: int, scores: Scores) -> None:
        """A display has refreshed: everything before ``at`` (ms), and all counters at it, have been seen."""

    def see(self, events: Table, scores: Scores) -> None:
        """Sees all events since the last beat at once.

        Where this is written, :meth:`observe` is not called: for numpy, polars and the like.
        """

    def learn(self, streams: Sequence[LabelledStream]) -> None:
        """Learns from streams with their truth, before it is tried on others.

        Called once at most, with development streams only.
        """

    def save(self) -> bytes | None:
        """What it remembers, as bytes.

        ``None`` if that cannot be saved. Who learns has to save what it has learnt: by default all attributes,
        pickled.
        """
        try:
            return pickle.dumps(self.__dict__)
        except (pickle.PicklingError, TypeError, AttributeError):
            if type(self).learn is Detector.learn:
                return None
            raise

    def restore(self, memory: bytes) -> None:
        """Takes up what :meth:`save` gave."""
        self.__dict__.update(pickle.loads(memory))


def detect_bench(
    detectors: Sequence[str | Detector | type[Detector] | object] = (),
    suite: str | os.PathLike[str] = "static",
    *,
    external: Sequence[str] = (),
    wire: str = "jsonl",
    changes: Changes = None,
    development: int | None = None,
    test: int | None = None,
    enforce: bool = True,
    curve: bool = False,
    out: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    force: bool = False,
    progress: Progress = None,
) -> Board:
    """Tries detectors on the streams of a suite.

    What they find, how late, at how many false alarms, and what harm their alerts avert.

    Thresholds are fixed on development streams; everything reported is measured on test streams.

    Args:
        detectors: Baselines by name (``yellowcart.baselines()``), and detectors of yours: classes, objects, or
            anything with their methods. All baselines where nothing, and no program, is named.
        suite: A shipped suite (``yellowcart.suites()``) or a path.
        external: Commands of programs to try too.
        wire: In which form programs are given events: ``"jsonl"`` or ``"arrow"``.
        changes: Changes to the suite's market, as for :func:`load`.
        development: Development streams instead of as many as the suite says.
        test: Test streams instead of as many as the suite says.
        enforce: Whether detectors are put into the platform's hands too, in paired runs.
        curve: Whether that is done at a fifth and at five times the suite's budget of false alarms too.
        out: Results folder; a temporary one by default.
        threads: Jobs at a time; all cores by default. Detectors in Python take turns.
        force: Whether an existing result is replaced.
        progress: As for :meth:`Scenario.run`; a function is given the jobs of a stage that are done and those there
            are.

    Raises what a detector raises; :class:`InputError`, :class:`DiskError`, or ``KeyboardInterrupt``, after which
    nothing is kept.
    """
    if wire not in ("jsonl", "arrow"):
        raise InputError(f"wire = {wire!r} cannot be: it is 'jsonl' or 'arrow'")
    baselines = [one for one in detectors if isinstance(one, str)]
    yours = [_entrant(one) for one in detectors if not isinstance(one, str)]
    named = baselines if baselines or yours or external else None
    tried = Tried(named, yours, list(external), wire == "arrow", enforce, curve)
    streams = Streams(os.fspath(suite), texts_of(changes), development, test)
    for name, count in (("development", development), ("test", test)):
        if count is not None and not 1 <= count <= 1_000:
            raise InputError(f"{name} = {count} cannot be: it is between 1 and 1000")
    with told(progress) as shown, destination(out, "bench") as place:
        # Detectors in Python cannot be typed on a command line.
        command = [] if yours else place.command(_command(streams, tried))
        to = Destination(place.out, force, False, True, command)
        return Board(_yellowcart.detect_bench(streams, tried, to, threads, shown), place.temporary)


def _command(streams: Streams, tried: Tried) -> list[str]:
    words = ["yellowcart", "detect", "bench", "--suite", streams.suite]
    words += ["--detectors", ",".join(tried.baselines)] if tried.baselines else []
    words += [word for command in tried.external for word in ("--external", command)]
    words += ["--wire", "arrow"] if tried.arrow else []
    words += [word for change in streams.changes for word in ("--set", change)]
    words += [] if streams.development is None else ["--development", str(streams.development)]
    words += [] if streams.test is None else ["--test", str(streams.test)]
    words += [] if tried.enforce else ["--no-enforcement"]
    return words + (["--curve"] if tried.curve else [])


def _entrant(detector: object) -> tuple[Facts, Callable[[], object]]:
    """What is known of a detector, and what makes a new one as the half in Rust calls it."""
    kind = detector if isinstance(detector, type) else type(detector)
    make: Callable[[], object] = detector if isinstance(detector, type) else lambda: copy.deepcopy(detector)
    in_tables = _writes(kind, "see")
    if not in_tables and not _writes(kind, "observe") and not _writes(kind, "beat"):
        raise InputError(f"{kind.__name__} is no detector: it has none of the methods observe, beat and see")
    name = str(getattr(detector, "name", "") or kind.__name__)
    return Facts(name, bool(getattr(detector, "frames_only", False)), in_tables), lambda: _AtWork(make())


def _writes(kind: type, method: str) -> bool:
    """Whether a class has a method that is not the base's, which does nothing."""
    own = getattr(kind, method, None)
    return own is not None and own is not getattr(Detector, method)


class _AtWork:
    """A detector with all methods, whatever it has of them."""

    def __init__(self, detector: Any) -> None:
        nothing = _Silent()
        for method in ("observe", "beat"):
            setattr(self, method, getattr(detector, method, getattr(nothing, method)))
        self._detector = detector

    def see(self, events: _yellowcart.Table, scores: Scores) -> None:
        self._detector.see(Table("events", events), scores)

    def learn(self, streams: Sequence[_yellowcart.Stream]) -> None:
        if _writes(type(self._detector), "learn"):
            self._detector.learn([LabelledStream(stream) for stream in streams])

    def save(self) -> bytes | None:
        save = getattr(self._detector, "save", None)
        return None if save is None else save()

    def restore(self, memory: bytes) -> None:
        self._detector.restore(memory)


class _Silent(Detector):
    """Says nothing."""
