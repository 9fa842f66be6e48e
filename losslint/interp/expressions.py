"""Expressions: one evaluator for each class of the syntax tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from losslint.domain.lattice import choice, element_of, is_light
from losslint.domain.value import (
    ALWAYS,
    NONE,
    Choice,
    Const,
    Constant,
    Entries,
    FunctionValue,
    Guard,
    Library,
    LibraryMethod,
    Option,
    Repeated,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument
from losslint.interp.branches import alternatives, each, having, truth
from losslint.interp.comparisons import eval_comparison
from losslint.interp.comprehensions import eval_dict_comp, eval_generator, eval_list_comp, eval_set_comp
from losslint.interp.frame import LEAVES, Frame, unknown
from losslint.interp.importing import may_be_bound
from losslint.interp.iteration import contents, iterate, new_dict, new_list
from losslint.interp.literals import read_literal
from losslint.interp.operators import BINARY_SYMBOLS, binary, negate, unary
from losslint.interp.subscripts import subscript
from losslint.interp.uses import PRODUCTS, note_product
from losslint.names.definitions import FunctionDefinition, parameters_of

MAX_TEXT = 10_000


def evaluate(node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression, without the alternatives that this path excludes."""
    handler = EVALUATORS.get(type(node))
    if handler is None:
        return Unknown(f"{type(node).__name__} is not followed")
    return frame.store.narrowed(handler(node, frame))


def eval_name(node: cst.Name, frame: Frame) -> Value:
    """A variable, or a builtin."""
    name = node.value
    value = frame.lookup(name)
    if value is not None:
        return value
    constant = _NAMED_CONSTANTS.get(name)
    if constant is not None:
        return constant
    found = frame.run.machine.builtin(name)
    if found is None and frame.definition is not None and not may_be_bound(name, frame):
        return Unknown(f"{name} is not bound anywhere", LEAVES)
    return found or unknown(f"{name} is not bound here", "name", frame.unit.key, name)


_NAMED_CONSTANTS: Mapping[str, Const] = {"None": NONE, "True": Const(True), "False": Const(False)}


def eval_literal(node: cst.Integer | cst.Float | cst.Imaginary | cst.SimpleString, frame: Frame) -> Value:
    """A number or a string."""
    if len(node.value) > MAX_TEXT:
        return Unknown("a literal too long to read")
    return read_literal(node.value)


def eval_ellipsis(node: cst.Ellipsis, frame: Frame) -> Value:
    """`...`"""
    return Const(...)


def eval_formatted(node: cst.FormattedString, frame: Frame) -> Value:
    """An f-string: a constant where all of its parts are."""
    texts: list[str] = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            texts.append(part.value)
        elif isinstance(part, cst.FormattedStringExpression):
            value = frame.evaluate(part.expression)
            if not isinstance(value, Const) or part.format_spec is not None:
                return Unknown("text made at run time")
            texts.append(str(value.value))
    return Const("".join(texts))


def eval_templated(node: cst.TemplatedString, frame: Frame) -> Value:
    """A template string."""
    return Unknown("text made at run time")


def eval_concatenated(node: cst.ConcatenatedString, frame: Frame) -> Value:
    """Adjacent strings."""
    left, right = frame.evaluate(node.left), frame.evaluate(node.right)
    texts = [part.value for part in (left, right) if isinstance(part, Const) and isinstance(part.value, str)]
    if len(texts) == 2:
        return Const("".join(texts))
    return Unknown("text made at run time")


def eval_tuple(node: cst.Tuple, frame: Frame) -> Value:
    """A tuple."""
    held = sequence_of(node.elements, frame)
    return held if is_light(held) else Unknown("a tuple too large to follow")


def eval_list(node: cst.List, frame: Frame) -> Value:
    """A list."""
    return new_list(sequence_of(node.elements, frame), frame)


def eval_set(node: cst.Set, frame: Frame) -> Value:
    """A set, of which only the elements matter."""
    held = sequence_of(node.elements, frame)
    return (
        held
        if isinstance(held, Repeated)
        else Repeated(element_of((held,)))
        if held.items
        else Repeated(Unknown("empty"))
    )


def sequence_of(elements: Sequence[cst.BaseElement], frame: Frame) -> TupleValue | Repeated:
    """The elements of a display, starred ones spread out."""
    items: list[Value] = []
    spread: Value | None = None
    for element in elements:
        value = frame.evaluate(element.value)
        if not isinstance(element, cst.StarredElement):
            items.append(value)
            continue
        inner = iterate(value, frame)
        if isinstance(inner, TupleValue):
            items += inner.items
        else:
            before = element_of((TupleValue(tuple(items)), inner)) if items else element_of((inner,))
            spread = before if spread is None else choice((Option(ALWAYS, spread), Option(ALWAYS, before)))
            items = []
    return TupleValue(tuple(items)) if spread is None else Repeated(spread, tuple(items))


def eval_dict(node: cst.Dict, frame: Frame) -> Value:
    """A dict: constant keys are told apart, others share one value."""
    known: dict[Constant, Value] = {}
    rest: Value | None = None
    for element in node.elements:
        if isinstance(element, cst.StarredDictElement):
            inner = contents(frame.evaluate(element.value), frame)
            if isinstance(inner, Entries):
                known.update(inner.known)
                rest = inner.rest if rest is None else rest
            else:
                rest = Unknown("keys made at run time")
            continue
        assert isinstance(element, cst.DictElement)
        key, value = frame.evaluate(element.key), frame.evaluate(element.value)
        if isinstance(key, Const):
            known[key.value] = value
        else:
            rest = value if rest is None else choice((Option(ALWAYS, rest), Option(ALWAYS, value)))
    return new_dict(Entries(tuple(known.items()), rest), frame)


def eval_attribute(node: cst.Attribute, frame: Frame) -> Value:
    """`value.name`"""
    value = having(frame.evaluate(node.value), node.attr.value)
    if isinstance(value, Choice) and _is_method_of_tensors(value, node.attr.value, frame):
        return LibraryMethod(value, node.attr.value)  # called once, so that one fact holds all alternatives
    site = frame.site(node)
    return each(frame, value, lambda one: frame.run.machine.attribute(one, node.attr.value, site, frame))


def _is_method_of_tensors(value: Choice, name: str, frame: Frame) -> bool:
    """True where every alternative is a tensor or unknown, some are tensors, and tensors have such a method."""
    row = frame.run.knowledge.method(name)
    if row is None or row.attribute:
        return False
    kinds = [type(option.value) for option in value.options]
    return Tensor in kinds and all(kind in (Tensor, Unknown) for kind in kinds)


def eval_subscript(node: cst.Subscript, frame: Frame) -> Value:
    """`value[index]`"""
    return subscript(node, frame.evaluate(node.value), frame)


def eval_call(node: cst.Call, frame: Frame) -> Value:
    """A call."""
    callee = frame.evaluate(node.func)
    arguments = tuple(
        Argument(
            frame.evaluate(arg.value),
            frame.site(arg.value),
            arg.keyword.value if arg.keyword is not None else None,
            arg.star,
        )
        for arg in node.args
    )
    result = frame.run.machine.call(callee, arguments, frame.site(node), frame)
    if (
        isinstance(node.func, cst.Attribute)
        and not isinstance(callee, Library)
        and frame.run.knowledge.in_place(node.func.attr.value)
    ):
        _change_in_place(node.func.value, result, frame)
    elif isinstance(callee, Library) and node.args and frame.run.knowledge.in_place(callee.name.rpartition(".")[2]):
        _change_in_place(node.args[0].value, result, frame)
    return result


def _change_in_place(target: cst.BaseExpression, result: Value, frame: Frame) -> None:
    """A method that changes its tensor: the name it was called on holds the result from now on."""
    if isinstance(target, cst.Name | cst.Attribute) and isinstance(frame.evaluate(target), Tensor | Choice):
        frame.run.machine.assign(target, result, frame)


def eval_lambda(node: cst.Lambda, frame: Frame) -> Value:
    """A lambda; its defaults are evaluated now."""
    definition = FunctionDefinition("<lambda>", node, frame.unit, parameters_of(node.params))
    return make_function(definition, frame)


def make_function(definition: FunctionDefinition, frame: Frame) -> FunctionValue:
    """A function value in this frame, with its default values stored beside it."""
    scope = frame.scope
    if frame.class_body:
        scope = frame.run.scope_parents.get(frame.scope) or frame.scope
    for parameter in definition.parameters:
        if parameter.default is not None:
            frame.store.write((definition, parameter.name), frame.evaluate(parameter.default))
    return FunctionValue(definition, scope, frame.owner if frame.class_body else None)


def eval_binary(node: cst.BinaryOperation, frame: Frame) -> Value:
    """A chain of binary operators, walked in a loop because it may be long."""
    chain: list[cst.BinaryOperation] = []
    current: cst.BaseExpression = node
    while isinstance(current, cst.BinaryOperation):
        chain.append(current)
        current = current.left
    value = frame.evaluate(current)
    for operation in reversed(chain):
        symbol = BINARY_SYMBOLS.get(type(operation.operator), "?")
        right = frame.evaluate(operation.right)
        if symbol in PRODUCTS:
            note_product(value, right, frame)
        value = binary(symbol, value, right, frame.site(operation), frame)
    return value


def eval_unary(node: cst.UnaryOperation, frame: Frame) -> Value:
    """`-x`, `not x` and their like."""
    if isinstance(node.operator, cst.Minus):
        frame.run.negated.add(node.expression)
    value = frame.evaluate(node.expression)
    if isinstance(node.operator, cst.Not):
        return negate(value, frame)
    return unary(node.operator, value, frame.site(node), frame)


def eval_boolean(node: cst.BooleanOperation, frame: Frame) -> Value:
    """`a and b`, `a or b`; the second is evaluated under what the first takes for granted."""
    left = frame.evaluate(node.left)
    verdict = truth(left, frame, node)
    is_and = isinstance(node.operator, cst.And)
    if verdict.decided is not None:
        return frame.evaluate(node.right) if verdict.decided == is_and else left
    go_on, stop = (verdict.yes, verdict.no) if is_and else (verdict.no, verdict.yes)
    if isinstance(left, Unknown) or _is_truth_only(left):
        right = alternatives(frame, [(go_on, lambda: frame.evaluate(node.right))])
        return _combined(left, right, is_and, go_on, stop, frame, node.right)
    return alternatives(frame, [(go_on, lambda: frame.evaluate(node.right)), (stop, lambda: left)])


def _is_truth_only(value: Value) -> bool:
    return isinstance(value, Choice) and all(
        isinstance(option.value, Unknown) or (isinstance(option.value, Const) and isinstance(option.value.value, bool))
        for option in value.options
    )


def _combined(left: Value, right: Value, is_and: bool, go_on: Guard, stop: Guard, frame: Frame, at: object) -> Value:
    """`left and right` of an unknown left: a constant right decides it alone, two tests make a compound test."""
    second = truth(right, frame, at)
    if second.decided is (not is_and):
        return Const(not is_and) if isinstance(right, Const) else right
    if second.decided is is_and and isinstance(right, Const):
        return left
    if isinstance(right, Unknown) or _is_truth_only(right):
        onward = second.yes if is_and else second.no
        parts = [test if side is is_and else ("not", test) for test, side in (*go_on, *onward)]
        return Unknown("a test of unknown values", ("and" if is_and else "or", *parts))
    return choice((Option(go_on, right), Option(stop, left)))


def eval_conditional(node: cst.IfExp, frame: Frame) -> Value:
    """`a if test else b`"""
    verdict = truth(frame.evaluate(node.test), frame, node)
    if verdict.decided is not None:
        return frame.evaluate(node.body if verdict.decided else node.orelse)
    return alternatives(
        frame,
        [(verdict.yes, lambda: frame.evaluate(node.body)), (verdict.no, lambda: frame.evaluate(node.orelse))],
    )


def eval_walrus(node: cst.NamedExpr, frame: Frame) -> Value:
    """`name := value`"""
    value = frame.evaluate(node.value)
    frame.run.machine.assign(node.target, value, frame)
    return value


def eval_await(node: cst.Await, frame: Frame) -> Value:
    """`await x`: the value that the coroutine gives, which a call already stands for."""
    return frame.evaluate(node.expression)


def eval_yield(node: cst.Yield, frame: Frame) -> Value:
    """`yield x`: noted for the iterator that the function gives."""
    if isinstance(node.value, cst.From):
        inner = iterate(frame.evaluate(node.value.item), frame)
        frame.yields.append(element_of((inner,)))
    else:
        value = NONE if node.value is None else frame.evaluate(node.value)
        if node.value is not None:
            frame.yields.append(value)
        if frame.at_yield is not None:
            frame.at_yield(value, frame)
    return Unknown("sent into a generator")


EVALUATORS: Mapping[type[cst.CSTNode], Callable[..., Value]] = {
    cst.Name: eval_name,
    cst.Integer: eval_literal,
    cst.Float: eval_literal,
    cst.Imaginary: eval_literal,
    cst.SimpleString: eval_literal,
    cst.Ellipsis: eval_ellipsis,
    cst.FormattedString: eval_formatted,
    cst.TemplatedString: eval_templated,
    cst.ConcatenatedString: eval_concatenated,
    cst.Tuple: eval_tuple,
    cst.List: eval_list,
    cst.Set: eval_set,
    cst.Dict: eval_dict,
    cst.Attribute: eval_attribute,
    cst.Subscript: eval_subscript,
    cst.Call: eval_call,
    cst.Lambda: eval_lambda,
    cst.BinaryOperation: eval_binary,
    cst.UnaryOperation: eval_unary,
    cst.Comparison: eval_comparison,
    cst.BooleanOperation: eval_boolean,
    cst.IfExp: eval_conditional,
    cst.NamedExpr: eval_walrus,
    cst.Await: eval_await,
    cst.Yield: eval_yield,
    cst.GeneratorExp: eval_generator,
    cst.ListComp: eval_list_comp,
    cst.SetComp: eval_set_comp,
    cst.DictComp: eval_dict_comp,
}
