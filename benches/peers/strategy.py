"""Strategy in the herding rooms: constants that the Python implementations share, and anchors as columns.

An evening is EVENING ticks. As it begins every anchor chooses by logit choice over its attractions how many viewers to buy; they stand on
display all evening. Once it is over attractions move: that of what the anchor did towards its pay-off, and those of everything that
anybody did towards the mean pay-off of those who did it.
"""

import numpy as np

EVENING = 10
BOUGHT = (0, 300, 1000)  # viewers, by action
COMMISSION = 0.2  # of a price
BOT = 0.01  # price of a bought viewer for an evening, hundreds of yuan as everything here
INSPECTED = 0.1  # probability, of an evening in a room
FINE = 60.0
OWN_STEP = 0.3
OTHERS_STEP = 0.1
PRECISION = 0.15


class Anchors:
    """The anchors of all rooms: whole columns, which takes no time beside the consumers."""

    def __init__(self, prices, random):
        self.prices = prices
        self.random = random
        self.ticks = 0
        self.rooms = np.arange(len(prices))
        self.attractions = np.zeros((len(prices), len(BOUGHT)))
        self.actions = np.zeros(len(prices), dtype=np.int64)
        self.orders = np.zeros(len(prices), dtype=np.int64)
        self.bought = np.zeros(len(prices), dtype=np.int64)

    def begin_tick(self, orders):
        """A tick begins, and maybe an evening."""
        if self.ticks % EVENING == 0:
            if self.ticks > 0:
                self.learn(self.pay_offs(orders))
            self.choose()
            self.orders = orders.copy()
        self.ticks += 1

    def pay_offs(self, orders):
        fined = (self.actions > 0) & (self.random.random(len(self.rooms)) < INSPECTED)
        return COMMISSION * self.prices * (orders - self.orders) - BOT * self.bought - FINE * fined

    def learn(self, pay_offs):
        played = self.attractions[self.rooms, self.actions]
        self.attractions[self.rooms, self.actions] = played + OWN_STEP * (pay_offs - played)
        counts = np.bincount(self.actions, minlength=len(BOUGHT))
        seen = counts > 0
        means = np.bincount(self.actions, pay_offs, minlength=len(BOUGHT))[seen] / counts[seen]
        self.attractions[:, seen] += OTHERS_STEP * (means - self.attractions[:, seen])

    def choose(self):
        most = self.attractions.max(axis=1, keepdims=True)
        sums = np.exp(PRECISION * (self.attractions - most)).cumsum(axis=1)
        draws = self.random.random((len(self.rooms), 1)) * sums[:, -1:]
        self.actions = np.minimum((sums <= draws).sum(axis=1), len(BOUGHT) - 1)
        self.bought = np.array(BOUGHT)[self.actions]
