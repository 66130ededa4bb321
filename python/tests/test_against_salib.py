"""What factors account for, against SALib: the same figures from the same runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from helpers import study_of_one_room

import yellowcart

pytest.importorskip("SALib")


def evening(design: dict[str, Any]) -> yellowcart.StudyResult:
    """Three weights in the evening of the necklace, small."""
    content = study_of_one_room().to_dict() | {
        "scenario": "diamond_necklace",
        "changes": ["population.consumers=2000"],
        "replications": 1,
        "metrics": ["deception_harm"],
        "design": design,
        "factors": {
            "orders": {"path": "behaviour.social_orders", "range": [0.0, 0.3]},
            "arousal": {"path": "behaviour.arousal", "range": [0.0, 0.6]},
            "scepticism": {"path": "behaviour.scepticism", "range": [0.0, 1.0]},
        },
    }
    return yellowcart.load_study(content).sensitivity()


def problem(result: yellowcart.StudyResult) -> dict[str, Any]:
    names = [factor["name"] for factor in result.summary["factors"]]
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}


def figures(result: yellowcart.StudyResult, kind: str, key: str) -> list[float]:
    [metric] = result.summary["metrics"]
    return [index[key]["value"] for index in metric[kind]]


def test_shares_of_variance_are_those_of_salib() -> None:
    from SALib.analyze import sobol

    result = evening({"kind": "sobol", "points": 32})
    [metric] = result.summary["metrics"]
    theirs = sobol.analyze(problem(result), np.array(metric["means"]), calc_second_order=False, seed=1)
    assert figures(result, "shares", "total") == pytest.approx(theirs["ST"], rel=1e-9)
    # They centre outputs on the mean of all points, we on that of the base samples: neither changes what is estimated.
    assert figures(result, "shares", "first") == pytest.approx(theirs["S1"], abs=0.05)


def test_elementary_effects_are_those_of_salib() -> None:
    from SALib.analyze import morris

    result = evening({"kind": "morris", "trajectories": 6, "levels": 4})
    [metric] = result.summary["metrics"]
    points = np.array([point["coordinates"] for point in result.summary["points"]])
    theirs = morris.analyze(problem(result), points, np.array(metric["means"]), num_levels=4, seed=1)
    assert figures(result, "effects", "mean") == pytest.approx(theirs["mu"], rel=1e-9)
    assert figures(result, "effects", "mean_size") == pytest.approx(theirs["mu_star"], rel=1e-9)
    assert figures(result, "effects", "deviation") == pytest.approx(theirs["sigma"], rel=1e-9)
