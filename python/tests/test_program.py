"""The command-line program, from the package."""

import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from conftest import Program

import yellowcart


def test_the_program_is_all_there(program: Program) -> None:
    assert "diamond_necklace" in program("list").stdout
    assert program("--version").stdout == f"yellowcart {yellowcart.__version__}\n"
    assert "Usage: yellowcart run" in program("run", "--help").stdout
    assert "unrecognized subcommand 'walk'" in program("walk", code=2).stderr
    assert "broken" in program("audit", "guess_coat", code=1).stdout


def test_the_script_does_the_same() -> None:
    script = Path(sys.executable).parent / "yellowcart"
    if not script.exists():
        pytest.skip("the package's scripts are elsewhere")
    ended = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert ended.stdout == f"yellowcart {yellowcart.__version__}\n"


def test_reports_name_the_command_as_it_is_typed(program: Program, tmp_path: Path) -> None:
    program("run", "one_room", "--no-figures", "--out", "room")
    command = yellowcart.open(tmp_path / "room").manifest["unhashed"]["command"]
    assert command == ["yellowcart", "run", "one_room", "--no-figures", "--out", "room"]


def test_the_classroom_page_is_in_the_package() -> None:
    words = ["serve", "one_room", "--port", "0", "--set", "population.consumers=500"]
    with subprocess.Popen([sys.executable, "-m", "yellowcart", *words], stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        address = serving.stdout.readline().split()[-1]
        with urllib.request.urlopen(address) as page:
            assert "app.js" in page.read().decode()
        with urllib.request.urlopen(f"{address}api/hello") as hello:
            assert json.load(hello)["version"] == yellowcart.__version__
        serving.send_signal(signal.SIGINT)
        assert serving.wait(timeout=20) == 0


def test_an_interrupted_program_ends_with_130(program: Program, tmp_path: Path) -> None:
    words = ["run", "diamond_necklace", "--set", "population.consumers=2000000", "--no-figures", "--out", "out"]
    running = subprocess.Popen(
        [sys.executable, "-m", "yellowcart", *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    while not (tmp_path / "out.partial" / "PARTIAL.txt").exists():
        time.sleep(0.01)
    time.sleep(0.2)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 130
    assert "interrupted; continue with: yellowcart resume out" in said
