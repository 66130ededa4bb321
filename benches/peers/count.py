#!/usr/bin/env python3
"""Where ratios between herding rooms come from: instructions and cache misses a step, and bytes against the machine's bandwidth.

    count.py --consumers 1000000 10000000 --only numba yellowcart
    count.py --bandwidth                          only the triad

Each implementation runs twice under callgrind, a few ticks longer the second time, and the difference is what those ticks take: start, compilation
and warming up cancel out. Its cache is that of the table's head and fetches nothing ahead, so misses tell what is touched, not what is waited
for. Beside it stands what a step takes of the processor's time in a plain run, all threads together, which other work on the machine hardly
moves. From both follow instructions a nanosecond, and bytes a nanosecond beyond the second-level cache, as a share of what one thread's triad moves.
Valgrind knows no AVX-512: numba and numpy are counted as they run on AVX2. krABMaga does not tell its processor time and is left out.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

import run

# Size, ways and line of the caches that are simulated; the last one is a core's second level.
FIRST, LAST = "49152,12,64", "2097152,16,64"
LINE = 64
# Ticks before those that count, and runs' lengths after them: an evening apart.
WARMUP, SHORT, LONG = 20, 0, 10
ROUNDS = 3
COUNTED = ("instructions", "first", "last")

OURS = next(i for i in run.IMPLEMENTATIONS if i.name == run.OURS)
# Plain columns, which Yellowcart's bench has beside the market.
COLUMNS = tuple(replace(OURS, name=name, command=(*OURS.command, "--implementation", name)) for name in ("columns", "every_tick"))
ALL = (*(i for i in run.IMPLEMENTATIONS if i.name != "krabmaga"), *COLUMNS)


def main():
    arguments = parse()
    bandwidth = triad("1")
    print(f"triad: {bandwidth:.1f} GB/s on one thread, {triad(str(os.cpu_count())):.1f} on all")
    if arguments.bandwidth:
        return
    chosen = [i for i in ALL if i.name in arguments.only]
    run.build([*chosen, OURS], None)
    program = executable()
    print(f"model {arguments.model}; caches of {FIRST} and {LAST} (bytes, ways, line)")
    print(
        f"{'consumers':>10} {'implementation':<15}{'ns a step':>10}{'instr.':>9}{'D1 misses':>11}{'L2 misses':>11}"
        f"{'instr./ns':>11}{'bytes':>8}{'bytes/ns':>10}{'of triad':>10}"
    )
    for consumers in arguments.consumers:
        for implementation in chosen:
            command = native(implementation, program)
            row(implementation.name, consumers, command, arguments.model, bandwidth)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bandwidth", action="store_true", help="only measure the machine's bandwidth")
    parser.add_argument("--consumers", type=run.number, nargs="+", default=[1_000_000])
    names = [i.name for i in ALL]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", default=names, help=", ".join(names))
    parser.add_argument("--model", choices=list(run.QUANTITIES), default="plain")
    return parser.parse_args()


def triad(threads):
    """Bytes that a = b + s c moves in a nanosecond."""
    script = run.HERE / "triad.py"
    python = run.HERE / ".venv" / "bin" / "python"
    run.make_environment(run.HERE / ".venv", run.HERE / "requirements.txt", None)
    return float(run.call([str(python), str(script), threads], run.HERE))


def executable():
    """Yellowcart's bench, as a program that valgrind can run itself."""
    command = ["cargo", "bench", "--bench", "herding", "--no-run", "--quiet", "--message-format=json"]
    lines = map(json.loads, run.call(command, run.ROOT).splitlines())
    programs = [line["executable"] for line in lines if line.get("executable")]
    return programs[-1]


def native(implementation, program):
    """The command without cargo before it."""
    command = implementation.command
    if command[0] == "cargo":
        return (program, *command[command.index("--") + 1 :])
    return command


def options(consumers, model, warmup, ticks):
    return ["--consumers", str(consumers), "--model", model, "--warmup", str(warmup), "--ticks", str(ticks)]


def row(name, consumers, command, model, bandwidth):
    """Prints what a step takes in one implementation."""
    run.say(f"{consumers:,} consumers: {name}")
    counts = [count([*command, *options(consumers, model, WARMUP, ticks)]) for ticks in (SHORT, LONG)]
    steps = consumers * (LONG - SHORT)
    instructions, first, last = ((counts[1][what] - counts[0][what]) / steps for what in COUNTED)
    lines = [plain([*command, *options(consumers, model, run.WARMUP, run.TICKS)]) for _ in range(ROUNDS)]
    time = median(line["processor_seconds"] for line in lines) / consumers / run.TICKS * 1e9
    each = last * LINE
    moved = each / time
    print(
        f"{consumers:>10} {name:<15}{time:>10.3f}{instructions:>9.2f}{first:>11.4f}{last:>11.4f}"
        f"{instructions / time:>11.2f}{each:>8.2f}{moved:>10.2f}{moved / bandwidth:>10.1%}",
        flush=True,
    )


def plain(command):
    lines = run.call(command, run.ROOT).splitlines()
    return json.loads(next(line for line in lines if line.startswith("{")))


def count(command):
    """Instructions and misses of a whole run."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "counts"
        valgrind = ["valgrind", "--tool=callgrind", "--cache-sim=yes", f"--D1={FIRST}", f"--LL={LAST}"]
        ran = subprocess.run(
            [*valgrind, f"--callgrind-out-file={out}", *command],
            cwd=run.ROOT,
            capture_output=True,
            text=True,
            env=os.environ | {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": ""},
        )
        if ran.returncode:
            run.fail(f"failed under valgrind: {' '.join(command)}\n{ran.stderr[-2000:]}")
        return totals(out.read_text())


def totals(text):
    """The sums that callgrind writes below `events:`, by name."""
    lines = dict(line.split(": ", 1) for line in text.splitlines() if line.startswith(("events: ", "totals: ")))
    sums = dict(zip(lines["events"].split(), map(int, lines["totals"].split())))
    return {
        "instructions": sums["Ir"],
        "first": sums["D1mr"] + sums["D1mw"],
        "last": sums["DLmr"] + sums["DLmw"],
    }


if __name__ == "__main__":
    sys.exit(main())
