"""The parts of the interpreter, as they call one another: each would import the others in a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import libcst as cst

from losslint.domain.origin import Site
from losslint.domain.value import (
    ClassValue,
    Deferred,
    FunctionValue,
    Instance,
    LibraryObject,
    Repeated,
    Tensor,
    TupleValue,
    Value,
)
from losslint.facts import Argument
from losslint.names.project import Unit

if TYPE_CHECKING:
    from losslint.interp.frame import Frame


class Machine(Protocol):
    """The parts of the interpreter, as they call one another."""

    def evaluate(self, node: cst.BaseExpression, frame: Frame) -> Value:
        """The value of an expression."""

    def execute(self, body: cst.BaseSuite | cst.Module, frame: Frame) -> bool:
        """Run statements; True where control falls out of their end."""

    def call(self, callee: Value, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
        """Call a value."""

    def lose(self, value: Value, why: str, site: Site, frame: Frame) -> None:
        """Take note that a value goes where nobody follows it: what reads it there is not seen."""

    def attribute(self, value: Value, name: str, site: Site, frame: Frame) -> Value:
        """Read an attribute."""

    def assign(self, target: cst.BaseExpression, value: Value, frame: Frame) -> None:
        """Bind a target of an assignment."""

    def builtin(self, name: str) -> Value | None:
        """A builtin function or class of Python."""

    def base_method(self, instance: Instance, name: str, frame: Frame) -> Value | None:
        """A method that a library base class gives to an object."""

    def network_attribute(self, value: LibraryObject, name: str, frame: Frame) -> Value | None:
        """An attribute of a ready-made model that the program has not set; None where it is a method."""

    def tensor_attribute(self, tensor: Tensor, name: str, site: Site, frame: Frame) -> Value:
        """An attribute of a tensor."""

    def is_tensor_method(self, name: str, frame: Frame) -> bool:
        """True where a method's name alone tells that its receiver is a tensor."""

    def is_sequential(self, owner: Value, frame: Frame) -> bool:
        """True for an object whose layers run one after the other."""

    def fill(self, owner: LibraryObject | Instance, arguments: tuple[Argument, ...], frame: Frame) -> None:
        """Put the layers that a constructor was given into a container."""

    def fold_layers(
        self, owner: LibraryObject | Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame
    ) -> Value:
        """Run the layers of a container one after the other."""

    def call_library(self, name: str, arguments: tuple[Argument, ...], site: Site, frame: Frame) -> Value:
        """Call something of a library by its dotted name."""

    def call_as_library(
        self, instance: Instance, arguments: tuple[Argument, ...], site: Site, frame: Frame
    ) -> Value | None:
        """Call an object whose class leaves calling to a library class."""

    def unknown_arguments(
        self, function: FunctionValue, frame: Frame, skip_first: bool = False
    ) -> tuple[Argument, ...]:
        """Arguments for a function that nobody calls."""

    def generic(self, class_: ClassValue, frame: Frame) -> Value:
        """An object of a class built with unknown arguments."""

    def elements(self, value: Value, frame: Frame) -> TupleValue | Repeated | None:
        """What going through a dataset, a loader or an object of the program gives; None for other values."""

    def sample_of(self, dataset: Value, index: Value, frame: Frame) -> Value:
        """`dataset[index]`"""

    def row_of(self, tensor: Value) -> Value:
        """What going through a tensor's first axis gives."""

    def method_kind(self, decorator: Value) -> str:
        """What a decorator makes of a method: static, class, property, or nothing of the kind."""

    def decorate(self, decorator: Value, value: Value, site: Site, frame: Frame) -> Value:
        """A function after a decorator."""

    def force(self, value: Deferred, frame: Frame) -> Value:
        """What an imported name stands for."""

    def from_stars(self, scope: int, name: str, frame: Frame) -> Value | None:
        """A name that a star import brought into a module."""

    def load(self, unit: Unit, frame: Frame) -> int:
        """Run a module once; the identity of its scope."""
