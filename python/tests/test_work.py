"""Long work: Ctrl-C, progress, threads, processes."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import yellowcart
from yellowcart import InputError

LARGE = {"population.consumers": 500_000}

BEGUN = """
import json, sys, time, yellowcart
def told(done, total):
    print("going on", flush=True)
scenario = yellowcart.load("diamond_necklace", {"population.consumers": 500_000})
try:
    scenario.%s
except KeyboardInterrupt as why:
    print(json.dumps({"at": time.time(), "why": str(why)}), flush=True)
"""


def interrupted(work: str, folder: Path) -> str:
    """Begins work in a process of its own, interrupts it as Ctrl-C does, and returns what it was told."""
    words = [sys.executable, "-c", BEGUN % work]
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "going on\n"
        sent = time.time()
        running.send_signal(signal.SIGINT)
        told = json.loads([line for line in running.stdout if line.startswith("{")][-1])
    # It is 0.2 s on a machine that has nothing else to do.
    assert told["at"] - sent < 1.0
    return str(told["why"])


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    why = interrupted('run("out", figures=False, progress=told)', tmp_path)
    assert why == "interrupted; continue with: yellowcart resume out"
    run = yellowcart.resume(tmp_path / "out", progress=False)
    whole = yellowcart.load("diamond_necklace", LARGE).run(tmp_path / "whole", figures=False)
    assert run.manifest["sha256_of_hashed"] == whole.manifest["sha256_of_hashed"]


def test_an_interrupted_comparison_goes_on(tmp_path: Path) -> None:
    why = interrupted(
        'with_changes({"population.consumers": 20_000})'
        '.compare(["none", "disclosure"], replications=6, out="out", figures=False, progress=told)',
        tmp_path,
    )
    assert why == "interrupted; continue with: yellowcart resume out"
    comparison = yellowcart.resume(tmp_path / "out", progress=False)
    assert isinstance(comparison, yellowcart.Comparison)
    scenario = yellowcart.load("diamond_necklace", {"population.consumers": 20_000})
    whole = scenario.compare(["none", "disclosure"], replications=6, figures=False)
    assert comparison.manifest["sha256_of_hashed"] == whole.manifest["sha256_of_hashed"]


def test_a_temporary_folder_stays_if_its_run_can_go_on(tmp_path: Path) -> None:
    why = interrupted("run(progress=told)", tmp_path)
    folder = Path(why.removeprefix("interrupted; continue with: yellowcart resume "))
    assert folder.with_name(folder.name + ".partial").is_dir()
    subprocess.run(["rm", "-r", folder.parent], check=True)


def test_progress_is_told_to_the_end(small: yellowcart.Scenario) -> None:
    told: list[tuple[float, float]] = []
    small.run(progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    done, total = told[-1]
    assert done >= total > 0
    small.compare(["none", "disclosure"], replications=2, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (4, 4)


def test_what_progress_raises_ends_the_run(tmp_path: Path) -> None:
    def enough(done: float, total: float) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough") as raised:
        yellowcart.load("diamond_necklace", LARGE).run(tmp_path / "out", progress=enough)
    assert raised.value.__notes__ == [f"interrupted; continue with: yellowcart resume {tmp_path / 'out'}"]
    assert raised.traceback[-1].name == "enough"


def test_nothing_is_run_within_something_else(small: yellowcart.Scenario) -> None:
    with pytest.raises(InputError, match="nothing can be run from within a detector or a call of progress"):
        small.run(progress=lambda done, total: small.run())
    assert small.run().tables


def test_python_goes_on_meanwhile() -> None:
    counted = 0
    ended = threading.Event()

    def count() -> None:
        nonlocal counted
        while not ended.is_set():
            counted += 1
            time.sleep(0.001)

    counting = threading.Thread(target=count)
    counting.start()
    begun = time.monotonic()
    yellowcart.load("diamond_necklace", {"population.consumers": 300_000}).run()
    seconds = time.monotonic() - begun
    ended.set()
    counting.join()
    assert counted > 100 * seconds


def test_threads_take_turns_and_come_to_the_same(small: yellowcart.Scenario) -> None:
    alone = {seed: small.with_seed(seed).run().manifest["sha256_of_hashed"] for seed in range(4)}
    together: dict[int, str] = {}

    def run(seed: int) -> None:
        together[seed] = small.with_seed(seed).run().manifest["sha256_of_hashed"]

    threads = [threading.Thread(target=run, args=(seed,)) for seed in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_forked_process_runs_too(small: yellowcart.Scenario) -> None:
    small.run()
    small.compare(["none", "disclosure"], replications=2)
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        os._exit(0 if small.run().tables and small.compare(["none", "disclosure"], replications=2).tables else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


FORKED = """
import os, sys, yellowcart
small = yellowcart.load("one_room", {"population.consumers": 2000})
small.run(threads=2)
child = os.fork()
if child == 0:
    try:
        small.run()
    except yellowcart.InputError as why:
        print(why, flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_fork_without_the_threads_of_its_market_is_told() -> None:
    ended = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout.startswith("this process was forked from one whose markets have several threads")
