"""LL404 class-weight-misuse

## What it does
Finds weights that a loss cannot take: a list or a number in the place of a tensor, a number of weights that is not the number of
classes, weights of a type that is not that of the scores, two weights for a single logit, `pos_weight` along the wrong axis of images. A
lone weight given by position to `BCEWithLogitsLoss` is pointed out: its first option is `weight`, which scales the whole loss, not
`pos_weight`.

## Why it is wrong
A loss object keeps its weights as buffers: `TypeError: cannot assign 'list' object to buffer 'weight' (torch Tensor or None required)`.
Cross entropy wants one weight for each class: `RuntimeError: weight tensor should be defined either for all 3 classes or no classes`, and
of the type of the scores: `RuntimeError: expected scalar type Float but found Long`. The binary losses have no classes to count: their
weights are stretched along the last axis, so that `[w0, w1]`, which suits two classes, fits no single logit. On images the last axis is
the width: a `pos_weight` of size C fails there, or is silently laid over the columns where the width is C.

## Example
```python
from torch import nn

def build():
    return nn.CrossEntropyLoss(weight=[1.0, 2.0, 4.0])
```

## Use instead
```python
import torch
from torch import nn

def build():
    return nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 4.0]))
```

## Fix
Safe where a list or a number stands for a tensor: it becomes one, where torch raised before. All else is shown only.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from losslint.domain.kind import ClassIndex
from losslint.domain.lattice import options_of
from losslint.domain.value import Const, DictValue, ListValue, Tensor, TupleValue, Value
from losslint.facts import Argument, LossBuilt, LossCall, LossCase
from losslint.finding import Certainty, Severity
from losslint.knowledge.schema import LossFamily, LossRow, WantsTarget
from losslint.remedy import MakeTensor
from losslint.rules._labels import COUNTING
from losslint.rules._rule import (
    Breach,
    Offence,
    Rule,
    Wording,
    at_loss,
    axis_certainty,
    breach_in_case,
    class_count,
    loss_name,
    loss_trace,
    name_at,
)

BINARY = frozenset({LossFamily.BCE, LossFamily.BCE_WITH_LOGITS, LossFamily.MULTILABEL_SOFT_MARGIN})
TYPED = frozenset({LossFamily.CROSS_ENTROPY, LossFamily.NLL, LossFamily.BCE_WITH_LOGITS})
"""Families whose functions say themselves that an option must be a tensor; others stumble over it later."""


def check(fact: LossBuilt | LossCall) -> Iterator[Offence]:
    """Weights that are no tensors where the loss is made, weights of a wrong size or type where it is called."""
    if isinstance(fact, LossBuilt):
        yield from _built(fact)
        return
    for option in ("weight", "pos_weight"):
        for judge, word in _JUDGES:
            found = breach_in_case(fact, partial(judge, option))
            if found is not None:
                yield _at_weight(fact, found, option, word(fact, found, option))
                break


def _built(fact: LossBuilt) -> Iterator[Offence]:
    for option in fact.row.tensors:
        argument = fact.bound.arguments.get(option)
        if argument is None:
            continue
        name = _python_name(argument.value)
        if name is not None and not _is_taken(fact, name):
            yield _no_tensor(fact, option, argument, name)
        elif option == "weight" and _is_lone(fact, argument):
            yield _lone(argument)


def _python_name(value: Value) -> str | None:
    """What Python calls the type of a value that is no tensor, whichever alternative holds; None where it may be one."""
    names = {_type_of(option.value) for option in options_of(value)}
    return names.pop() if len(names) == 1 else None


def _type_of(value: Value) -> str | None:
    match value:
        case ListValue():
            return "list"
        case TupleValue():
            return "tuple"
        case DictValue():
            return "dict"
        case Const(bool() | int() | float() as number):
            return type(number).__name__
    return None


def _is_taken(fact: LossBuilt, name: str) -> bool:
    """True where a function multiplies by whatever it is given."""
    return fact.functional and fact.row.family is LossFamily.MULTILABEL_SOFT_MARGIN and name in ("float", "int", "bool")


def _no_tensor(fact: LossBuilt, option: str, argument: Argument, name: str) -> Offence:
    many = name in ("list", "tuple", "dict")
    wraps = name != "dict" and name != "bool" and (many or fact.row.family in BINARY)
    raised = "the call raises"
    if not fact.functional:
        raised = f"raises TypeError: cannot assign '{name}' object to buffer '{option}' (torch Tensor or None required)"
    elif fact.row.family in TYPED:
        raised = f"raises TypeError: argument '{option}' must be Tensor, not {name}"
    return Offence(
        site=argument.site,
        certainty=Certainty.CERTAIN,
        message=f"{'an' if name == 'int' else 'a'} {name} is given as {option} of {loss_name(fact.row, fact.functional)}, which takes a tensor",
        label=raised,
        help=f"make it a tensor, torch.tensor({'[...], dtype=torch.float' if many else '...'}), on the device of the scores",
        remedies=(MakeTensor(argument.site, many),) if wraps else (),
    )


def _is_lone(fact: LossBuilt, argument: Argument) -> bool:
    value = argument.value
    if fact.row.family is not LossFamily.BCE_WITH_LOGITS or fact.functional or argument.keyword is not None:
        return False
    return isinstance(value, Tensor) and value.shape.count == 1


def _lone(argument: Argument) -> Offence:
    return Offence(
        site=argument.site,
        certainty=Certainty.LIKELY,
        message="the first option of BCEWithLogitsLoss is weight, which scales the whole loss, not pos_weight",
        label="this is weight",
        help="name the option: pos_weight=... weighs the positive class, weight=... everything",
        severity=Severity.ADVICE,
    )


def _weights(case: LossCase, option: str) -> Tensor | None:
    value = case.options.value(option)
    return value if isinstance(value, Tensor) and option in (case.row.tensors if case.row else ()) else None


def _size(weights: Tensor) -> int | None:
    """The number of weights along their only axis; None where that is not known."""
    return weights.shape.at(0) if weights.shape.rank == 1 else None


def _miscounted(option: str, row: LossRow, given: Tensor, case: LossCase) -> bool:
    """One weight for each class, or none: another number raises."""
    weights, classes = _weights(case, option), class_count(row, given)
    if weights is None or row.family not in COUNTING or classes is None or classes < 2:
        return False
    size = 0 if weights.shape.rank == 0 else _size(weights)
    return size is not None and size != classes


def _misfitting(option: str, row: LossRow, given: Tensor, case: LossCase) -> bool:
    """Weights of a binary loss are stretched along the last axis of the scores."""
    weights, last = _weights(case, option), given.shape.at(-1)
    size = None if weights is None else _size(weights)
    if row.family not in BINARY or size is None or size < 2:
        return False
    if last is None:  # a batch of single scores, or images
        single = given.shape.rank == 1 and size == 2 and not case.functional
        return single or _over_columns(given, size)
    return last != size and not (last == 1 and row.family is LossFamily.MULTILABEL_SOFT_MARGIN)


def _over_columns(given: Tensor, size: int) -> bool:
    """True for images with as many channels as there are weights, which lie along another axis."""
    rank = given.shape.rank
    return rank is not None and rank > 2 and given.shape.at(1) == size and given.shape.at(-1) != size


def _mistyped(option: str, row: LossRow, given: Tensor, case: LossCase) -> bool:
    """Weights of another type than the scores raise where labels are class indices."""
    weights = _weights(case, option)
    if weights is None or weights.dtype is None or row.family not in COUNTING:
        return False
    target = case.target
    labels = isinstance(target, Tensor) and (isinstance(target.kind, ClassIndex) or target.dtype == "int64")
    if not labels and row.wants_target is not WantsTarget.INDEX:
        return False
    whole = "int" in weights.dtype or weights.dtype == "bool"
    return whole or (weights.dtype == "float64" and given.dtype == "float32")


def _count_wording(fact: LossCall, found: Breach, option: str) -> Wording:
    weights, classes = _weights(found.case, option), class_count(found.row, found.input)
    size = 1 if weights is None or weights.shape.rank == 0 else _size(weights)
    return Wording(
        message=f"{size} class weight{'s' * (size != 1)} for {classes} classes reach {name_at(fact, found.row)}",
        label=f"raises RuntimeError: weight tensor should be defined either for all {classes} classes or no classes",
        help="give one weight for each class, in the order of the classes",
    )


def _fit_wording(fact: LossCall, found: Breach, option: str) -> Wording:
    weights = _weights(found.case, option)
    size = None if weights is None else _size(weights)
    name, last = name_at(fact, found.row), found.input.shape.at(-1)
    if size is not None and _over_columns(found.input, size):
        return Wording(
            message=f"{size} values of {option} reach {name} on images: they are laid along the width, not the channels",
            label=f"raises RuntimeError: the sizes do not match, unless the width is {size}",
            help=f"give {option} the shape [{size}, 1, 1]",
        )
    single = last in (None, 1) or found.input.shape.rank == 1
    for_each = "one score" if single else f"{last} scores"
    positive = "positive class: pos_weight=torch.tensor([w1 / w0])"
    return Wording(
        message=f"{size} values of {option} reach {name}, which gets {for_each} for each sample",
        label="raises RuntimeError: the sizes do not match",
        help=f"weigh the {positive}"
        if single and size == 2 and found.row.family is LossFamily.BCE_WITH_LOGITS
        else "give one value for each score, or one for all",
    )


def _type_wording(fact: LossCall, found: Breach, option: str) -> Wording:
    weights = _weights(found.case, option)
    dtype = "integers" if weights is None or weights.dtype != "float64" else "float64"
    found_type = {"float64": "Double", "int64": "Long"}.get(
        (weights.dtype if weights else None) or "", "an integer type"
    )
    return Wording(
        message=f"class weights of type {dtype} reach {name_at(fact, found.row)}, which wants the type of the scores",
        label=f"raises RuntimeError: expected scalar type Float but found {found_type}",
        help="make the weights of type float: torch.tensor(..., dtype=torch.float), or .float() behind them",
    )


Judge = Callable[[str, LossRow, Tensor, LossCase], bool]
_JUDGES: tuple[tuple[Judge, Callable[[LossCall, Breach, str], Wording]], ...] = (
    (_miscounted, _count_wording),
    (_misfitting, _fit_wording),
    (_mistyped, _type_wording),
)


def _at_weight(fact: LossCall, found: Breach, option: str, wording: Wording) -> Offence:
    """The offence of a loss call with the way of its weights as the trace."""
    weights, unsure = _weights(found.case, option), found.input.shape.at(-1) is None
    certainty = axis_certainty(found) if found.row.family in COUNTING else found.certainty
    certainty = min(certainty, Certainty.LIKELY) if unsure and found.row.family in BINARY else certainty
    offence = at_loss(fact, replace(found, certainty=certainty), RULE.severity, wording)
    return offence if weights is None else replace(offence, trace=loss_trace(fact, found.case, weights))


RULE = Rule(
    code="LL404",
    name="class-weight-misuse",
    summary="weights of a loss that are no tensor, or of a wrong number or type",
    severity=Severity.ERROR,
    on=LossBuilt | LossCall,
    check=check,
)
