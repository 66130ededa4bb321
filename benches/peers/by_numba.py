"""Herding rooms in numba by hand, on all threads: the loop that a C programmer would write, compiled before the clock starts.

Draws are cheap: a 32-bit mixing function of the consumer's number under a key of 64 random bits a tick. They are made a block at a time, so that
the compiler turns them into vector instructions; hardly anybody acts, so the second loop mostly compares and goes on. Each chunk of
consumers counts its own changes, and chunks depend on N alone, so totals are the same on any number of threads. Anchors with a strategy are numpy's columns: they are few.
"""

import os

# Threads that wait sleep: OpenMP's own way, to spin, is up to thirty times slower as soon as something else wants a core.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numba
import numpy as np
from numba import njit, prange, uint32, uint64

import common
import law
from strategy import Anchors

OUTSIDE = -1
BLOCK = 4096
WORD = 2.0**32
ENTER_BELOW = np.uint32(law.ENTER * WORD)


@njit(inline="always")
def word(consumer, key):
    """32 random bits."""
    x = uint32(consumer) ^ uint32(key)
    x = (x ^ (x >> uint32(16))) * uint32(0x21F0AAAD) + uint32(key >> uint64(32))
    x = (x ^ (x >> uint32(15))) * uint32(0x735A2D97)
    return x ^ (x >> uint32(15))


@njit(inline="always")
def uniform(consumer, key):
    """A uniform of 53 bits, independent of `word`: the finaliser of splitmix64."""
    x = key + uint64(consumer + 1) * uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> uint64(27))) * uint64(0x94D049BB133111EB)
    return ((x ^ (x >> uint64(31))) >> uint64(11)) * 2.0**-53


@njit(parallel=True)
def act(place, buys_below, acts_below, weights, key, entry_key, came, sold):
    """One tick; `came` and `sold` take the changes of viewers and orders, chunk by chunk."""
    consumers, chunks = len(place), len(came)
    most = max(ENTER_BELOW, acts_below.max())
    for chunk in prange(chunks):
        viewers, orders = came[chunk], sold[chunk]
        viewers[:] = 0
        orders[:] = 0
        luck = np.empty(BLOCK, dtype=np.uint32)
        end = (chunk + 1) * consumers // chunks
        for first in range(chunk * consumers // chunks, end, BLOCK):
            size = min(BLOCK, end - first)
            for i in range(size):
                luck[i] = word(first + i, key)
            for i in range(size):
                if luck[i] >= most:
                    continue
                consumer = first + i
                room = place[consumer]
                if room == OUTSIDE:
                    if luck[i] < ENTER_BELOW:
                        draw = uniform(consumer, entry_key) * weights[-1]
                        room = np.searchsorted(weights, draw, side="right")
                        place[consumer] = room
                        viewers[room] += 1
                elif luck[i] < buys_below[room]:
                    orders[room] += 1
                elif luck[i] < acts_below[room]:
                    place[consumer] = OUTSIDE
                    viewers[room] -= 1


class Market:
    def __init__(self, consumers, seed, strategy):
        self.random = np.random.default_rng(seed)
        rooms = law.rooms(consumers)
        self.prices = law.prices(rooms)
        self.viewers = np.zeros(rooms, dtype=np.int64)
        self.orders = np.zeros(rooms, dtype=np.int64)
        self.bought = np.zeros(rooms, dtype=np.int64)
        self.anchors = Anchors(self.prices, self.random) if strategy else None
        self.place = np.full(consumers, OUTSIDE, dtype=np.int16)
        chunks = min(64, max(2, consumers // 16_384))
        self.came = np.empty((chunks, rooms), dtype=np.int64)
        self.sold = np.empty((chunks, rooms), dtype=np.int64)

    def step(self):
        if self.anchors:
            self.anchors.begin_tick(self.orders)
            self.bought = self.anchors.bought
        bounds = law.bounds(self.orders, self.prices)
        buys_below, acts_below = ((bound * WORD).astype(np.uint32) for bound in bounds)
        weights = law.weights(self.viewers + self.bought)
        key, entry_key = self.random.integers(2**64, size=2, dtype=np.uint64)
        act(self.place, buys_below, acts_below, weights, key, entry_key, self.came, self.sold)
        self.viewers += self.came.sum(axis=0)
        self.orders += self.sold.sum(axis=0)


if __name__ == "__main__":
    Market(2, seed=0, strategy=False).step()  # compiles
    common.main("numba", Market, threads=numba.get_num_threads())
