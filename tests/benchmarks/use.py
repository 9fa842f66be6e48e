"""What losslint costs in daily use: a warm run, and the time from a change to the findings in an editor. Not a test.

    python tests/benchmarks/use.py [--files 50] [--runs 15] [--folder FOLDER]

A project of model, data and training modules is made; with --folder an existing one is taken for the warm run. All runs of
one kind are interleaved with those that they are compared with, and the least of each counts: whatever else the machine does adds to a run.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
HASH = """
import os
from hashlib import blake2b
for folder, _, files in os.walk("."):
    for file in files:
        if file.endswith((".py", ".ipynb", ".toml")):
            with open(os.path.join(folder, file), "rb") as stream:
                blake2b(stream.read(), digest_size=16).digest()
"""
FILLER = '''

def report_{name}_{number}(history, path="runs/{name}", every=10):
    """Write the history of metrics."""
    rows = []
    for step, entry in enumerate(history):
        if step % every == 0:
            rows.append(",".join(str(entry[key]) for key in sorted(entry)))
    with open(os.path.join(path, "{name}_{number}.csv"), "w") as stream:
        stream.write("\\n".join(rows))
    return len(rows)
'''
MODEL = """import os
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))


class Net(nn.Module):
    def __init__(self, classes=10, width=32):
        super().__init__()
        self.blocks = nn.Sequential(Block(3, width), Block(width, 2 * width), Block(2 * width, 4 * width))
        self.head = nn.Linear(4 * width, classes)

    def forward(self, x):
        x = self.blocks(x).mean(dim=(2, 3))
        return {result}
"""
DATA = """import os
import torch
from torch.utils.data import DataLoader, TensorDataset


def loaders(batch):
    data = TensorDataset(torch.rand(100, 3, 32, 32), torch.randint(0, 10, (100,)))
    return DataLoader(data, batch_size=batch, shuffle=True), DataLoader(data, batch_size=batch)
"""
TRAIN = """import argparse
import os
import torch
from torch import nn, optim
from data_{data} import loaders
from model_{number} import Net


def train(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def evaluate(model, loader, criterion, device):
    model.eval()
    total, right = 0.0, 0
    with torch.no_grad():
        for x, y in loader:
            out = model(x.to(device))
            total += criterion(out, y.to(device)).item()
            right += (out.argmax(1).cpu() == y).sum().item()
    return total / len(loader), right


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--epochs", type=int, default=10)
    args = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = Net().to(device)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=args.lr)
    train_loader, test_loader = loaders(64)
    for epoch in range(args.epochs):
        print(epoch, train(model, train_loader, criterion, optimizer, device))
        print(evaluate(model, test_loader, criterion, device))


if __name__ == "__main__":
    main()
"""


def make(folder: Path, files: int) -> None:
    """A project of so many files: for each five, two models with two trainings of about 300 lines, and data."""
    (folder / "pyproject.toml").write_text("")
    for number in range(max(2 * files // 5, 1)):
        data = number // 2
        result = "F.softmax(self.head(x), dim=1)" if number == 0 else "self.head(x)"
        write(folder / f"model_{number}.py", MODEL.replace("{result}", result), 8)
        write(folder / f"train_{number}.py", TRAIN.format(data=data, number=number), 24)
        write(folder / f"data_{data}.py", DATA, 6)


def write(file: Path, text: str, fillers: int) -> None:
    name = file.stem
    file.write_text(text + "".join(FILLER.format(name=name, number=number) for number in range(fillers)))


def cpu_of(command: Sequence[str], folder: Path) -> float:
    """Milliseconds of CPU of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def warm(folder: Path, runs: int) -> None:
    kinds = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "hashing": [sys.executable, "-c", HASH],
        "losslint --help": [sys.executable, "-m", "losslint", "--help"],
        "check, warm": [sys.executable, "-m", "losslint", "check", "."],
    }
    cpu_of(kinds["check, warm"], folder)
    least = dict.fromkeys(kinds, float("inf"))
    for _ in range(runs):
        for kind, command in kinds.items():
            least[kind] = min(least[kind], cpu_of(command, folder))
    cold = cpu_of([*kinds["check, warm"], "--no-cache"], folder)
    for kind, cost in least.items():
        print(f"{kind:20} {cost:7.1f} ms")
    print(f"{'check, cold':20} {cold:7.1f} ms")
    extra = least["check, warm"] - least["python -c pass"] - (least["hashing"] - least["python -c pass"])
    print(f"a warm run costs {extra:.1f} ms more than python -c pass and hashing\n")


def from_change_to_findings(folder: Path, runs: int) -> None:
    import libcst

    from losslint.config import Settings
    from losslint.engine.workspace import Workspace

    os.chdir(folder)
    work = Workspace(folder, Settings())
    for name in ("train_1.py", "train_0.py", "model_0.py", "data_0.py"):
        file = folder / name
        data = file.read_bytes()
        work.check({file: data})  # as an editor that has just opened it
        changes = iter(data.replace(b"    return", b"    # %d\n    return" % number, 1) for number in range(10_000))

        def change(mend: bool, file: Path = file, changes: Iterator[bytes] = changes) -> Callable[[], object]:
            return lambda: work.check({file: next(changes)}, [file], mend=mend)

        parse = least_of(lambda data=data: libcst.parse_module(data), runs)
        plain, mended = least_of(change(False), runs), least_of(change(True), runs)
        lines = data.count(b"\n")
        print(
            f"{name:11} {lines} lines: a parse {parse:5.1f} ms, from change to findings {plain:5.1f} ms, with fixes {mended:5.1f} ms"
        )


def least_of(work: Callable[[], object], runs: int) -> float:
    """Milliseconds of CPU of this process."""
    least = float("inf")
    for _ in range(runs):
        start = time.process_time()
        work()
        least = min(least, 1000 * (time.process_time() - start))
    return least


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=50)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--folder", type=Path, help="a project for the warm run, in place of the one that is made")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        make(folder, options.files)
        warm(options.folder.resolve() if options.folder else folder, options.runs)
        from_change_to_findings(folder, options.runs)


if __name__ == "__main__":
    main()
