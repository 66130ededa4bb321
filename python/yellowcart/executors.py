"""Studies and comparisons on any executor: processes, Dask, Ray, MPI.

Whoever has an executor of ``concurrent.futures`` hands it over; runs are sent to it in chunks that take about a second,
and what they come to is kept at once in the results folder. Results are the same bytes as on threads here, whichever
worker did which run in which order.

>>> import yellowcart
>>> from concurrent.futures import ThreadPoolExecutor
>>> scenario = yellowcart.load("diamond_necklace", {"population.consumers": 2000})
>>> with ThreadPoolExecutor(2) as pool:
...     comparison = scenario.compare(["none", "disclosure"], replications=2, executor=pool)
>>> comparison.arms
['none', 'disclosure']
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any

from yellowcart import _yellowcart
from yellowcart.errors import InputError, WorkersStopped, YellowcartError

__all__ = ["RayExecutor"]

_CHUNK_SECONDS = 1.0
"""How long a chunk of runs should take, at least: sending one costs milliseconds, and the last have to end together."""

_CHUNKS_PER_SECOND = 100
"""How many chunks come back in a second, at most: schedulers of clusters do some hundreds."""

_WAITING = 2
"""Chunks for every worker, done or waiting."""


class RayExecutor(Executor):
    """An executor on Ray: every chunk is a task of the cluster that ``ray.init`` has connected to.

    Ray begins a chunk anew where its worker has died, up to ``max_retries`` times.

    Args:
        max_retries: How often a chunk is begun anew.
        options: Other options of ``ray.remote``, such as ``num_cpus``.
    """

    def __init__(self, *, max_retries: int = 10, **options: Any) -> None:
        try:
            import ray
        except ImportError:
            raise ImportError("RayExecutor needs Ray: pip install ray") from None
        if not ray.is_initialized():
            raise InputError("Ray is not connected: call ray.init() before")
        self._call = ray.remote(max_retries=max_retries, **options)(_call)
        resources: Any = ray.cluster_resources
        self._max_workers = max(1, int(resources().get("CPU", 1)))

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A task of the cluster."""
        future: Future[Any] = self._call.remote(fn, args, kwargs).future()
        return future


def _call(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return fn(*args, **kwargs)


Shown = Callable[[str, float, float], object] | None


def check(executor: Executor | None, threads: int | None) -> None:
    """Whether this is an executor, before anything is begun."""
    if executor is None:
        return
    if not isinstance(executor, Executor):
        hint = ": a client of Dask has get_executor()" if hasattr(executor, "get_executor") else ""
        raise TypeError(f"{executor!r} is no executor of concurrent.futures{hint}")
    if threads is not None:
        raise InputError("give threads or an executor, not both: an executor has workers of its own")


def carry_out(session: _yellowcart.Session, folder: str | os.PathLike[str], executor: Executor, shown: Shown) -> str:
    """Does whatever a session wants on an executor, and finishes it."""
    begun = time.perf_counter()
    before = session.kept()
    try:
        driver = _Driver(session, folder, executor, shown)
        while driver.stage():
            pass
        runs = session.kept()
        timing = {"seconds": time.perf_counter() - begun, "runs": runs, "runs_in_these_seconds": runs - before}
        return session.finish(json.dumps(timing | {"executor": type(executor).__name__}, indent=2) + "\n")
    finally:
        # The error's traceback keeps the session alive: without this nobody else could go on.
        session.close()


class _Driver:
    """Sends out what is wanted, and keeps what comes back."""

    def __init__(
        self, session: _yellowcart.Session, folder: str | os.PathLike[str], executor: Executor, shown: Shown
    ) -> None:
        self._session = session
        self._folder = os.fspath(folder)
        self._executor = executor
        self._shown = shown
        self._showing = False
        """Whether what goes wrong does so in a function of the user's."""
        self._workers = workers_of(executor)
        self._plan = zlib.compress(session.plan(), 1)
        self._chunk_seconds = max(_CHUNK_SECONDS, self._workers / _CHUNKS_PER_SECOND)
        self._seconds = self._chunk_seconds
        """What a run takes: at first each is a chunk by itself."""

    def stage(self) -> bool:
        """Does all that is wanted now; false if nothing is."""
        left = self._session.wanted()
        if not left:
            return False
        kept = self._session.kept()
        total = kept + sum(runs for _, runs in left)
        left.reverse()
        going: dict[Future[tuple[float, bytes]], int] = {}
        try:
            while left or going:
                while left and len(going) < _WAITING * self._workers:
                    tasks, runs = self._chunk(left)
                    going[self._executor.submit(do_chunk, self._plan, tasks)] = runs
                done, _ = wait(going, timeout=0.1, return_when=FIRST_COMPLETED)
                for future in done:
                    runs = going.pop(future)
                    seconds, outcomes = future.result()
                    self._session.keep(outcomes)
                    kept += runs
                    self._seconds += 0.3 * (seconds / runs - self._seconds)
                self._show(kept, total)
        except BaseException as why:
            self._stop(going)
            stopped = self._stopped(why)
            if stopped is why:
                raise
            raise stopped from why
        return True

    def _show(self, kept: int, total: int) -> None:
        if self._shown is None:
            return
        self._showing = True
        self._shown("runs", kept, total)
        self._showing = False

    def _chunk(self, left: list[tuple[bytes, int]]) -> tuple[list[bytes], int]:
        """The next tasks: as many as take the time of a chunk, but no more than let all workers end together."""
        by_time = self._chunk_seconds / max(self._seconds, 1e-6)
        most = max(1, int(min(by_time, len(left) / (_WAITING * self._workers))))
        chunk = [left.pop() for _ in range(min(most, len(left)))]
        return [task for task, _ in chunk], sum(runs for _, runs in chunk)

    def _stop(self, going: dict[Future[tuple[float, bytes]], int]) -> None:
        """Nothing more is begun; what is done by now is kept."""
        for future in going:
            future.cancel()
        for future in going:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._session.keep(future.result()[1])

    def _stopped(self, why: BaseException) -> BaseException:
        """What is raised: what was kept, and how to go on, is told with it."""
        folder = self._folder
        go_on = f"continue with: yellowcart.resume({folder!r}), or: yellowcart resume {folder}"
        how = f"{self._session.kept()} runs are kept; {go_on}"
        if isinstance(why, KeyboardInterrupt):
            return KeyboardInterrupt(f"interrupted: {how}")
        if isinstance(why, Exception) and not isinstance(why, YellowcartError) and not self._showing:
            told = str(why).strip().partition("\n")[0]
            return WorkersStopped(f"the executor stopped ({type(why).__name__}: {told}): {how}")
        why.add_note(how)
        return why


def do_chunk(plan: bytes, tasks: list[bytes]) -> tuple[float, bytes]:
    """Does tasks of a plan, wherever it is called: how long it took, and what they came to."""
    begun = time.perf_counter()
    outcomes = _yellowcart.do_tasks(zlib.decompress(plan), tasks)
    return time.perf_counter() - begun, outcomes


def workers_of(executor: Executor) -> int:
    """How many chunks an executor does at a time, as far as it says; else the number of cores here.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> workers_of(ThreadPoolExecutor(3))
    3
    """
    client: Any = getattr(executor, "_client", None)
    if hasattr(client, "ncores"):
        # Dask's: one chunk for each thread of each worker.
        threads: dict[str, int] = client.ncores()
        return max(1, sum(threads.values()))
    for name in ("_max_workers", "num_workers"):
        count = getattr(executor, name, None)
        if isinstance(count, int) and count > 0:
            return count
    return os.cpu_count() or 1
