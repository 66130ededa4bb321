"""The law of the herding rooms, as far as the Python implementations share it. Columns are indexed by room."""

import numpy as np

ENTER = 0.02
LEAVE = 0.05


def rooms(consumers):
    """How many rooms there are."""
    return max(1, consumers // 5000)


def prices(count):
    """Price in each room."""
    return 0.8 + 0.1 * (np.arange(count) % 5)


def bounds(orders, prices):
    """Two bounds on a uniform, room by room: who draws below the first buys, who draws below the second but not the first leaves."""
    buying = 1 / (1 + np.exp(3.5 - 0.1 * np.log1p(orders / 100) + prices))
    return buying, buying + (1 - buying) * LEAVE


def weights(viewers):
    """Sums of 1 + viewers on display up to and including each room: a room is drawn by where a uniform falls among them."""
    return np.cumsum(1.0 + viewers)
