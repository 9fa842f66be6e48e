"""Running programs before and after they are fixed, and computing apart what their losses should be."""

from __future__ import annotations

import contextlib
import itertools
import random
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import torch
from fix_programs import TASKS, Program, made

from losslint.config import Settings
from losslint.engine.fixing import FixOutcome, fix_all
from losslint.finding import Applicability

SAME = 1e-9
"""How far numbers of type float64 may lie apart that should be the same."""
STEEPER = 5000
SEED = 11
BATCH = 60
OF_READERS = ("LL306", "LL307", "LL308")
"""Rules that mend what is read of a model's numbers, not what its losses take."""


def fixed(folder: Path, level: Applicability, *select: str, ignore: tuple[str, ...] = ()) -> FixOutcome:
    """Fix a folder with the rules that are on by default and those of `select`, but for those of `ignore`."""
    return fix_all([str(folder)], Settings(extend_select=select, ignore=ignore, isolated=True, cache=False), level)


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
        for predict in [name for name in given if name.startswith("predict_")]:
            torch.manual_seed(5)
            found[f"reader {predict}"] = given[predict](found["x"], found["y"])
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
    return (
        torch.where(
            (first == second) | (first.isnan() & second.isnan()), 0.0, (first - second).abs().nan_to_num(float("inf"))
        )
        .max()
        .item()
    )


def _numbers(value: object) -> torch.Tensor:
    return torch.as_tensor(value).detach().to(torch.float64)


def cross_entropy(scores: torch.Tensor, labels: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """Cross entropy of scores over axis 1, written out."""
    scores, labels = scores.movedim(1, -1).reshape(-1, scores.shape[1]), labels.reshape(-1)
    scores = scores - scores.max(1, keepdim=True)[0].detach()
    log_probs = scores - torch.log(torch.exp(scores).sum(1, keepdim=True))
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
    tail = torch.log1p(torch.exp(-scores.abs()))
    each = positive * labels * (tail + (-scores).clamp(min=0)) + (1 - labels) * (tail + scores.clamp(min=0))
    each = each * weight
    return each.sum() if options.get("reduction") == "sum" else each.mean()


def scores_of(x: torch.Tensor, weights: list[torch.Tensor]) -> torch.Tensor:
    """What one layer, or two with tanh between them, makes of `x`: axis 1 is mixed, by a matrix or a convolution of width 1."""
    for number in range(0, len(weights), 2):
        matrix, bias = weights[number].flatten(1), weights[number + 1]
        x = torch.tanh(x) if number else x
        x = (torch.tensordot(x, matrix, dims=([1], [1])) + bias).movedim(-1, 1)
    return x


def squares(scores: torch.Tensor, labels: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """Squared distances, written out."""
    each = (scores - labels) ** 2
    return each.sum() if options.get("reduction") == "sum" else each.mean()


def squares_of_softmax(scores: torch.Tensor, labels: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """Squared distances of probabilities, added up."""
    grown = torch.exp(scores)
    return ((grown / grown.sum(1, keepdim=True) - labels) ** 2).sum()


def divergence(scores: torch.Tensor, wanted: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """The Kullback-Leibler divergence of softmax of scores from wanted probabilities, or their logarithms, a mean over the rows, written out."""
    logarithms = wanted if options.get("log_target") else wanted.log()
    log_probs = scores - torch.log(torch.exp(scores).sum(1, keepdim=True))
    return (logarithms.exp() * (logarithms - log_probs)).sum() / len(scores)


def spelling(scores: torch.Tensor, labels: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """Minus the logarithm of the probability that a row of scores spells labels, each way added up, as a mean over the labels."""
    scores = scores - scores.max(1, keepdim=True)[0].detach()
    probs = torch.exp(scores) / torch.exp(scores).sum(1, keepdim=True)
    total = torch.zeros((), dtype=torch.float64)
    for way in itertools.product(range(scores.shape[1]), repeat=len(scores)):
        if [letter for letter, _ in itertools.groupby(way) if letter] == labels.tolist():
            total = total + probs[range(len(way)), way].prod()
    return -total.log() / len(labels)


def poisson(scores: torch.Tensor, counts: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """Minus the logarithm of the likelihood of counts, up to a constant, where scores are the logarithm of their rate."""
    rate = torch.exp(scores)
    return (rate - counts * torch.log(rate + 1e-8)).mean()


def shifted(scores: torch.Tensor, labels: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """Cross entropy for the labels that a seed gives before they are shifted by one: programs that shift them do not hand them out."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        return cross_entropy(scores, torch.randint(scores.shape[1], (len(scores),)), options)


def soft_margin(scores: torch.Tensor, labels: torch.Tensor, options: Mapping[str, object]) -> torch.Tensor:
    """The soft margin of scores and sides that are 0 and 1 here, -1 and 1 to the loss, written out."""
    return torch.log1p(torch.exp(-(2 * labels - 1) * scores)).mean()


REFERENCES = {
    "cross_entropy": cross_entropy,
    "nll_loss": cross_entropy,
    "binary_cross_entropy": binary_cross_entropy,
    "binary_cross_entropy_with_logits": binary_cross_entropy,
    "soft_margin": soft_margin,
    "squares": squares,
    "squares_of_softmax": squares_of_softmax,
    "divergence": divergence,
    "spelling": spelling,
    "poisson": poisson,
    "shifted": shifted,
}


def right_results(
    given: Mapping[str, object], loss: str, options: Mapping[str, object], between: str = "{p}"
) -> dict[str, torch.Tensor]:
    """The loss on raw scores and its gradients, from the inputs and weights that a program gave, in the names it gives them.

    `between` is the text of what stands between scores and loss. Where a program also computed the loss for inputs that are `STEEPER` times as large, that one too.
    """
    names = sorted(name for name in given if name.startswith("weights "))
    weights = [given[name].detach().clone().to(torch.float64).requires_grad_() for name in names]
    x, labels = given["x"].to(torch.float64), given.get("y", torch.empty(0))
    known = {"torch": torch, "F": torch.nn.functional, "x": x, "y": labels, "p": scores_of(x, weights)}
    found = REFERENCES[loss](eval(between.format(p="p"), known), labels, options)
    right = {"loss": found.detach()}
    for name, gradient in zip(names, torch.autograd.grad(found, weights), strict=True):
        right[f"gradient {name.split()[1]}"] = gradient
    if "steep" in given:
        right["steep"] = REFERENCES[loss](scores_of(STEEPER * x, weights), labels, options).detach()
    return right


def faults(
    program: Program, folder: Path, before: Mapping[str, object] | None, level: Applicability, open_: int
) -> list[str]:
    """What a fixed program does that it should not; `before` is what it gave before, None where it ended with an error.

    `open_` says how many findings are left: a loss may stay wrong for their sake.
    """
    try:
        after = run(folder, program.name)
    except Exception as error:  # whatever a fixed program ends with
        return [f"ends with {type(error).__name__}: {error}"]
    found = []
    if before is not None:
        if before.keys() != after.keys():
            return ["reads something else"]
        found += [key for key in before if key.startswith("reader") and not difference(before[key], after[key]) <= SAME]
    if before is not None and (level is Applicability.SAFE or not program.broken):
        right = {key: before[key] for key in before if key == "loss" or key.startswith("gradient")}
    else:
        between = program.carrier if program.pair[0] == "none" else "{p}"
        right = right_results(after, program.loss, program.options, between)
    wrong = [key for key, value in right.items() if not difference(value, after[key]) <= SAME]
    if wrong and open_ and before is not None:
        wrong = [key for key in wrong if not difference(before[key], after[key]) <= SAME]
    return found + wrong


def carrying(texts: Sequence[str], style: str = "") -> list[Program]:
    """Each of these carriers between an activation and losses that it does not suit, or suits."""
    pairs = [("classes", ("softmax", "cross_entropy")), ("classes", ("softmax", "nll_loss"))]
    pairs += [("labels", ("sigmoid", f"binary_cross_entropy{end}")) for end in ("", "_with_logits")]
    plan = [(text, task, pair) for text in texts for task, pair in pairs]
    return [
        made(f"carrier_{number}", TASKS[task], pair, text, [], random.Random(number), style)
        for number, (text, task, pair) in enumerate(plan)
    ]


def reading(texts: Sequence[str], many: Sequence[bool] = (True, False), place: str = "") -> list[Program]:
    """Each of these readers beside each sort of mistake."""
    style = "function" if place else ""
    plan = [(text, "classes", ("softmax", "cross_entropy")) for text in texts if True in many]
    plan += [(text, "labels", ("sigmoid", "binary_cross_entropy_with_logits")) for text in texts if False in many]
    return [
        made(f"reader_{place}{number}", TASKS[task], pair, "{p}", [text], random.Random(number), style, place)
        for number, (text, task, pair) in enumerate(plan)
    ]


def prove(programs: Sequence[Program], folder: Path, level: Applicability) -> tuple[dict[str, list[str]], int]:
    """Fix these programs, as one project each `BATCH`: what is wrong with each that changed, and how many did."""
    found: dict[str, list[str]] = {}
    changed = 0
    for start in range(0, len(programs), BATCH):
        place = folder / str(start)
        place.mkdir()
        batch = programs[start : start + BATCH]
        before = {program.name: _written_and_run(program, place) for program in batch}
        left = [
            Path(finding.span.path).name for finding in fixed(place, level, "LL124", ignore=OF_READERS).outcome.findings
        ]
        for program in batch:
            if any((place / name).read_text(encoding="utf-8") != text for name, text in program.files.items()):
                changed += 1
                remaining = sum(left.count(name) for name in program.files)
                wrong = faults(program, place, before[program.name], level, remaining)
                if wrong:
                    found[f"{place / program.name} {program.carrier} {program.readers}"] = wrong
    return found, changed


def _written_and_run(program: Program, folder: Path) -> dict[str, object] | None:
    """What a program gives; None where it ends with the error that binary cross entropy raises outside of [0, 1]."""
    for name, text in program.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    try:
        return run(folder, program.name)
    except RuntimeError as error:
        if "between 0 and 1" not in str(error):
            raise
        return None
