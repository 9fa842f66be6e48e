"""Running programs before and after they are fixed, and computing apart what their losses should be."""

from __future__ import annotations

import contextlib
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch

from losslint.config import Settings
from losslint.engine.fixing import FixOutcome, fix_all
from losslint.finding import Applicability

SAME = 1e-9
"""How far numbers of type float64 may lie apart that should be the same."""


def fixed(folder: Path, level: Applicability, *select: str) -> FixOutcome:
    """Fix a folder with the rules that are on by default and those of `select`."""
    return fix_all([str(folder)], Settings(extend_select=select, isolated=True, cache=False), level)


@contextlib.contextmanager
def doubles(folder: Path) -> Iterator[None]:
    """Modules of a folder can be imported, and new tensors are of type float64; all of it is undone at the end."""
    modules, dtype = set(sys.modules), torch.get_default_dtype()
    sys.path.insert(0, str(folder))
    torch.set_default_dtype(torch.float64)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.path.remove(str(folder))
        torch.set_default_dtype(dtype)
        for name in set(sys.modules) - modules:
            where = getattr(sys.modules[name], "__file__", None)
            if where is not None and Path(where).is_relative_to(folder):
                del sys.modules[name]


def run(folder: Path, name: str) -> dict[str, object]:
    """What `losses()` of a program gives, and the functions of that name which predict."""
    file = folder / f"{name}.py"
    with doubles(folder), torch.random.fork_rng(devices=[]):
        given: dict[str, object] = {"__name__": name, "__file__": str(file)}
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), given)
        found = given["losses"]()
        for predict in [name for name in given if name.startswith("predict")]:
            torch.manual_seed(5)
            found[f"reader {predict}"] = given[predict](given["Net"](), found["x"], found["y"])
        return found


def difference(one: object, other: object) -> float:
    """The greatest distance between two results, whatever they hold; infinite where their forms differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        if one.keys() != other.keys():
            return float("inf")
        return max((difference(one[key], other[key]) for key in one), default=0.0)
    if isinstance(one, str) or isinstance(other, str):
        return 0.0 if one == other else float("inf")
    if isinstance(one, list | tuple) and one and isinstance(one[0], torch.Tensor):
        one, other = torch.stack(list(one)), torch.stack(list(other))
    first, second = _numbers(one), _numbers(other)
    if first.shape != second.shape:
        return float("inf")
    if not first.numel():
        return 0.0
    return torch.where(first == second, 0.0, (first - second).abs().nan_to_num(float("inf"))).max().item()


def _numbers(value: object) -> torch.Tensor:
    return torch.as_tensor(value).detach().to(torch.float64)


def cross_entropy(
    scores: torch.Tensor, labels: torch.Tensor, options: Mapping[str, object], negative: bool = False
) -> torch.Tensor:
    """Cross entropy of scores over axis 1, written out. With `negative` the scores are taken as they are for log-probabilities."""
    scores, labels = scores.movedim(1, -1).reshape(-1, scores.shape[1]), labels.reshape(-1)
    log_probs = scores if negative else scores - torch.log(torch.exp(scores).sum(1, keepdim=True))
    weight = torch.as_tensor(options.get("weight", [1.0] * scores.shape[1]), dtype=torch.float64)
    keep = (labels != options.get("ignore_index", -100)).to(torch.float64)
    of_label = weight[labels.clamp(min=0)] * keep
    picked = -log_probs[torch.arange(len(labels)), labels.clamp(min=0)] * of_label
    smooth = options.get("label_smoothing", 0.0)
    spread = -(log_probs * weight).sum(1) * keep
    total = ((1 - smooth) * picked + smooth / scores.shape[1] * spread).sum()
    return total if options.get("reduction") == "sum" else total / of_label.sum()


def binary_cross_entropy(scores: torch.Tensor, labels: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """Binary cross entropy of scores, written out."""
    positive = torch.as_tensor(options.get("pos_weight", 1.0), dtype=torch.float64)
    weight = torch.as_tensor(options.get("weight", 1.0), dtype=torch.float64)
    each = positive * labels * torch.log1p(torch.exp(-scores)) + (1 - labels) * torch.log1p(torch.exp(scores))
    each = each * weight
    return each.sum() if options.get("reduction") == "sum" else each.mean()


def scores_of(x: torch.Tensor, weights: list[torch.Tensor]) -> torch.Tensor:
    """What one layer, or two with tanh between them, makes of `x`: axis 1 is mixed, by a matrix or a convolution of width 1."""
    for number in range(0, len(weights), 2):
        matrix, bias = weights[number].flatten(1), weights[number + 1]
        x = torch.tanh(x) if number else x
        x = (torch.tensordot(x, matrix, dims=([1], [1])) + bias).movedim(-1, 1)
    return x


def right_results(given: Mapping[str, object], loss: str, options: Mapping[str, object]) -> dict[str, torch.Tensor]:
    """The loss on raw scores and its gradients, from the inputs and weights that a program gave, in the names it gives them."""
    names = sorted(name for name in given if name.startswith("weights "))
    weights = [given[name].detach().clone().to(torch.float64).requires_grad_() for name in names]
    scores = scores_of(given["x"].to(torch.float64), weights)
    many = loss in ("cross_entropy", "nll_loss")
    found = (cross_entropy if many else binary_cross_entropy)(scores, given["y"], options)
    gradients = torch.autograd.grad(found, weights)
    return {
        "loss": found.detach(),
        **{f"gradient {name.split()[1]}": one for name, one in zip(names, gradients, strict=True)},
    }
