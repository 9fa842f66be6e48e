"""LL405 misused-ignore-index

## What it does
Finds an `ignore_index` that a loss cannot take, or that takes away what should be learnt: one that is given beside class
probabilities, that is no integer, that is given to a loss without this option, that leaves a single class out of two, or that hides the
last of C classes whose labels are counted from 1.

## Why it is wrong
Class probabilities have no index to ignore: `RuntimeError: ignore_index is not supported for floating point target`. `None` and 255.0 raise
`TypeError: argument 'ignore_index' (position 5) must be int` at the first call, not where the loss is built; "nothing" is spelled -100,
the default. Of two classes the one that is left is all that the model is ever asked for: to answer with it always makes the loss 0.
With labels from 1 to C, `ignore_index=C` keeps the loss from raising, but class C is never learnt and class 0 never occurs.

## Example
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x):
    head = nn.Linear(20, 2)
    y = torch.randint(0, 2, (8,))
    return F.cross_entropy(head(x), y, ignore_index=0)
```

## Use instead
```python
import torch
import torch.nn.functional as F
from torch import nn

def step(x):
    head = nn.Linear(20, 2)
    y = torch.randint(0, 2, (8,))
    return F.cross_entropy(head(x), y, ignore_index=255)
```

## Fix
Shown only: which label marks what is to be left out is known where the labels are made.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from losslint.domain.kind import OneHot, Probs
from losslint.domain.value import Const, ListValue, Tensor, TupleValue
from losslint.facts import LossBuilt, LossCall, LossCase
from losslint.finding import Certainty, Severity
from losslint.knowledge.losses import LOSSES
from losslint.knowledge.schema import LossRow
from losslint.knowledge.signature import parameters
from losslint.rules._labels import at_labels, labels_of
from losslint.rules._rule import (
    Breach,
    Offence,
    Rule,
    Wording,
    at_loss,
    breach_in_case,
    class_count,
    loss_name,
    name_at,
)

OPTION = "ignore_index"
NOTHING = -100
"""The label that is ignored where no other is named: no class has it."""


def check(fact: LossBuilt | LossCall) -> Iterator[Offence]:
    """An option that the loss does not have, and at its calls a label that cannot, or should not, be ignored."""
    if isinstance(fact, LossBuilt):
        yield from _without_such_option(fact)
        return
    for judge, severity, word in _JUDGES:
        found = breach_in_case(fact, judge)
        if found is not None:
            at = at_loss if judge is _is_no_integer else at_labels
            yield at(fact, found, severity, word(fact, found))
            return


def _without_such_option(fact: LossBuilt) -> Iterator[Offence]:
    if not _is_known_whole(fact.row):
        return
    for argument in fact.bound.surplus:
        if argument.keyword == OPTION:
            yield Offence(
                site=argument.site,
                certainty=Certainty.CERTAIN,
                message=f"{OPTION} is given to {loss_name(fact.row, fact.functional)}, which has no such option",
                label=f"raises TypeError: unexpected keyword argument '{OPTION}'",
                help="leave the elements out by a mask: loss[mask].mean() with reduction='none'",
                severity=Severity.ERROR,
            )


def _ignored(case: LossCase) -> int | None:
    """The label that the program has the loss ignore, where it is known."""
    given = case.options.value(OPTION)
    if not isinstance(given, Const) or not isinstance(given.value, int) or isinstance(given.value, bool):
        return None
    return given.value


def _is_known_whole(row: LossRow) -> bool:
    """True for losses of torch itself: of other libraries not every option is known."""
    return any(row is one for one in LOSSES)


def _takes_it(row: LossRow) -> bool:
    stated = (*parameters(row.constructor), *parameters(row.function))
    return any(one.name == OPTION and one.default == NOTHING for one in stated) and _is_known_whole(row)


def _is_no_integer(row: LossRow, given: Tensor, case: LossCase) -> bool:
    value = case.options.value(OPTION)
    if not _takes_it(row):
        return False
    if isinstance(value, Const):
        return not isinstance(value.value, int) or isinstance(value.value, bool)
    return isinstance(value, ListValue | TupleValue)


def _has_no_index(row: LossRow, given: Tensor, case: LossCase) -> bool:
    """Class probabilities with a label to ignore, of which torch sees those that are not negative."""
    target, ignored = case.target, _ignored(case)
    if ignored is None or ignored < 0 or not _takes_it(row) or not isinstance(target, Tensor):
        return False
    hard = isinstance(target.kind, OneHot) and (target.dtype or "").startswith("float")
    return isinstance(target.kind, Probs) or hard


def _leaves_one(row: LossRow, given: Tensor, case: LossCase) -> bool:
    return _takes_it(row) and class_count(row, given) == 2 and _ignored(case) in (0, 1)


def _hides_the_last(row: LossRow, given: Tensor, case: LossCase) -> bool:
    labels = labels_of(row, given, case) if _takes_it(row) else None
    return labels is not None and labels.low == 1 and labels.high == labels.classes == labels.ignored


def _integer_wording(fact: LossCall, found: Breach) -> Wording:
    value = found.case.options.value(OPTION)
    given = repr(value.value) if isinstance(value, Const) else "a list"
    return Wording(
        message=f"{OPTION} of {name_at(fact, found.row)} is {given}, which is no integer",
        label=f"raises TypeError: argument '{OPTION}' (position 5) must be int",
        help=f"leave the option out, or give one label; {NOTHING}, the default, ignores none",
    )


def _probabilities_wording(fact: LossCall, found: Breach) -> Wording:
    return Wording(
        message=f"class probabilities reach {name_at(fact, found.row)} with {OPTION}={_ignored(found.case)}, which needs class indices",
        label=f"raises RuntimeError: {OPTION} is not supported for floating point target",
        help="give class indices as labels, or leave the elements out by a mask",
    )


def _one_wording(fact: LossCall, found: Breach) -> Wording:
    ignored = _ignored(found.case)
    return Wording(
        message=f"{OPTION}={ignored} leaves {name_at(fact, found.row)} one class of two: its answer is always {1 - (ignored or 0)}",
        label="a model that always gives the other class makes this loss 0",
        help="ignore a label that stands for no class, such as 255, and mark by it what is to be left out",
    )


def _last_wording(fact: LossCall, found: Breach) -> Wording:
    last = _ignored(found.case)
    return Wording(
        message=f"labels from 1 to {last} reach {name_at(fact, found.row)}, which ignores the label {last}",
        label="the last class is never learnt, and class 0 never occurs",
        help="subtract 1 where the labels are made, and ignore a label that stands for no class",
    )


Judge = Callable[[LossRow, Tensor, LossCase], bool]
_JUDGES: tuple[tuple[Judge, Severity, Callable[[LossCall, Breach], Wording]], ...] = (
    (_is_no_integer, Severity.ERROR, _integer_wording),
    (_has_no_index, Severity.ERROR, _probabilities_wording),
    (_leaves_one, Severity.WARNING, _one_wording),
    (_hides_the_last, Severity.WARNING, _last_wording),
)


RULE = Rule(
    code="LL405",
    name="misused-ignore-index",
    summary="a label to ignore that the loss cannot take, or that leaves one class of two",
    severity=Severity.WARNING,
    on=LossBuilt | LossCall,
    check=check,
)
