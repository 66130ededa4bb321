"""Herding rooms in Mesa, on one thread: an agent object a consumer, activated by `AgentSet.do`.

Everybody acts on what was on display at the tick's start, so the order of activation does not matter and `do` serves; `shuffle_do` would
only add the shuffle. The display is worked out once a tick, as lists, which Python reads faster one by one than arrays. A consumer draws
from the model's `random`, once, and again for its room when it enters. With strategy every room has an anchor, an agent too; when an
evening begins all anchors look back, and then all choose.
"""

from bisect import bisect
from itertools import accumulate
from math import exp

import mesa
import numpy as np

import common
import law
import strategy as terms


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


class Anchor(mesa.Agent):
    def __init__(self, model, room):
        super().__init__(model)
        self.room = room
        self.attractions = [0.0] * len(terms.BOUGHT)
        self.action = 0
        self.orders = 0

    def look_back(self):
        model, action = self.model, self.action
        orders = model.orders[self.room]
        commission = terms.COMMISSION * model.prices[self.room] * (orders - self.orders)
        pay_off = commission - terms.BOT * terms.BOUGHT[action]
        if action > 0 and model.random.random() < terms.INSPECTED:
            pay_off -= terms.FINE
        self.orders = orders
        self.attractions[action] += terms.OWN_STEP * (pay_off - self.attractions[action])
        model.seen[action].append(pay_off)

    def learn(self):
        for action, mean in self.model.means.items():
            self.attractions[action] += terms.OTHERS_STEP * (mean - self.attractions[action])

    def choose(self):
        most = max(self.attractions)
        weights = (exp(terms.PRECISION * (attraction - most)) for attraction in self.attractions)
        sums = list(accumulate(weights))
        self.action = min(bisect(sums, self.model.random.random() * sums[-1]), len(sums) - 1)
        self.model.bought[self.room] = terms.BOUGHT[self.action]


class Market(mesa.Model):
    def __init__(self, consumers, seed, strategy):
        super().__init__(rng=seed)
        rooms = law.rooms(consumers)
        self.prices = law.prices(rooms)
        self.viewers = [0] * rooms
        self.orders = [0] * rooms
        self.bought = [0] * rooms
        self.ticks = 0
        self.strategy = strategy
        Consumer.create_agents(self, consumers)
        if strategy:
            Anchor.create_agents(self, rooms, list(range(rooms)))

    def begin_evening(self):
        anchors = self.agents_by_type[Anchor]
        if self.ticks > 0:
            self.seen = [[] for _ in terms.BOUGHT]
            anchors.do("look_back")
            self.means = {action: np.mean(seen) for action, seen in enumerate(self.seen) if seen}
            anchors.do("learn")
        anchors.do("choose")

    def step(self):
        if self.strategy and self.ticks % terms.EVENING == 0:
            self.begin_evening()
        self.ticks += 1
        bounds = law.bounds(np.array(self.orders), self.prices)
        self.buys_below, self.acts_below = (bound.tolist() for bound in bounds)
        self.weights = law.weights(np.array(self.viewers) + np.array(self.bought)).tolist()
        self.agents_by_type[Consumer].do("step")


if __name__ == "__main__":
    common.main("mesa", Market, threads=1)
