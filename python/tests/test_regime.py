"""Regimes as values: read, changed, and used wherever a name is."""

import pytest

import yellowcart
from yellowcart import InputError


def test_a_rule_that_comes_alone_is_an_assumption() -> None:
    regime = yellowcart.load_regime("disclosure").with_rules({"cooling_off_days": 7})
    assert regime.name == "disclosure_with_cooling_off_days"
    assert regime.rules["cooling_off_days"] == {
        "value": 7.0,
        "article": "assumption: set in Python",
        "evidence": "A",
    }
    assert regime.rules["disclose_real_counters"]["value"] is True
    assert regime.with_rules({"disclose_real_counters": None}, name="less").rules.keys() == {"cooling_off_days"}


def test_rules_with_their_articles_are_kept() -> None:
    rule = {"value": 7.0, "article": "Consumer Protection Law art 25", "evidence": "VS"}
    regime = yellowcart.load_regime("none").with_rules({"cooling_off_days": rule}, name="week")
    assert regime.rules == {"cooling_off_days": rule}
    assert yellowcart.load_regime("none") == yellowcart.load_regime("none") != regime
    assert "Consumer Protection Law" in regime._repr_html_()


def test_rules_that_there_are_not_are_told() -> None:
    with pytest.raises(InputError) as told:
        yellowcart.load_regime("none").with_rules({"cooling_of_days": 7, "q_state": 2.0}, name="wrong")
    assert "unknown key `cooling_of_days`" in str(told.value)
    assert "did you mean `cooling_off_days`?" in str(told.value)
    assert "wrong:" in str(told.value)
    with pytest.raises(InputError, match="`a/b` cannot be the name of a regime"):
        yellowcart.load_regime("none").with_rules({}, name="a/b")


def test_a_regime_is_used_wherever_a_name_is(small: yellowcart.Scenario) -> None:
    regime = yellowcart.load_regime("none").with_rules({"disclose_real_counters": True}, name="shown")
    assert small.with_regime(regime).run().summary["market"] == small.with_regime("disclosure").run().summary["market"]
    comparison = small.compare([regime, "disclosure", "none"], replications=2, baseline="none")
    assert comparison.arms == ["none", "shown", "disclosure"]
    assert small.compare(["none", regime], replications=2, baseline="shown").arms == ["shown", "none"]
