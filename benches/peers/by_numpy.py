"""Herding rooms in numpy by hand, on one thread: whole columns, and one uniform a consumer and tick.

Outside counts as one more room, in which nobody buys and from which people "leave" with the probability of entering. So one table of bounds,
looked up by place, tells who acts; all that follows is done for those few only. Single precision is enough for a uniform that is compared
with a bound, and the place is of numpy's own index type, which saves a conversion at each look-up. Anchors with a strategy are columns too.
"""

import numpy as np

import common
import law
from strategy import Anchors


class Market:
    def __init__(self, consumers, seed, strategy):
        self.random = np.random.Generator(np.random.SFC64(seed))
        self.rooms = law.rooms(consumers)
        self.prices = law.prices(self.rooms)
        self.viewers = np.zeros(self.rooms, dtype=np.int64)
        self.orders = np.zeros(self.rooms, dtype=np.int64)
        self.bought = np.zeros(self.rooms, dtype=np.int64)
        self.anchors = Anchors(self.prices, self.random) if strategy else None
        self.outside = self.rooms
        self.place = np.full(consumers, self.outside)
        self.luck = np.empty(consumers, dtype=np.float32)

    def step(self):
        if self.anchors:
            self.anchors.begin_tick(self.orders)
            self.bought = self.anchors.bought
        buys_below, acts_below = law.bounds(self.orders, self.prices)
        buys_below = np.append(buys_below, 0).astype(np.float32)
        acts_below = np.append(acts_below, law.ENTER).astype(np.float32)
        weights = law.weights(self.viewers + self.bought)

        self.random.random(out=self.luck, dtype=np.float32)
        active = np.flatnonzero(self.luck < acts_below[self.place])
        place = self.place[active]
        buys = self.luck[active] < buys_below[place]
        enters = place == self.outside
        leaves = ~(buys | enters)

        draws = self.random.random(np.count_nonzero(enters)) * weights[-1]
        chosen = np.searchsorted(weights, draws, side="right")
        self.place[active[enters]] = chosen
        self.place[active[leaves]] = self.outside
        self.orders += self.count(place[buys])
        self.viewers += self.count(chosen) - self.count(place[leaves])

    def count(self, rooms):
        return np.bincount(rooms, minlength=self.rooms)


if __name__ == "__main__":
    common.main("numpy", Market, threads=1)
