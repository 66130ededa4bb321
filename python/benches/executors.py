"""What executors cost: the same study on one thread here, and on two workers of each kind (docs/scaling.md).

    python benches/executors.py [--consumers 100000] [--levels 24] [--repeat 3]

On MPI: mpiexec -n 3 python -m mpi4py.futures benches/executors.py --mpi
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import yellowcart


def study(consumers: int, levels: int) -> yellowcart.Study:
    """A room at many prices."""
    return yellowcart.load_study(
        {
            "title": "One room at many prices",
            "scenario": "one_room",
            "changes": [f"population.consumers={consumers}"],
            "replications": 1,
            "metrics": ["paid_sales"],
            "design": {"kind": "grid", "levels": levels},
            "factors": {"price": {"path": "rooms.room.cues.0.open_link.price", "range": [80, 120]}},
        }
    )


@contextmanager
def threads(count: int) -> Iterator[Executor]:
    with ThreadPoolExecutor(count) as pool:
        yield pool


@contextmanager
def processes(count: int) -> Iterator[Executor]:
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@contextmanager
def dask(count: int) -> Iterator[Executor]:
    from distributed import Client, LocalCluster

    cluster = LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None)
    with cluster, Client(cluster) as client:
        yield client.get_executor()


@contextmanager
def ray(count: int) -> Iterator[Executor]:
    import ray

    ray.init(num_cpus=count, include_dashboard=False, log_to_driver=False)
    try:
        yield yellowcart.executors.RayExecutor()
    finally:
        ray.shutdown()


def seconds(sweep: Callable[[Path], object]) -> float:
    """How long a sweep takes."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        sweep(Path(folder, "result"))
        return time.perf_counter() - begun


def tell(name: str, took: list[float], alone: float, runs: int) -> None:
    middle = statistics.median(took)
    faster = f"{alone / middle:6.2f} times as fast as one thread"
    print(f"{name:12} {middle:8.2f} s {1e3 * middle / runs:9.2f} ms a run {faster}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--consumers", type=int, default=100_000)
    parser.add_argument("--levels", type=int, default=24)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--mpi", action="store_true")
    asked = parser.parse_args()
    of = study(asked.consumers, asked.levels)

    def on(executor: Executor | None, count: int | None = None) -> list[float]:
        def sweep(out: Path) -> object:
            return of.sweep(out, executor=executor, threads=count, figures=False, progress=False)

        return [seconds(sweep) for _ in range(asked.repeat + 1)][1:]

    print(f"{asked.levels} runs of one_room with {asked.consumers:,} consumers, median of {asked.repeat}")
    first = on(None, 1)
    alone = statistics.median(first)
    tell("one thread", first, alone, asked.levels)
    if asked.mpi:
        from mpi4py.futures import MPIPoolExecutor

        with MPIPoolExecutor() as executor:
            tell("mpi", on(executor), alone, asked.levels)
        return
    tell("two threads", on(None, 2), alone, asked.levels)
    for kind in (threads, processes, dask, ray):
        with kind(2) as executor:
            tell(kind.__name__, on(executor), alone, asked.levels)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"peak memory of this process: {peak} MiB")


if __name__ == "__main__":
    main()
