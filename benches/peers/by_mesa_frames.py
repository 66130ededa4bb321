"""Herding rooms in mesa-frames on Polars, on all threads: consumers are the rows of one `AgentSetPolars`, moved as columns.

Written in Polars expressions as its guide asks, with draws from the model's generator. Outside counts as one more room, so that a room's bounds are
gathered by place in one expression, and all that follows is done for the rows that act. Those are written back with `scatter`: assigning
through a mask (`self[mask, "room"] = ...`) concatenates and joins the whole frame each time, and a join with the movers costs nearly twice
the time. With strategy anchors are an `AgentSetPolars` too, moved when an evening begins.
"""

import warnings

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

import common
import law
import strategy as terms

# The released mesa-frames calls `is_in` in a way that Polars now frowns on.
warnings.filterwarnings("ignore", category=DeprecationWarning)


class Consumers(AgentSetPolars):
    def __init__(self, model, consumers):
        super().__init__(model)
        outside = pl.repeat(model.outside, consumers, dtype=pl.UInt32)
        self += pl.select(unique_id=pl.int_range(consumers), room=outside)

    def step(self):
        market, room, luck = self.model, pl.col("room"), pl.col("luck")
        market.show()
        draws = market.random.random(len(self), dtype=np.float32)
        active = (
            self.agents.with_columns(luck=pl.Series(draws))
            .with_row_index("row")
            .filter(luck < pl.lit(market.acts_below).gather(room))
        )
        buys = luck < pl.lit(market.buys_below).gather(room)
        buyers, movers = active.filter(buys), active.filter(~buys)

        draws = market.random.random(len(movers)) * market.weights[-1]
        chosen = market.weights.search_sorted(pl.Series(draws), side="right")
        entered = pl.when(room == market.outside).then(chosen).otherwise(market.outside)
        to = movers.select(entered.cast(pl.UInt32)).to_series()
        self.agents = self.agents.with_columns(self.agents["room"].scatter(movers["row"], to))
        market.count(buyers["room"], movers["room"], to)


class Anchors(AgentSetPolars):
    def __init__(self, model, first):
        super().__init__(model)
        rooms = model.outside
        names = [f"attraction_{action}" for action in range(len(terms.BOUGHT))]
        self.attractions = [pl.col(name) for name in names]
        self += pl.DataFrame(
            {"unique_id": range(first, first + rooms), "price": model.prices}
            | {"action": [0] * rooms, "orders": [0] * rooms}
            | {name: [0.0] * rooms for name in names}
        )

    def step(self):
        if self.model.ticks % terms.EVENING == 0:
            if self.model.ticks > 0:
                self.learn()
            self.choose()

    def learn(self):
        # A copy: a series would share the market's array, which goes on counting.
        orders, action, pay_off = pl.Series(self.model.orders.copy()), pl.col("action"), pl.col("pay_off")
        luck = pl.Series(self.model.random.random(len(self)))
        fined = (action > 0) & (luck < terms.INSPECTED)
        commission = terms.COMMISSION * pl.col("price") * (orders - pl.col("orders"))
        bots = terms.BOT * pl.lit(pl.Series(terms.BOUGHT)).gather(action)
        seen = self.agents.with_columns(pay_off=commission - bots - terms.FINE * fined, orders=orders)
        means = dict(seen.group_by("action").agg(pay_off.mean()).iter_rows())
        moved = []
        for which, attraction in enumerate(self.attractions):
            own = pl.when(action == which).then(terms.OWN_STEP).otherwise(0.0)
            attraction = attraction + own * (pay_off - attraction)
            if which in means:
                attraction = attraction + terms.OTHERS_STEP * (means[which] - attraction)
            moved.append(attraction)
        self.agents = seen.with_columns(moved).drop("pay_off")

    def choose(self):
        most = pl.max_horizontal(self.attractions)
        weights = [(terms.PRECISION * (attraction - most)).exp() for attraction in self.attractions]
        sums = [pl.sum_horizontal(weights[: count + 1]) for count in range(len(weights))]
        draw = pl.Series(self.model.random.random(len(self))) * sums[-1]
        action = pl.sum_horizontal([(part <= draw).cast(pl.Int64) for part in sums[:-1]])
        self.agents = self.agents.with_columns(action=action)
        self.model.bought = np.array(terms.BOUGHT)[self.agents["action"].to_numpy()]


class Market(ModelDF):
    def __init__(self, consumers, seed, strategy):
        super().__init__(seed)
        self.outside = law.rooms(consumers)
        self.prices = law.prices(self.outside)
        self.viewers = np.zeros(self.outside, dtype=np.int64)
        self.orders = np.zeros(self.outside, dtype=np.int64)
        self.bought = np.zeros(self.outside, dtype=np.int64)
        self.ticks = 0
        if strategy:
            self.agents += Anchors(self, consumers)
        self.agents += Consumers(self, consumers)

    def step(self):
        super().step()
        self.ticks += 1

    def show(self):
        """What consumers will act on, once anchors have done what they do."""
        buys_below, acts_below = law.bounds(self.orders, self.prices)
        self.buys_below = pl.Series(np.append(buys_below, 0), dtype=pl.Float32)
        self.acts_below = pl.Series(np.append(acts_below, law.ENTER), dtype=pl.Float32)
        self.weights = pl.Series(law.weights(self.viewers + self.bought))

    def count(self, bought, left, came):
        """Counts what happened; the last count is of people outside, whom no room shows."""
        bought, left, came = (
            np.bincount(rooms, minlength=self.outside + 1)[:-1] for rooms in (bought, left, came)
        )
        self.orders += bought
        self.viewers += came - left


if __name__ == "__main__":
    common.main("mesa-frames", Market, threads=pl.thread_pool_size())
