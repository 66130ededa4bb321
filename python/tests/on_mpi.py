"""What the test of MPI runs: a study on workers of MPI, one of which is killed, or what was begun continued."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import Executor
from pathlib import Path

import yellowcart


def main() -> None:
    # Not above: whoever collects tests imports this file, and from a process of MPI no other job can be started.
    from mpi4py.futures import MPIPoolExecutor

    sys.path.insert(0, str(Path(__file__).parent))
    from test_executors import long_study

    out, what = Path(sys.argv[1]), sys.argv[2]
    executor: Executor
    with MPIPoolExecutor() as executor:
        if what == "resume":
            yellowcart.resume(out, executor=executor)
            return
        worker = executor.submit(os.getpid).result()

        def kill_in_mid_run(done: float, total: float) -> None:
            if 3 <= done < total:
                os.kill(worker, signal.SIGKILL)

        long_study().sweep(out, executor=executor, figures=False, progress=kill_in_mid_run)


if __name__ == "__main__":
    main()
