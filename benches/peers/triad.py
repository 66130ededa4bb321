"""The machine's bandwidth: prints the gigabytes a second that a = b + s c moves on as many threads as the command line says, the best of ten times.
Two reads and a write are counted; arrays are of 256 MiB each."""

import sys
import time

import numpy as np
from numba import njit, prange, set_num_threads


@njit(parallel=True)
def triad(a, b, c, scale):
    for i in prange(len(a)):
        a[i] = b[i] + scale * c[i]


threads = int(sys.argv[1])
set_num_threads(threads)
# One thread by the processor's time, which other work on the machine hardly moves.
clock = time.process_time if threads == 1 else time.perf_counter
size = 256 * 2**20 // 8
a, b, c = np.zeros(size), np.ones(size), np.ones(size)
triad(a, b, c, 2.0)
best = float("inf")
for _ in range(10):
    begun = clock()
    triad(a, b, c, 2.0)
    best = min(best, clock() - begun)
print(3 * a.nbytes / best / 1e9)
