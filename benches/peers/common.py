"""What the Python implementations have in common beside the law: the command line, the clock and the line of JSON.

An implementation is a class made with (consumers, seed, strategy), with `step()`, and with `viewers`, `orders` and `bought` room by room.
"""

import argparse
import json
import time

import numpy as np


def peak_kib():
    """Peak resident memory of this process, KiB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def main(name, market, threads):
    """Runs a market as the command line says, and prints what came of it."""
    parser = argparse.ArgumentParser(description=f"Herding rooms by {name}: prints one line of JSON.")
    parser.add_argument("--consumers", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--warmup", type=int, default=50, help="ticks before the clock starts")
    parser.add_argument("--ticks", type=int, default=50, help="ticks that are timed")
    parser.add_argument("--model", choices=["plain", "strategy"], default="plain")
    asked = parser.parse_args()
    herd = market(asked.consumers, asked.seed, asked.model == "strategy")
    for _ in range(asked.warmup):
        herd.step()
    begun, begun_processor = time.perf_counter(), time.process_time()
    for _ in range(asked.ticks):
        herd.step()
    seconds, processor_seconds = time.perf_counter() - begun, time.process_time() - begun_processor
    viewers = np.array(herd.viewers)
    line = {
        "implementation": name,
        "threads": threads,
        "consumers": asked.consumers,
        "ticks": asked.ticks,
        "seconds": seconds,
        "processor_seconds": processor_seconds,
        "inside": int(viewers.sum()),
        "orders": int(sum(herd.orders)),
        "spread": float(viewers.std() / max(viewers.mean(), 1e-12)),
        "buying": float((np.array(herd.bought) > 0).mean()),
        "peak_kib": peak_kib(),
    }
    print(json.dumps(line))
