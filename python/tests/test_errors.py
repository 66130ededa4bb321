"""Errors say what the command line says."""

from pathlib import Path

import pytest
from conftest import Program

import yellowcart
from yellowcart import DiskError, InputError, YellowcartError

MISSPELT = ["population.consumer=5", "rooms.quarrel_room.play.0.script=nothing", "behaviour.arousal=-1"]


def test_classes_are_those_of_python_too() -> None:
    assert issubclass(InputError, YellowcartError)
    assert issubclass(InputError, ValueError)
    assert issubclass(DiskError, YellowcartError)
    assert issubclass(DiskError, OSError)


def test_everything_that_is_wrong_is_said_at_once_as_on_the_command_line(program: Program) -> None:
    with pytest.raises(InputError) as told:
        yellowcart.load("diamond_necklace", MISSPELT)
    words = [word for change in MISSPELT for word in ("--set", change)]
    said = program("run", "diamond_necklace", *words, code=2).stderr
    assert str(told.value) == said.rstrip()
    assert "did you mean `consumers`?" in said
    assert said.rstrip().endswith("3 errors")


def test_a_scenario_that_there_is_not() -> None:
    with pytest.raises(InputError) as told:
        yellowcart.load("dimond_necklace")
    assert str(told.value) == (
        "  x there is no shipped scenario `dimond_necklace`\n"
        "  help: did you mean `diamond_necklace`?\n"
        "        for a file of yours, give its path, such as ./dimond_necklace.toml\n"
        "\n"
        "1 error"
    )


def test_existing_results_are_left_alone(small: yellowcart.Scenario, program: Program, tmp_path: Path) -> None:
    out = tmp_path / "out"
    small.run(out, figures=False)
    with pytest.raises(InputError) as told:
        small.run(out, figures=False)
    words = ["run", "diamond_necklace", "--set", "population.consumers=2000", "--out", str(out)]
    assert program(*words, code=2).stderr == f"yellowcart: {told.value}\n"
    assert small.run(out, figures=False, force=True).folder == out


def test_what_the_disk_does_not_let_us(small: yellowcart.Scenario, program: Program, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    out = str(tmp_path / "file" / "out")
    with pytest.raises(DiskError) as told:
        small.run(out)
    words = ["run", "diamond_necklace", "--set", "population.consumers=2000", "--out", out]
    assert program(*words, code=3).stderr == f"yellowcart: {told.value}\n"


def test_a_parameter_that_there_is_not(program: Program) -> None:
    with pytest.raises(InputError) as told:
        yellowcart.explain("sceptcism")
    assert program("explain", "sceptcism", code=2).stderr == f"yellowcart: {told.value}\n"


def test_a_folder_without_a_result(program: Program, tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        yellowcart.open(tmp_path)
    assert program("verify", str(tmp_path), code=2).stderr == f"yellowcart: {told.value}\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"regimes": ["none", "none"]}, "regime `none` is given twice"),
        ({"regimes": ["none", "disclosure"], "primary": "sals"}, "this scenario has no metric `sals`"),
        ({"regimes": ["none", "disclosure"], "from_": "soon"}, "`soon` is not a moment"),
        ({"regimes": ["none", "disclosure"], "replications": 0}, "replications = 0 cannot be: it is between 1 and"),
        ({"regimes": ["none", "disclosure"], "threads": 0}, "threads = 0 cannot be: it is between 1 and 256"),
    ],
)
def test_comparisons_that_cannot_be(small: yellowcart.Scenario, arguments: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        small.compare(**arguments)  # type: ignore[arg-type]


def test_a_file_that_changes_after_it_was_loaded_is_not_compared(tmp_path: Path, program: Program) -> None:
    program("new", "mine")
    path = tmp_path / "mine.toml"
    scenario = yellowcart.load(path, {"population.consumers": 2000})
    path.write_text(path.read_text().replace('title = "', 'title = "Another: '))
    with pytest.raises(InputError) as told:
        scenario.compare(["none", "disclosure"], replications=1)
    assert str(told.value) == f"{path} has changed since it was loaded: load it again"
