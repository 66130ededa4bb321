"""The machine's bandwidth: prints the gigabytes a second that a = b + s c moves on all threads, the best of ten times. Two reads and a write are
counted; arrays are of 256 MiB each, or what the first command line argument says in MiB."""

import sys
import time

import numpy as np
from numba import njit, prange


@njit(parallel=True)
def triad(a, b, c, scale):
    for i in prange(len(a)):
        a[i] = b[i] + scale * c[i]


size = (int(sys.argv[1]) if len(sys.argv) > 1 else 256) * 2**20 // 8
a, b, c = np.zeros(size), np.ones(size), np.ones(size)
triad(a, b, c, 2.0)
best = float("inf")
for _ in range(10):
    begun = time.perf_counter()
    triad(a, b, c, 2.0)
    best = min(best, time.perf_counter() - begun)
print(3 * a.nbytes / best / 1e9)
