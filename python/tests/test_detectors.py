"""Detectors in Python on the bench: the same verdicts as a program outside gets, and what goes wrong is raised."""

import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import yellowcart
from yellowcart import Detector, Event, InputError, LabelledStream, Scores, Table

FEW = {"population.consumers": 3000, "generate.rooms": 12}


class Grown(Detector):
    """Suspects rooms whose viewers grow while likes do not: the example of docs/detectors.md."""

    frames_only = True

    def __init__(self) -> None:
        self.last: dict[int, tuple[int, int]] = {}

    def observe(self, event: Event, scores: Scores) -> None:
        if event["kind"] != "frame":
            return
        room, viewers, likes = event["room"], event["viewers"], event["likes"]
        before = self.last.get(room, (viewers, likes))
        self.last[room] = viewers, likes
        grown = max(0, viewers - before[0]) / (viewers + 1)
        liked = (likes - before[1]) / (viewers + 1)
        scores.room(room, grown / (grown + liked + 0.01))


OUTSIDE = """
import json, sys
json.loads(sys.stdin.readline())
print(json.dumps({"name": "outside", "ready": True, "frames_only": True}), flush=True)
last = {}
for line in sys.stdin:
    event = json.loads(line)
    if event["kind"] == "frame":
        viewers, likes = last.get(event["room"], (event["viewers"], event["likes"]))
        last[event["room"]] = event["viewers"], event["likes"]
        grown = max(0, event["viewers"] - viewers) / (event["viewers"] + 1)
        liked = (event["likes"] - likes) / (event["viewers"] + 1)
        print(json.dumps({"room": event["room"], "score": grown / (grown + liked + 0.01)}))
    elif event["kind"] == "beat":
        print(json.dumps({"beat": event["at"]}), flush=True)
"""


class InTables(Detector):
    """The same of a room's size, beat by beat in tables."""

    def see(self, events: Table, scores: Scores) -> None:
        frames = events.to_arrow().to_pylist()
        for frame in frames:
            if frame["kind"] == "frame":
                scores.room(frame["room"], frame["viewers"], reason="large")


class Sized:
    """The same event by event, without the base class."""

    def observe(self, event: Event, scores: Scores) -> None:
        if event["kind"] == "frame":
            scores.room(event["room"], event["viewers"])


def bench(*detectors: object, **options: Any) -> dict[str, dict[str, Any]]:
    board = yellowcart.detect_bench(
        detectors, development=1, test=1, changes=FEW, enforce=options.pop("enforce", False), **options
    )
    assert isinstance(board, yellowcart.Board)
    return {detector["name"]: detector for detector in board.detectors}


def test_a_class_is_judged_as_a_program_and_as_a_baseline_is(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(OUTSIDE)
    program = f"{sys.executable} {tmp_path / 'outside.py'}"
    tried = bench(Grown, "silent_crowd", external=[program], enforce=True)
    assert tried["Grown"]["source"] == "a detector in Python"
    verdicts = {name: json.dumps(one["verdicts"]).replace(f'"{name}"', '""') for name, one in tried.items()}
    assert verdicts["Grown"] == verdicts["outside"] != verdicts["silent_crowd"]
    assert tried["Grown"]["averted"] == tried["outside"]["averted"]
    assert [one["trouble"] for one in tried.values()] == [[], [], []]


def test_tables_and_duck_types_and_objects_will_do() -> None:
    tried = bench(InTables, Sized())
    verdicts = [json.dumps(one["verdicts"]).replace(name, "") for name, one in tried.items()]
    assert verdicts[0] == verdicts[1]


def test_what_a_detector_raises_ends_the_bench() -> None:
    class Broken(Detector):
        def beat(self, at: int, scores: Scores) -> None:
            if at > 60_000:
                self.fail()

        def fail(self) -> None:
            raise LookupError("it is broken")

    with pytest.raises(LookupError, match="it is broken") as raised:
        bench(Broken, "silent_crowd")
    names = [frame.name for frame in traceback.extract_tb(raised.value.__traceback__)]
    assert names[-2:] == ["beat", "fail"]
    assert "Sized" in bench(Sized)


@pytest.mark.parametrize(
    ("score", "told"),
    [(float("nan"), "a score is a finite number, and this is NaN"), (float("inf"), "a score is a finite number")],
)
def test_scores_are_finite(score: float, told: str) -> None:
    class Endless(Detector):
        def beat(self, at: int, scores: Scores) -> None:
            scores.room(0, score)

    with pytest.raises(ValueError, match=told):
        bench(Endless)


def test_who_remembers_an_earlier_run_is_told() -> None:
    class Knowing(Detector):
        seen: list[int] = []  # noqa: RUF012

        def beat(self, at: int, scores: Scores) -> None:
            self.seen.append(at)
            scores.room(0, float(len(self.seen)))

    [trouble] = bench(Knowing)["Knowing"]["trouble"]
    assert "the detector is not deterministic" in trouble


class Learning(Detector):
    """Learns which accounts' rooms farms go to: a score that is known only from the truth."""

    def __init__(self) -> None:
        self.most = 0.0

    def learn(self, streams: Sequence[LabelledStream]) -> None:
        for stream in streams:
            assert "viewers" in stream.events.columns
            assert stream.truth["campaigns"][0].keys() >= {"threat", "room", "first_evidence"}
        self.most = max(float(room["peak_viewers"]) for stream in streams for room in stream.truth["rooms"])

    def observe(self, event: Event, scores: Scores) -> None:
        assert self.most > 0
        if event["kind"] == "frame":
            scores.room(event["room"], event["viewers"] / self.most)


def test_what_is_learnt_is_there_on_every_stream() -> None:
    assert bench(Learning, enforce=True)["Learning"]["trouble"] == []


def test_nothing_is_run_by_a_detector(small: yellowcart.Scenario) -> None:
    class Running(Detector):
        def beat(self, at: int, scores: Scores) -> None:
            small.run()

    with pytest.raises(InputError, match="nothing can be run from within a detector"):
        bench(Running)


@pytest.mark.parametrize(
    ("detectors", "told"),
    [
        (["silent_crowds"], "there is no baseline `silent_crowds`: did you mean `silent_crowd`?"),
        (["flock", "flock"], "flock is named twice: once is enough"),
        ([Grown, Grown()], "Grown is named twice: once is enough"),
        ([dict], "dict is no detector: it has none of the methods observe, beat and see"),
    ],
)
def test_who_cannot_be_tried(detectors: list[object], told: str) -> None:
    with pytest.raises(InputError) as raised:
        bench(*detectors)
    assert str(raised.value) == told


def test_seeds_of_suites_are_their_own() -> None:
    with pytest.raises(InputError, match="--set seed=5 would change nothing"):
        yellowcart.detect_bench([Sized], changes={"seed": 5})
