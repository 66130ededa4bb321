"""What tests share: a small scenario, and the command-line program of the same package."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import yellowcart

SMALL = {"population.consumers": 2000}


@pytest.fixture
def small() -> yellowcart.Scenario:
    """An evening with few people: a fifth of a second."""
    return yellowcart.load("diamond_necklace", SMALL)


Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """Runs the program in a folder of the test's own."""

    def run(*arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        words: Sequence[str] = [sys.executable, "-m", "yellowcart", *arguments]
        ended = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == code, ended.stderr
        return ended

    return run
