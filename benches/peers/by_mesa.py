"""Herding rooms in Mesa, on one thread: an agent object a consumer, activated by `AgentSet.do`.

Everybody acts on what was on display at the tick's start, so the order of activation does not matter and `do` serves; `shuffle_do` would
only add the shuffle. The display is worked out once a tick, as lists, which Python reads faster one by one than arrays. A consumer draws
from the model's `random`, once, and again for its room when it enters.
"""

from bisect import bisect

import mesa
import numpy as np

import common
import law


class Consumer(mesa.Agent):
    def __init__(self, model):
        super().__init__(model)
        self.room = None

    def step(self):
        model, room = self.model, self.room
        luck = model.random.random()
        if room is None:
            if luck < law.ENTER:
                weights = model.weights
                self.room = room = bisect(weights, model.random.random() * weights[-1])
                model.viewers[room] += 1
        elif luck < model.buys_below[room]:
            model.orders[room] += 1
        elif luck < model.acts_below[room]:
            self.room = None
            model.viewers[room] -= 1


class Market(mesa.Model):
    def __init__(self, consumers, seed):
        super().__init__(rng=seed)
        rooms = law.rooms(consumers)
        self.prices = law.prices(rooms)
        self.viewers = [0] * rooms
        self.orders = [0] * rooms
        Consumer.create_agents(self, consumers)

    def step(self):
        bounds = law.bounds(np.array(self.orders), self.prices)
        self.buys_below, self.acts_below = (bound.tolist() for bound in bounds)
        self.weights = law.weights(np.array(self.viewers)).tolist()
        self.agents.do("step")


if __name__ == "__main__":
    common.main("mesa", Market, threads=1)
