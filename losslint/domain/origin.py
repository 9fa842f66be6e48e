"""Origins: the chain of steps that made a value. They are for the trace only and never take part in equality."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A place in a program: a syntax node of a module. Both are opaque here."""

    node: object
    module: object


COUNTED = "numbers"
"""Said in `by` of a step that made single Python numbers, not a tensor."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What surely keeps gradients from numbers: `how`, in words, and where. With `flat` gradients come through, but all are 0."""

    how: str
    at: Site = field(compare=False)
    flat: bool = False
    sure: bool = True
    """False where other numbers joined in of which it is only likely that they take no gradients either."""


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """One step: what happened at `site`, and the step before it."""

    site: Site
    label: str
    previous: Origin | None = None
    makes: bool = False
    """True where this step gave the value its kind (the source), False where it only carried it on."""
    mixes: bool = False
    """True where no single function of scores made these numbers: this step put several numbers into each (a mean), or is one
    of the steps in which an activation is written out."""

    flips: bool = False
    """True where this step turned the numbers round: one minus a probability, minus a score."""

    scaled: bool = False
    """True where the numbers were worked on with others since this step, which leaves their kind as it is."""
    by: str = ""
    """The function of one argument that made the numbers, or the kind of step where later steps must know it."""
    given: object = None
    """The very value that such a step was applied to."""
    axis: int | None = None
    """The axis over which this step summed."""
    built: Site | None = None
    """Where the layer that took this step was made; None for functions."""
    outputs: int | None = None
    """How many numbers a layer gives for each place, where its step says so."""

    def steps(self, limit: int = 40) -> Iterator[Origin]:
        """The chain, newest first."""
        step: Origin | None = self
        while step is not None and limit > 0:
            yield step
            step, limit = step.previous, limit - 1

    def source(self) -> Origin:
        """The newest step that made the kind, or the oldest step known."""
        last = self
        for last in self.steps(400):
            if last.makes:
                return last
        return last
