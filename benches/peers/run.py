#!/usr/bin/env python3
"""Herding rooms in other frameworks and in Yellowcart: do they follow one law, and how fast are they?

    run.py agree    the same law: totals over seeds, against numpy by hand and against a closed form
    run.py time     speeds, memory and length, taken in turns, with the ratio of ours to theirs

Both take one of the two models, `--model plain` (as otherwise) or `--model strategy`.

What is missing is made first: two environments of CPython 3.12 and a release build of the krABMaga crate, all beside this file, and Yellowcart's
bench `herding`. Progress goes to stderr, tables to stdout. Needs CPython 3.12 and Rust; any Python from 3.9 on can run this script itself.
"""

import argparse
import ast
import json
import math
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, stdev

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KRABMAGA = HERE / "krabmaga"

# Environments and what they are made from; mesa-frames asks for an old numpy, which must not hold the others back.
ENVIRONMENTS = {
    ".venv": "requirements.txt",
    ".venv-frames": "requirements-frames.txt",
}
PYTHON = (3, 12)

TICKS = 50
WARMUP = 50
OURS = "yellowcart"
STANDARD = "numpy"
QUANTITIES = {"plain": ("inside", "orders", "spread"), "strategy": ("inside", "orders", "spread", "buying")}
MOST_Z = 4.0


@dataclass(frozen=True)
class Implementation:
    """How to run one implementation, and where its model is written."""

    name: str
    command: tuple
    sources: tuple
    # What it has beside that for the model with strategy.
    strategy: str
    # Largest number of consumers that it is timed at.
    most: float = math.inf
    # Number of consumers from which one round must do.
    one_round_from: float = math.inf


def python(environment, script):
    return (str(HERE / environment / "bin" / "python"), str(HERE / script))


IMPLEMENTATIONS = (
    Implementation("mesa", python(".venv", "by_mesa.py"), ("law.py", "by_mesa.py"), "strategy.py", 1e6, 1e6),
    Implementation(
        "krabmaga",
        (str(KRABMAGA / "target" / "release" / "herding-krabmaga"),),
        ("krabmaga/src/model.rs",),
        "krabmaga/src/strategy.rs",
        1e6,
        1e6,
    ),
    Implementation(
        "mesa-frames", python(".venv-frames", "by_mesa_frames.py"), ("law.py", "by_mesa_frames.py"), "strategy.py"
    ),
    Implementation("numpy", python(".venv", "by_numpy.py"), ("law.py", "by_numpy.py"), "strategy.py"),
    Implementation("numba", python(".venv", "by_numba.py"), ("law.py", "by_numba.py"), "strategy.py"),
    Implementation(
        OURS,
        ("cargo", "bench", "--quiet", "--bench", "herding", "--", "one"),
        ("../herding/law.rs", "../herding/calendar.rs", "../herding/market.rs"),
        "../herding/strategy.rs",
    ),
)


def main():
    arguments = parse()
    chosen = [i for i in IMPLEMENTATIONS if not (arguments.peers_only and i.name == OURS)]
    if arguments.only:
        chosen = [i for i in chosen if i.name in arguments.only]
    if not chosen:
        fail("nothing to run: --only names Yellowcart and --peers-only leaves it out")
    build(chosen, arguments.python)
    if arguments.command == "agree":
        return agree(chosen, arguments)
    return take_times(chosen, arguments)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--peers-only", action="store_true", help="leave Yellowcart out")
    names = [i.name for i in IMPLEMENTATIONS]
    shared.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"only these of {', '.join(names)}")
    shared.add_argument("--model", choices=list(QUANTITIES), default="plain", help="the model; default plain")
    shared.add_argument("--python", help="CPython 3.12 to make the environments with; found by itself if it can be")
    commands = parser.add_subparsers(dest="command", required=True)
    agreeing = commands.add_parser("agree", parents=[shared], help="check that all follow one law; exit code 1 if not")
    agreeing.add_argument("--consumers", type=number, default=100_000)
    agreeing.add_argument("--seeds", type=number, default=10, help="seeds 1 to this number, at least 4 (default 10)")
    timing = commands.add_parser("time", parents=[shared], help="time all in turns and print ratios")
    timing.add_argument(
        "--consumers", type=number, nargs="+", default=[100_000, 1_000_000], help="above a million Mesa and krABMaga are left out"
    )
    timing.add_argument("--rounds", type=number, default=3, help="rounds; Mesa and krABMaga run in the first alone from a million on")
    timing.add_argument("--out", type=Path, help="write every run as JSON to this file too")
    arguments = parser.parse_args()
    if arguments.command == "agree" and arguments.seeds < 4:
        parser.error("--seeds: at least 4, or a standard error says little")
    return arguments


def number(text):
    """A positive whole number; 1e6 and 1_000_000 will do."""
    value = float(text)
    if value < 1 or value != int(value):
        raise argparse.ArgumentTypeError(f"{text} is not a positive whole number")
    return int(value)


def fail(message):
    print(f"run.py: {message}", file=sys.stderr)
    sys.exit(2)


def say(message):
    print(message, file=sys.stderr, flush=True)


# Building


def build(chosen, interpreter):
    """Makes whatever the chosen implementations need and do not have."""
    for folder, requirements in ENVIRONMENTS.items():
        if any(f"/{folder}/" in i.command[0] for i in chosen):
            make_environment(HERE / folder, HERE / requirements, interpreter)
    names = {i.name for i in chosen}
    if names & {"krabmaga", OURS} and not shutil.which("cargo"):
        fail("cargo is not on the path: install Rust, or leave krabmaga and yellowcart out with --only")
    if "krabmaga" in names:
        say("building krabmaga")
        call(["cargo", "build", "--release", "--locked", "--quiet"], KRABMAGA)
    if OURS in names:
        say("building yellowcart")
        call(["cargo", "bench", "--bench", "herding", "--no-run", "--quiet"], ROOT, "without it, use --peers-only")


def make_environment(folder, requirements, interpreter):
    """An environment with exactly the packages required, unless it is there already."""
    made_from = folder / "made-from.txt"
    if made_from.exists() and made_from.read_text() == requirements.read_text():
        return
    say(f"making {folder.name} from {requirements.name}")
    call([interpreter or find_python(), "-m", "venv", "--clear", str(folder)], HERE)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps"]
    call([*pip, "--requirement", str(requirements)], HERE, "are the package index and the pinned versions to be had?")
    shutil.copy(requirements, made_from)


def find_python():
    """A CPython of the right version: this one, one on the path, or one that pyenv keeps."""
    version = ".".join(map(str, PYTHON))
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [sys.executable, f"python{version}", *map(str, sorted(kept.glob(f"{version}.*/bin/python")))]
    for candidate in candidates:
        if not shutil.which(candidate):
            continue
        asked = subprocess.run(
            [candidate, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True
        )
        if asked.stdout.strip() == str(PYTHON):
            return candidate
    fail(f"CPython {version} is needed (Mesa 3.5 asks for 3.12, and the numpy that mesa-frames asks for ends there) and was not found: install it, or name it with --python")


def call(command, folder, advice=""):
    """Runs a command that must succeed; its standard output."""
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if ran.returncode:
        fail("\n".join([f"failed: {' '.join(command)}", ran.stderr.strip(), advice]).rstrip())
    return ran.stdout


# Running


def run(implementation, model, consumers, seed):
    """One run: what its line of JSON says."""
    options = {"consumers": consumers, "seed": seed, "ticks": TICKS, "warmup": WARMUP, "model": model}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    out = call([*implementation.command, *words], ROOT)
    lines = [line for line in out.splitlines() if line.startswith("{")]
    if not lines:
        fail(f"{implementation.name} printed no line of JSON")
    return json.loads(lines[-1]) | {"seed": seed, "model": model}


# Agreement


def agree(chosen, arguments):
    """Compares means over seeds with those of the standard and with the closed form."""
    if STANDARD not in [i.name for i in chosen]:
        fail(f"--only must name {STANDARD}: all others are compared with it")
    seeds = range(1, arguments.seeds + 1)
    runs = {}
    for implementation in chosen:
        say(f"{implementation.name}: seeds 1 to {arguments.seeds}")
        runs[implementation.name] = [run(implementation, arguments.model, arguments.consumers, seed) for seed in seeds]
    print(f"model {arguments.model}, {arguments.consumers:,} consumers, {WARMUP + TICKS} ticks, seeds 1 to {arguments.seeds}, against {STANDARD}\n")
    print(f"{'implementation':<15}{'quantity':<22}{'mean':>12}{'s.d.':>10}{'difference':>12}{'s.e.':>10}{'z':>7}")
    worst = 0.0
    for name, lines in runs.items():
        for quantity in QUANTITIES[arguments.model]:
            ours, theirs = ([line[quantity] for line in of] for of in (lines, runs[STANDARD]))
            if name == STANDARD:
                row(name, quantity, ours)
            else:
                error = math.hypot(standard_error(ours), standard_error(theirs))
                worst = max(worst, row(name, quantity, ours, mean(theirs), error))
        inside = [line["inside"] for line in lines]
        expected = closed_form(arguments.consumers, mean(line["orders"] for line in lines))
        worst = max(worst, row(name, "inside, closed form", inside, expected, standard_error(inside)))
    print(f"\nlargest |z| {worst:.2f}: {'they agree' if worst < MOST_Z else f'they do not agree (bound {MOST_Z})'}")
    return int(worst >= MOST_Z)


def row(name, quantity, values, expected=None, error=None):
    """Prints a row; the absolute z value."""
    digits = 4 if quantity in ("spread", "buying") else 1
    line = f"{name:<15}{quantity:<22}{mean(values):>12.{digits}f}{stdev(values):>10.{digits}f}"
    if expected is None:
        print(line)
        return 0.0
    difference = mean(values) - expected
    print(f"{line}{difference:>12.{digits}f}{error:>10.{digits}f}{difference / error:>7.2f}")
    return abs(difference / error)


def standard_error(values):
    return stdev(values) / math.sqrt(len(values))


def closed_form(consumers, orders):
    """People inside: x with 0.02 (1 - x) = 0.05 (1 - p) x, as near as the ticks run bring it from nought; p is that of a room with its share
    of the orders, averaged over the five prices."""
    share = orders / max(1, consumers // 5000)
    buying = [1 / (1 + math.exp(3.5 - 0.1 * math.log1p(share / 100) + 0.8 + 0.1 * k)) for k in range(5)]
    leave = 0.05 * (1 - mean(buying))
    stationary = 0.02 / (0.02 + leave)
    return consumers * stationary * (1 - (1 - 0.02 - leave) ** (WARMUP + TICKS))


# Timing


def take_times(chosen, arguments):
    """Takes times in turns and prints a table for each size."""
    load = os.getloadavg()[0]
    runs = []
    for consumers in arguments.consumers:
        here = [i for i in chosen if consumers <= i.most]
        for turn in range(1, arguments.rounds + 1):
            for implementation in here:
                if turn > 1 and consumers >= implementation.one_round_from:
                    continue
                say(f"{consumers:,} consumers, round {turn} of {arguments.rounds}: {implementation.name}")
                runs.append(run(implementation, arguments.model, consumers, turn))
        table(here, arguments.model, [line for line in runs if line["consumers"] == consumers])
    if arguments.out:
        machine = {"processor": processor(), "cores": os.cpu_count(), "load_at_start": load}
        arguments.out.write_text(json.dumps({"machine": machine, "runs": runs}, indent=1) + "\n")
        say(f"wrote {arguments.out}")
    print(f"\n{processor()}, {os.cpu_count()} cores, load {load:.1f} at the start")
    return 0


def speed(line):
    return line["consumers"] * line["ticks"] / line["seconds"] / 1e6


def table(here, model, runs):
    """One size: speeds, memory, lines, and ours over theirs."""
    consumers = runs[0]["consumers"]
    mine = [speed(line) for line in runs if line["implementation"] == OURS]
    print(f"\nmodel {model}, {consumers:,} consumers, {TICKS} ticks after {WARMUP}")
    print(
        f"{'implementation':<15}{'threads':>8}{'rounds':>8}{'M steps/s':>11}{'min':>9}{'max':>9}"
        f"{'bytes each':>12}{'lines':>7}{'ours / theirs':>15}"
    )
    for implementation in here:
        lines = [line for line in runs if line["implementation"] == implementation.name]
        speeds = [speed(line) for line in lines]
        size = median(line["peak_kib"] for line in lines) * 1024 / consumers
        ratio = f"{median(mine) / median(speeds):.2f}" if mine else "-"
        sources = (*implementation.sources, *([implementation.strategy] if model == "strategy" else []))
        length = sum(code_lines(HERE / source) for source in sources)
        print(
            f"{implementation.name:<15}{lines[0]['threads']:>8}{len(lines):>8}{median(speeds):>11.2f}{min(speeds):>9.2f}{max(speeds):>9.2f}"
            f"{size:>12.0f}{length:>7}{ratio:>15}"
        )


def code_lines(path):
    """Lines that are neither blank nor wholly comment; a docstring is a comment."""
    text = path.read_text()
    documented = set()
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
                documented.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    mark = "#" if path.suffix == ".py" else "//"
    lines = enumerate(map(str.strip, text.splitlines()), 1)
    return sum(1 for number, line in lines if line and not line.startswith(mark) and number not in documented)


def processor():
    """The processor's name, where the system tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


if __name__ == "__main__":
    sys.exit(main())
