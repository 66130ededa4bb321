"""What Python makes is what the command line makes."""

import json
from pathlib import Path

import pytest
from conftest import SMALL, Program

import yellowcart

SET = ["--set", "population.consumers=2000", "--no-figures"]


def hash_in(folder: Path) -> str:
    manifest = json.loads((folder / "manifest.json").read_text())
    return str(manifest["sha256_of_hashed"])


@pytest.mark.parametrize("threads", [None, 1])
def test_a_run(threads: int | None, program: Program, tmp_path: Path) -> None:
    program("run", "diamond_necklace", *SET, "--seed", "5", "--regime", "disclosure", "--out", "by_program")
    scenario = yellowcart.load("diamond_necklace", SMALL, seed=5, regime="disclosure")
    run = scenario.run(tmp_path / "by_python", threads=threads, figures=False)
    assert hash_in(run.folder) == hash_in(tmp_path / "by_program")
    made = {path.name for path in (tmp_path / "by_program").iterdir()}
    assert {path.name for path in run.folder.iterdir()} == made


def test_a_run_with_figures(program: Program, tmp_path: Path) -> None:
    program("run", "one_room", "--out", "by_program")
    run = yellowcart.load("one_room").run(tmp_path / "by_python")
    assert run.manifest["hashed"]["figures"]
    assert hash_in(run.folder) == hash_in(tmp_path / "by_program")


def test_a_comparison_after_a_run(small: yellowcart.Scenario, program: Program, tmp_path: Path) -> None:
    words = [*SET, "--set", "behaviour.arousal=0", "--replications", "2", "--out", "by_program"]
    program("compare", "diamond_necklace", "--regimes", "none,disclosure", *words)
    scenario = small.with_changes({"behaviour.arousal": 0})
    scenario.run()
    comparison = scenario.compare(["none", "disclosure"], replications=2, out=tmp_path / "by_python", figures=False)
    scenario.run()
    assert hash_in(comparison.folder) == hash_in(tmp_path / "by_program")
    assert str(comparison) == str(yellowcart.open(tmp_path / "by_program"))


def test_the_command_that_is_put_down_makes_the_same(
    small: yellowcart.Scenario, program: Program, tmp_path: Path
) -> None:
    run = small.with_seed(3).with_regime("disclosure").run(csv=True)
    command = run.manifest["unhashed"]["command"]
    assert command[:3] == ["yellowcart", "run", "diamond_necklace"]
    program(*command[1:], "--out", "again")
    assert hash_in(tmp_path / "again") == hash_in(run.folder)
    comparison = small.compare(["none", "disclosure"], replications=4, uncertainty=True)
    program(*comparison.manifest["unhashed"]["command"][1:], "--out", "compared_again")
    assert hash_in(tmp_path / "compared_again") == hash_in(comparison.folder)
