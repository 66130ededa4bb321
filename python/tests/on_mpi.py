"""What the test of MPI runs: a study on workers of MPI, one of which is killed, or what was begun continued."""

from __future__ import annotations

import os
import signal
import sys
import time
from concurrent.futures import Executor
from pathlib import Path

from mpi4py.futures import MPIPoolExecutor

import yellowcart


def die_later() -> None:
    """Kills the worker that gets this, in a while."""
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    from test_executors import long_study

    out, what = Path(sys.argv[1]), sys.argv[2]
    executor: Executor
    with MPIPoolExecutor() as executor:
        if what == "resume":
            yellowcart.resume(out, executor=executor)
            return
        executor.submit(die_later)
        long_study().sweep(out, executor=executor, figures=False)


if __name__ == "__main__":
    main()
