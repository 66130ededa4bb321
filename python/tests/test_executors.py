"""Studies and comparisons on executors: the same bytes on each.

A worker that is killed is survived, or stops them with a message from which they go on to the same bytes.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from helpers import hashed, study_of_one_room

import yellowcart

SPAWNED = multiprocessing.get_context("spawn")


@contextmanager
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@contextmanager
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=SPAWNED) as pool:
        yield pool


@contextmanager
def forked_processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        yield pool


@contextmanager
def dask() -> Iterator[Executor]:
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        yield client.get_executor()


@contextmanager
def ray() -> Iterator[Executor]:
    module = pytest.importorskip("ray")
    module.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        yield yellowcart.executors.RayExecutor()
    finally:
        module.shutdown()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a study, a calibration and two comparisons come to on threads of this process."""
    folder = tmp_path_factory.mktemp("whole")
    return {name: hashed(made(folder / name, None).folder) for name, made in RESULTS.items()}


def sweep(out: Path, executor: Executor | None) -> yellowcart.StudyResult:
    stop = {"metric": "paid_sales", "relative_half_width": 0.2, "at_most": 5}
    return study_of_one_room(stop=stop).sweep(out, executor=executor, figures=False)


def calibration(out: Path, executor: Executor | None) -> yellowcart.StudyResult:
    content = study_of_one_room().to_dict() | {
        "replications": 1,
        "targets": {"sales": {"metric": "paid_sales", "value": 20_000, "tolerance": 2_000}},
        "calibration": {"particles": 20, "rounds": 3},
    }
    return yellowcart.load_study(content, name="fit").calibrate(out, executor=executor, figures=False)


def comparison(out: Path, executor: Executor | None) -> yellowcart.Comparison:
    scenario = yellowcart.load("diamond_necklace", {"population.consumers": 2000, "behaviour.arousal": 0.3})
    regimes = ["none", "disclosure"]
    return scenario.compare(regimes, replications=3, out=out, executor=executor, figures=False)


def branched(out: Path, executor: Executor | None) -> yellowcart.Comparison:
    scenario = yellowcart.load("diamond_necklace", {"population.consumers": 2000})
    regimes, moment = ["none", "disclosure"], "2020-11-11 20:30"
    return scenario.compare(regimes, replications=2, from_=moment, out=out, executor=executor, figures=False)


RESULTS: dict[str, Callable[[Path, Executor | None], yellowcart.results.Result]] = {
    "sweep": sweep,
    "calibration": calibration,
    "comparison": comparison,
    "branched": branched,
}


@pytest.mark.parametrize("kind", [threads, processes, forked_processes, dask, ray])
def test_the_same_bytes_on_every_executor(kind: Any, whole: dict[str, Any], tmp_path: Path) -> None:
    with kind() as executor:
        for name, made in RESULTS.items():
            assert hashed(made(tmp_path / name, executor).folder) == whole[name], name


def workers_at_work(kind: str) -> list[int]:
    """Processes that do chunks: those that a killer may choose from."""
    marks = {"processes": "spawn_main", "dask": "spawn_main", "ray": "ray::"}
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                line = (process / "cmdline").read_bytes().decode(errors="replace")
                threads = list((process / "task").iterdir())
            except OSError:
                continue
            named = any((thread / "comm").read_text().startswith("yellowcart") for thread in threads if thread.exists())
            if marks[kind] in line and named:
                found.append(int(process.name))
    return found


def kill_one_in_mid_run(kind: str, killed: list[int]) -> None:
    """Kills a worker while it is at work."""
    for _ in range(3_000):
        for process in workers_at_work(kind):
            os.kill(process, signal.SIGKILL)
            killed.append(process)
            return
        time.sleep(0.01)


def long_study() -> yellowcart.Study:
    """A study of a few seconds, so that a worker can be caught at it."""
    return study_of_one_room(changes=["population.consumers=8000"], replications=4)


@pytest.fixture(scope="module")
def long_whole(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return hashed(long_study().sweep(tmp_path_factory.mktemp("long") / "whole", figures=False).folder)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for workers in /proc")
@pytest.mark.parametrize("kind", [dask, ray])
def test_a_killed_worker_is_survived(kind: Any, long_whole: Any, tmp_path: Path) -> None:
    killed: list[int] = []
    with kind() as executor:
        killer = threading.Thread(target=kill_one_in_mid_run, args=(kind.__name__, killed))
        killer.start()
        result = long_study().sweep(tmp_path / "result", executor=executor, figures=False)
        killer.join()
    assert killed, "no worker was caught at work"
    assert hashed(result.folder) == long_whole


@pytest.mark.skipif(sys.platform != "linux", reason="looks for workers in /proc")
def test_a_process_pool_stops_with_a_message_and_goes_on_to_the_same_bytes(long_whole: Any, tmp_path: Path) -> None:
    killed: list[int] = []
    out = tmp_path / "result"
    with processes() as executor:
        killer = threading.Thread(target=kill_one_in_mid_run, args=("processes", killed))
        killer.start()
        with pytest.raises(yellowcart.WorkersStopped) as raised:
            long_study().sweep(out, executor=executor, figures=False)
        killer.join()
    assert killed
    told = str(raised.value)
    assert told.startswith("the executor stopped (BrokenProcessPool: ")
    assert told.endswith(f"runs are kept; continue with: yellowcart.resume({str(out)!r}), or: yellowcart resume {out}")
    with processes() as executor:
        assert hashed(yellowcart.resume(out, executor=executor).folder) == long_whole


@pytest.mark.skipif(
    shutil.which("mpiexec") is None, reason="there is no MPI: install Open MPI, such as Debian's openmpi-bin"
)
def test_mpi_gives_the_same_bytes_and_goes_on_after_a_kill(long_whole: Any, tmp_path: Path) -> None:
    pytest.importorskip("mpi4py")
    out = tmp_path / "result"
    stopped = mpi(out, "kill")
    assert stopped.returncode != 0
    assert not out.exists()
    assert out.with_name("result.partial").exists(), stopped.stderr
    ended = mpi(out, "resume")
    assert ended.returncode == 0, ended.stderr
    assert hashed(out) == long_whole


def mpi(out: Path, what: str) -> subprocess.CompletedProcess[str]:
    """Runs the study on two workers of MPI."""
    command = ["mpiexec", "-n", "3", "--oversubscribe", "--allow-run-as-root"]
    command += [sys.executable, "-m", "mpi4py.futures", str(Path(__file__).with_name("on_mpi.py")), str(out), what]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def test_a_worker_of_another_version_refuses() -> None:
    told = "this worker has version .* and the plan is of version 0.0.1: install the same everywhere"
    with threads() as executor, pytest.raises(yellowcart.InputError, match=told):
        executor.submit(yellowcart._yellowcart.do_tasks, b"0.0.1\n{}", []).result()


def test_what_is_no_executor_is_refused_before_anything_is_begun(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="'pool' is no executor"):
        study_of_one_room().sweep(tmp_path / "result", executor="pool")  # type: ignore[arg-type]
    with threads() as executor, pytest.raises(yellowcart.InputError, match="give threads or an executor, not both"):
        study_of_one_room().sweep(tmp_path / "result", executor=executor, threads=2)
    assert not list(tmp_path.iterdir())


def test_what_progress_raises_is_raised(tmp_path: Path) -> None:
    def fail(done: float, total: float) -> None:
        raise RuntimeError(f"enough at {done} of {total}")

    with threads() as executor, pytest.raises(RuntimeError, match="enough at"):
        study_of_one_room().sweep(tmp_path / "result", executor=executor, progress=fail)
    assert (tmp_path / "result.partial").exists()
