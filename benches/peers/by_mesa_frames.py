"""Herding rooms in mesa-frames on Polars, on all threads: consumers are the rows of one `AgentSetPolars`, moved as columns.

Written in Polars expressions as its guide asks, with draws from the model's generator. Outside counts as one more room, so that a room's bounds are
gathered by place in one expression, and all that follows is done for the rows that act. Those are written back with `scatter`: assigning
through a mask (`self[mask, "room"] = ...`) concatenates and joins the whole frame each time, and a join with the movers costs nearly twice
the time.
"""

import warnings

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

import common
import law

# The released mesa-frames calls `is_in` in a way that Polars now frowns on.
warnings.filterwarnings("ignore", category=DeprecationWarning)


class Consumers(AgentSetPolars):
    def __init__(self, model, consumers):
        super().__init__(model)
        outside = pl.repeat(model.outside, consumers, dtype=pl.UInt32)
        self += pl.select(unique_id=pl.int_range(consumers), room=outside)

    def step(self):
        market, room, luck = self.model, pl.col("room"), pl.col("luck")
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


class Market(ModelDF):
    def __init__(self, consumers, seed):
        super().__init__(seed)
        self.outside = law.rooms(consumers)
        self.prices = law.prices(self.outside)
        self.viewers = np.zeros(self.outside, dtype=np.int64)
        self.orders = np.zeros(self.outside, dtype=np.int64)
        self.agents += Consumers(self, consumers)

    def step(self):
        buys_below, acts_below = law.bounds(self.orders, self.prices)
        self.buys_below = pl.Series(np.append(buys_below, 0), dtype=pl.Float32)
        self.acts_below = pl.Series(np.append(acts_below, law.ENTER), dtype=pl.Float32)
        self.weights = pl.Series(law.weights(self.viewers))
        super().step()

    def count(self, bought, left, came):
        """Counts what happened; the last count is of people outside, whom no room shows."""
        bought, left, came = (
            np.bincount(rooms, minlength=self.outside + 1)[:-1] for rooms in (bought, left, came)
        )
        self.orders += bought
        self.viewers += came - left


if __name__ == "__main__":
    common.main("mesa-frames", Market, threads=pl.thread_pool_size())
