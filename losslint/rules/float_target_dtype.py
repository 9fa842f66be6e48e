"""LL204 float-target-dtype

## What it does
Finds targets of whole numbers or truths at a binary cross entropy or a KL divergence, which take floating numbers, and for BCELoss
targets of another floating type than its input.

## Why it is wrong
BCELoss raises `RuntimeError: Found dtype Long but expected Float`, BCEWithLogitsLoss
`RuntimeError: result type Float can't be cast to the desired output type Long`, and on truths
a complaint about subtraction with two bool tensors, KLDivLoss
`RuntimeError: kl_div: Integral inputs not supported.` Such targets come from `torch.full(size, 1)`, `one_hot`, `randint` and
comparisons.

## Example
```python
import torch
import torch.nn.functional as F

def step(scores):
    real = torch.ones(8, 1, dtype=torch.long)
    return F.binary_cross_entropy(torch.sigmoid(scores), real)
```

## Use instead
```python
import torch
import torch.nn.functional as F

def step(scores):
    real = torch.ones(8, 1)
    return F.binary_cross_entropy(torch.sigmoid(scores), real)
```

## Fix
Safe: `.float()` is added to the target where it is given to the loss, which raised before. Refused where targets of other types
or shapes come to the same call.

## References
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
- https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
"""

from __future__ import annotations

from collections.abc import Iterator

from losslint.facts import LossCall
from losslint.finding import Severity
from losslint.knowledge.schema import Checks
from losslint.knowledge.types import SPOKEN
from losslint.rules._rule import Offence, Rule, Wording, name_at
from losslint.rules._targets import BY_SIZE, Fault, Mismatch, at_target, breach_by_fault, write_target

_METHODS = {"float64": "double", "float16": "half", "bfloat16": "bfloat16"}


def _expected(found: Mismatch) -> str:
    """The type of the loss's input, the default where it is not known."""
    known = found.input.dtype if found.input is not None else None
    return known if known in SPOKEN and known is not None else "float"


def _raised(found: Mismatch, dtype: str) -> str:
    got, expected = SPOKEN.get(dtype, dtype), SPOKEN[_expected(found)]
    if found.row.checks is Checks.FLOATING:
        return "kl_div: Integral inputs not supported"
    if found.row.checks is Checks.SAME:
        return f"Found dtype {got} but expected {expected}"
    if dtype == "bool":
        return "Subtraction, the `-` operator, with two bool tensors is not supported"
    return f"result type {expected} can't be cast to the desired output type {got}"


def check(fact: LossCall) -> Iterator[Offence]:
    """Targets that are no floating numbers, or not those of the input."""
    found = breach_by_fault(fact, Fault.TYPE, BY_SIZE | {Checks.FLOATING})
    if found is None or found.target.dtype is None:
        return
    method = _METHODS.get(_expected(found), "float")
    exact = "floating numbers" if method == "float" and found.target.dtype != "float64" else f"{_expected(found)}"
    wording = Wording(
        message=f"targets of type {found.target.dtype} reach {name_at(fact, found.row)}, which takes {exact}",
        label=f"this raises RuntimeError: {_raised(found, found.target.dtype)}",
        help=f"make the targets floating numbers, as .{method}() does",
        remedies=write_target(fact, found, f"{{}}.{method}()"),
    )
    yield at_target(fact, found, RULE.severity, wording)


RULE = Rule(
    code="LL204",
    name="float-target-dtype",
    summary="targets of a binary cross entropy or a KL divergence are not floating numbers",
    severity=Severity.ERROR,
    on=LossCall,
    check=check,
)
