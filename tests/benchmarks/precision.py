"""How much is known of the tensors of random programs: `python tests/benchmarks/precision.py` prints the shares."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import torch
from test_values_torch import analysed, batch

from losslint.domain.value import Tensor


def precision() -> Counter[str]:
    """How many tensors of one batch there are, and of how many rank, type, and all sizes are known."""
    counts: Counter[str] = Counter()
    programs = batch(0)
    with TemporaryDirectory() as folder:
        said = analysed(programs, Path(folder))
    for program in programs:
        for line in program.lines:
            name, _, text = line.partition(" = ")
            if not isinstance(program.held[name], torch.Tensor) or "blur" in text:
                continue
            counts["tensors"] += 1
            value = said[name][0]
            counts["followed"] += isinstance(value, Tensor)
            counts["rank"] += isinstance(value, Tensor) and value.shape.rank is not None
            counts["type"] += isinstance(value, Tensor) and value.dtype is not None
            counts["sizes"] += isinstance(value, Tensor) and value.shape.count is not None
    return counts


if __name__ == "__main__":
    found = precision()
    for share, count in found.items():
        print(f"{share:10} {count:6} {count / found['tensors']:6.1%}")
