"""Studies from Python: the same as on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Program
from helpers import hashed, study_of_one_room

import yellowcart


def test_a_study_is_what_the_command_line_makes(tmp_path: Path, program: Program) -> None:
    study = study_of_one_room()
    result = study.sweep(tmp_path / "python")
    (tmp_path / "one_room_study.toml").write_text(yellowcart._yellowcart.study_in_toml(json.dumps(study.to_dict())))
    program("sweep", "one_room_study.toml", "--out", "program")
    assert hashed(result.folder) == hashed(tmp_path / "program")
    assert yellowcart.open(result.folder).summary == result.summary
    assert type(yellowcart.open(result.folder)) is yellowcart.StudyResult
    assert str(result).startswith("One room")
    assert result.verify(again=True) == []


def test_runs_are_one_row_each(tmp_path: Path) -> None:
    result = study_of_one_room().sweep()
    runs = result.runs.to_pandas()
    assert list(runs.columns[:5]) == ["point", "replication", "seed", "law", "price"]
    assert len(runs) == 2 * 8
    # Replication r has the same seed at every point.
    assert runs.groupby("replication")["seed"].nunique().eq(1).all()
    assert runs["price"].nunique() == 4
    polars = result.runs.to_polars()
    assert polars["paid_sales"].sum() == runs["paid_sales"].sum()


def test_shards_are_put_together_to_the_same_bytes(tmp_path: Path) -> None:
    study = study_of_one_room()
    whole = study.sweep(tmp_path / "whole", figures=False)
    shards = [study.sweep(tmp_path / f"shard-{at}", shard=(at, 3), figures=False).folder for at in (1, 2, 3)]
    merged = yellowcart.merge(shards, tmp_path / "merged", figures=False)
    assert hashed(merged.folder) == hashed(whole.folder)


def test_what_moves_a_metric_is_told() -> None:
    study = study_of_one_room(design={"kind": "morris", "trajectories": 4}, replications=1)
    result = study.sensitivity()
    [metric] = result.summary["metrics"]
    sizes = {
        factor: index["mean_size"]["value"] for factor, index in zip(["law", "price"], metric["effects"], strict=True)
    }
    indices = result.indices.to_pandas().set_index(["factor", "index"])["value"]
    assert {factor: indices[factor, "mean_size"] for factor in sizes} == sizes
    # A design has a level for each regime: both are run.
    assert set(result.runs.to_pandas()["law"]) == {"none", "disclosure"}


def test_a_calibration_finds_what_it_was_not_told() -> None:
    truth = yellowcart.load("one_room", {"population.consumers": 2000}).run().metrics
    content = study_of_one_room().to_dict()
    del content["design"], content["factors"]["law"], content["metrics"]
    content |= {
        "replications": 1,
        "targets": {
            "orders": {"metric": "paid_orders", "value": truth["paid_orders"], "tolerance": 0.1 * truth["paid_orders"]},
            "sales": {"metric": "paid_sales", "value": truth["paid_sales"], "tolerance": 0.1 * truth["paid_sales"]},
        },
        "calibration": {"particles": 40},
    }
    result = yellowcart.load_study(content).calibrate()
    low, middle, high = result.summary["calibration"]["posterior"][0]["numbers"]["quantiles"]
    assert low < 100 < high
    assert low < middle < high
    posterior = result.posterior.to_pandas()
    assert posterior["weight"].sum() == pytest.approx(1)


def test_what_is_wrong_is_said_as_the_command_line_says_it() -> None:
    with pytest.raises(yellowcart.InputError, match="there is no shipped study `what_moves_the_cat`"):
        yellowcart.load_study("what_moves_the_cat")
    with pytest.raises(yellowcart.InputError) as raised:
        study_of_one_room(metrics=["paid_sale"]).sweep()
    assert "this scenario has no metric `paid_sale`" in str(raised.value)
    with pytest.raises(yellowcart.InputError, match="the study has no targets"):
        study_of_one_room().calibrate()


@pytest.mark.parametrize("figures", [False, True])
def test_a_report_made_again_has_the_same_bytes(tmp_path: Path, figures: bool) -> None:
    result = study_of_one_room().sweep(tmp_path / "result", figures=figures)
    before = (result.folder / "report.html").read_bytes()
    assert result.report(force=True).read_bytes() == before
    assert result.verify() == []


def test_a_study_does_not_change_after_it_was_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = study_of_one_room().to_dict()
    study = yellowcart.load_study(content)
    content["factors"]["price"]["range"] = [1, 2]
    study.factors["price"]["range"][0] = 55
    assert study.factors["price"]["range"] == [70.0, 130.0]
    file = tmp_path / "mine.toml"
    file.write_text(yellowcart._yellowcart.study_in_toml(json.dumps(study.to_dict())))
    monkeypatch.chdir(tmp_path)
    mine = yellowcart.load_study("mine.toml")
    monkeypatch.chdir("/")
    assert len(mine.sweep().runs) == 16
    file.write_text(file.read_text().replace("levels = 4", "levels = 2"))
    with pytest.raises(yellowcart.InputError, match="has changed since it was loaded: load it again"):
        mine.sweep()


@pytest.mark.parametrize(
    ("factors", "told"),
    [
        ({"a": {"regimes": ["none", "eu"]}, "b": {"regimes": ["none", "us"]}}, "are both regimes"),
        ({"a": {"path": "regime", "values": ["none", "eu"]}}, "`regime` changes nothing in a run"),
        ({"a": {"path": "seed", "range": [1, 9]}}, "`seed` changes nothing in a run"),
        ({"a": {"path": "behaviour.arousal", "triangular": [0.1, 0.5, 0.4]}}, "does not rise and fall"),
        ({"a": {"path": "behaviour.arousal", "normal": [0.2, 0.0]}}, "has no width"),
        ({"a": {"path": "behaviour.arousal", "values": [1, 1.0]}}, "has 1 twice"),
        ({"weight": {"path": "behaviour.arousal"}}, "a factor cannot be called `weight`"),
        ({"a": {"path": "behaviour.arousal", "range": [0.1, float("nan")]}}, "it holds finite numbers"),
    ],
)
def test_factors_that_make_no_sense_are_refused(factors: dict[str, object], told: str) -> None:
    with pytest.raises(yellowcart.InputError) as raised:
        study_of_one_room(factors=factors).sweep()
    assert told in str(raised.value)


def test_points_that_cannot_be_are_told_before_anything_is_run(tmp_path: Path) -> None:
    factors = {
        "opens": {"path": "rooms.room.cues.0.at", "values": ["0:10:00", "1:30:00"]},
        "closes": {"path": "rooms.room.cues.1.at", "values": ["1:00:00", "1:50:00"]},
    }
    with pytest.raises(yellowcart.InputError) as raised:
        study_of_one_room(factors=factors).sweep(tmp_path / "result")
    assert "at closes 1:00:00, opens 1:30:00: " in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_two_at_one_folder_are_kept_apart(tmp_path: Path) -> None:
    from yellowcart._requests import Destination, Studied

    file = tmp_path / "mine.toml"
    file.write_text(yellowcart._yellowcart.study_in_toml(json.dumps(study_of_one_room().to_dict())))
    out = str(tmp_path / "result")
    to = Destination(out, False, False, False, [])
    session = yellowcart._yellowcart.Session.study(Studied(str(file), [], "sweep", None), to)
    with pytest.raises(yellowcart.InputError, match="is still being run: wait for it"):
        yellowcart.resume(out)
    assert session.kept() == 0
