"""What several tests need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yellowcart


def study_of_one_room(**changed: Any) -> yellowcart.Study:
    """A study of a room at four prices under two regimes, which takes a second."""
    content: dict[str, Any] = {
        "title": "One room",
        "scenario": "one_room",
        "changes": ["population.consumers=2000"],
        "replications": 2,
        "metrics": ["paid_sales"],
        "design": {"kind": "grid", "levels": 4},
        "factors": {
            "price": {"path": "rooms.room.cues.0.open_link.price", "range": [70, 130]},
            "law": {"regimes": ["none", "disclosure"]},
        },
    }
    return yellowcart.load_study(content | changed, name="one_room_study")


def hashed(folder: Path) -> Any:
    """What identifies a result: everything in it but how and when it was made."""
    return json.loads((folder / "manifest.json").read_bytes())["hashed"]
