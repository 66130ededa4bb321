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
    [metric] = study.sensitivity().summary["metrics"]
    assert [index["mean_size"]["value"] is not None for index in metric["effects"]] == [True, True]


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
