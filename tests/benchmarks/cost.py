"""What a run of losslint costs, beside what it cannot do without and beside torchfix. Not a test.

    python tests/benchmarks/cost.py FOLDER [--runs 5] [--torchfix] [--growth] [--file FILE]

Whole processes are measured (user and system time of the child, and its peak memory), interleaved, the median of several
runs. Trust the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PARSE = """
import sys, time
import libcst
files = sys.stdin.read().split("\\0")
start = time.process_time()
for file in filter(None, files):
    try:
        libcst.parse_module(open(file, "rb").read())
    except Exception:
        pass
print(time.process_time() - start)
"""
ASK = "import sys; from losslint import engine; print(*engine.parsed_files(sys.argv[1:]), sep='\\0', end='')"
SKIPPED = {".git", ".venv", "venv", "node_modules", "__pycache__", ".tox", "build", "dist"}


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds and peak megabytes of one process; `said` is what it printed."""

    cpu: float
    wall: float
    memory: float
    said: str = ""


def measure(command: Sequence[str], given: str = "") -> Cost:
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as entry:
        entry.write(given.encode("utf-8", "surrogateescape"))
        entry.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=entry, stdout=output, stderr=subprocess.DEVNULL)
        _, _, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = 0
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit, said)


def middle(costs: Iterable[Cost]) -> Cost:
    kept = sorted(costs, key=lambda cost: cost.cpu)
    half = kept[len(kept) // 2]
    return Cost(half.cpu, statistics.median(c.wall for c in kept), max(c.memory for c in kept), half.said)


def losslint(target: Path) -> list[str]:
    return [
        sys.executable,
        "-m",
        "losslint",
        "check",
        "--isolated",
        "--no-cache",
        "--output-format",
        "concise",
        str(target),
    ]


def python_files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    found = (file for file in folder.rglob("*.py") if file.is_file())
    return sorted(file for file in found if not SKIPPED.intersection(file.relative_to(folder).parts))


def parsed(target: Path) -> list[Path]:
    """The files that losslint parses for `target`, asked for in a process of its own: a child is never smaller than its parent."""
    said = measure([sys.executable, "-c", ASK, str(target)]).said
    return [Path(file) for file in said.split("\0") if file.endswith(".py")]


def lines_of(files: Iterable[Path]) -> int:
    return sum(file.read_bytes().count(b"\n") for file in files)


def show(name: str, cost: Cost, base: Cost | None = None) -> None:
    ratio = "" if base is None else f"   {cost.cpu / max(base.cpu, 1e-9):8.3f}x"
    print(f"{name:<34}{cost.cpu:9.3f} s CPU{cost.wall:9.3f} s wall{cost.memory:8.0f} MB{ratio}", flush=True)


def against_parse(target: Path, runs: int) -> Cost:
    files = parsed(target)
    everything = python_files(target)
    print(f"{len(everything)} files, {lines_of(everything)} lines; parsed: {len(files)} files, {lines_of(files)} lines")
    given = "\0".join(map(str, files))
    ours, bare, start = [], [], []
    for _ in range(runs):
        start.append(measure([sys.executable, "-c", "pass"]))
        bare.append(measure([sys.executable, "-c", PARSE], given))
        ours.append(measure(losslint(target)))
    whole, floor = middle(ours), middle(bare)
    show("python -c pass", middle(start))
    show("import libcst, parse these files", floor)
    show("losslint check", whole, floor)
    parse = statistics.median(float(cost.said) for cost in bare)
    print(f"losslint over the parse alone ({parse:.3f} s): {whole.cpu / max(parse, 1e-9):.2f}x")
    print(whole.said.rstrip().rpartition("\n")[2])
    return whole


def torchfix(target: Path, ours: Cost, runs: int) -> None:
    """torchfix in an environment that is thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        scripts = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([str(scripts / "python"), "-m", "pip", "install", "--quiet", "torchfix"], check=True)
        command = [str(scripts / "torchfix"), "--jobs", "1", str(target)]
        first = measure(command)
        theirs = middle([first] if first.cpu > 10 else [first, *(measure(command) for _ in range(min(runs, 3) - 1))])
    show("torchfix --jobs 1", theirs)
    print(f"losslint over torchfix: {ours.cpu / theirs.cpu:.3f}x CPU, {ours.wall / theirs.wall:.3f}x wall")


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """The slope of log cost over log size, by least squares."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(max(y, 1e-4)) for _, y in points]
    x, y = statistics.fmean(xs), statistics.fmean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def start_up() -> float:
    """What a run costs that parses one trivial file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "trivial.py"
        file.write_text("from torch import nn\nnn.CrossEntropyLoss()\n")
        return middle(measure(losslint(file)) for _ in range(5)).cpu


def grow(name: str, sizes: Sequence[tuple[int, Path]], runs: int, base: float) -> None:
    points = []
    for size, target in sizes:
        cost = middle(measure(losslint(target)) for _ in range(runs))
        points.append((float(size), cost.cpu - base))
        print(f"  {name} {size:>7}: {cost.cpu - base:8.3f} s over start-up, {cost.memory:5.0f} MB", flush=True)
    print(
        f"growth in {name}: exponent {exponent(points):.2f}, over the upper half {exponent(points[len(points) // 2 :]):.2f}"
    )


def growth_in_files(folder: Path, runs: int, base: float) -> None:
    """Nested random subsets, each file at its own place."""
    files = python_files(folder)
    random.Random(0).shuffle(files)
    with tempfile.TemporaryDirectory() as scratch:
        sizes = []
        for part in (16, 8, 4, 2, 1):
            count = len(files) // part
            if count < 4:
                continue
            top = Path(scratch) / str(count)
            for file in files[:count]:
                copy = top / file.relative_to(folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, copy)
            sizes.append((count, top))
        if len(sizes) > 1:
            grow("files", sizes, runs, base)


def growth_in_length(file: Path, runs: int, base: float) -> None:
    """One file, 1 to 32 times over."""
    text = file.read_bytes().rstrip() + b"\n\n"
    print(f"  repeated: {file} ({len(text.splitlines())} lines)")
    with tempfile.TemporaryDirectory() as scratch:
        sizes = []
        for times in (1, 2, 4, 8, 16, 32):
            copy = Path(scratch) / f"{times}" / "repeated.py"
            copy.parent.mkdir()
            copy.write_bytes(text * times)
            sizes.append((len(text.splitlines()) * times, copy))
        grow("lines", sizes, runs, base)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--torchfix", action="store_true", help="measure torchfix too, in an environment of its own")
    parser.add_argument("--growth", action="store_true", help="measure growth in files and in the length of one file")
    parser.add_argument("--file", type=Path, help="the file to repeat (default: the parsed one nearest to 300 lines)")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ["PYTHONPATH"] = str(ROOT)
    ours = against_parse(options.folder, options.runs)
    if options.torchfix:
        torchfix(options.folder, ours, options.runs)
    if options.growth:
        base = start_up()
        print(f"start-up with libcst: {base:.3f} s CPU")
        if options.folder.is_dir():
            growth_in_files(options.folder, min(options.runs, 3), base)
        file = options.file or min(parsed(options.folder), key=lambda one: abs(lines_of([one]) - 300))
        growth_in_length(file, min(options.runs, 3), base)


if __name__ == "__main__":
    main()
