"""Scenarios: values that are looked into and changed, and what is told of those that are wrong."""

from pathlib import Path

import pytest

import yellowcart
from yellowcart import InputError


def test_changes_make_other_values_and_leave_the_first_alone(small: yellowcart.Scenario) -> None:
    larger = small.with_changes({"population.consumers": 3000, "behaviour.arousal": 0})
    assert (small.get("population.consumers"), larger.get("population.consumers")) == (2000, 3000)
    assert larger.get("behaviour.arousal") == 0
    assert small.with_seed(7).seed == 7
    assert small.seed == 20201111
    assert small == yellowcart.load("diamond_necklace", ["population.consumers=2000"])
    assert len({small, larger, small.with_changes({})}) == 2


def test_all_of_a_scenario_is_plain_data(small: yellowcart.Scenario) -> None:
    everything = small.to_dict()
    assert everything["scenario"]["population"]["consumers"] == 2000
    assert everything["regime_name"] == small.regime == "none"
    assert small.get("rooms.quarrel_room.play.0.script") == "honest_pitch"
    assert small.title == everything["scenario"]["title"]


def test_a_path_without_anything_is_told(small: yellowcart.Scenario) -> None:
    with pytest.raises(InputError) as told:
        small.get("population.consumer")
    assert str(told.value) == "the scenario has nothing at `population.consumer`\ndid you mean `consumers`?"


def test_rules_are_looked_into_too() -> None:
    scenario = yellowcart.load("diamond_necklace", regime="disclosure")
    assert scenario.get("regime.disclose_real_counters.value") is True


def test_notebooks_see_escaped_tables(tmp_path: Path, small: yellowcart.Scenario) -> None:
    text = small.with_changes({"title": "<b>a & b</b>"})._repr_html_()
    assert "<b>a" not in text
    assert "&lt;b&gt;a &amp; b&lt;/b&gt;" in text


def test_what_may_not_be_meant_is_a_warning(tmp_path: Path) -> None:
    rules = '{ value = true, article = "assumption: a test", evidence = "A" }'
    late = f'title = "Late"\nstory = "A test."\nfrom = "2031-01-01"\ndisclose_real_counters = {rules}\n'
    (tmp_path / "late.toml").write_text(late)
    scenario = yellowcart.load("diamond_necklace", regime=tmp_path / "late.toml")
    with pytest.warns(UserWarning, match="regime late never holds within this scenario: it begins at 2031-01-01"):
        scenario.check()


def test_changes_of_other_kinds_are_no_changes() -> None:
    with pytest.raises(TypeError, match="changes are a mapping or a list of texts"):
        yellowcart.load("diamond_necklace", "population.consumers=2000")
    with pytest.raises(TypeError, match="a change cannot be None"):
        yellowcart.load("diamond_necklace", {"population.consumers": None})


def test_audits_find_the_way_below() -> None:
    audit = yellowcart.load("guess_coat").audit()
    assert [promise["verdict"] for promise in audit.promises] == ["broken", "broken"]
    assert audit.broken[0]["cheapest_fen"] == 51596
    assert "broken by 383.04: 515.96" in str(audit)


def test_what_is_shipped_is_listed() -> None:
    assert {"name", "title"} == set(yellowcart.regimes()[0])
    shelves = ("scenarios", "scripts", "regimes", "suites", "studies", "lessons")
    for listed in (getattr(yellowcart, shelf) for shelf in shelves):
        assert all(one["title"] for one in listed()), listed
    assert len(yellowcart.parameters()) > 300
    assert yellowcart.explain("china-2021")[0].keys() >= {"key", "value", "article", "evidence"}
    assert {"name", "family", "looks_at", "source"} == set(yellowcart.baselines()[0])
