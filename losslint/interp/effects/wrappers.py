"""Effects that hand something through, call something, or make a framework call a loss."""

from __future__ import annotations

from losslint.domain.dim import UNKNOWN_SHAPE
from losslint.domain.lattice import choice, element_of, options_of
from losslint.domain.value import (
    NONE,
    ClassValue,
    Const,
    Library,
    LibraryObject,
    Option,
    Tensor,
    TupleValue,
    Unknown,
    Value,
)
from losslint.facts import Argument, LossCase
from losslint.interp.collate import collate
from losslint.interp.datasets import split
from losslint.interp.effects.effect_call import EffectCall
from losslint.interp.iteration import iterate
from losslint.interp.losses import call_loss, loss_of, note_loss_call
from losslint.knowledge.data_effects import Collate, IsTensor, Split, Through
from losslint.knowledge.object_effects import (
    Bundle,
    Differentiate,
    Expect,
    Forget,
    Hooks,
    Invoke,
    Named,
    PassAll,
    PassThrough,
    Supervise,
)
from losslint.knowledge.signature import Written, parameters


def pass_through(effect: PassThrough, call: EffectCall, given: Value | None) -> Value:
    """The same object, wrapped or moved."""
    value = call.value(effect.of)
    return value if value is not None else Unknown("nothing to hand through")


def pass_all(effect: PassAll, call: EffectCall, given: Value | None) -> Value:
    """All arguments back."""
    star = call.value("args")
    items = star.items if isinstance(star, TupleValue) else ()
    return items[0] if len(items) == 1 else TupleValue(items)


def invoke(effect: Invoke, call: EffectCall, given: Value | None) -> Value:
    """A function called with the remaining arguments."""
    function = call.value(effect.function)
    rest = call.value(effect.inputs or "args")
    items = rest.items if isinstance(rest, TupleValue) else (rest,) if effect.inputs and rest is not None else ()
    if function is None:
        return Unknown("nothing to call")
    arguments = tuple(Argument(item, call.site) for item in items)
    return call.frame.run.machine.call(function, arguments, call.site, call.frame)


def named(effect: Named, call: EffectCall, given: Value | None) -> Value:
    """A call of what an argument names; a name that is not known stands for any of its package."""
    name, of = call.value(effect.name), call.value(effect.of)
    text = of.value if isinstance(of, Const) and isinstance(of.value, str) else "" if effect.of is None else None
    prefix = None if text is None else next((to for start, to in effect.prefixes if text.startswith(start)), None)
    if name is None or prefix is None or call.bound.open:
        return forget(Forget(f"made by {call.row.names[0]}"), call, given)
    star = call.value("args")
    items = star.items if isinstance(star, TupleValue) else ()
    arguments = (*(Argument(item, call.site) for item in items), *call.bound.surplus)
    options = []
    for option in options_of(name):
        last = option.value.value if isinstance(option.value, Const) else None
        target = Library(f"{prefix}{last if isinstance(last, str) else '__dict__'}")
        options.append(Option(option.guard, call.frame.run.machine.call(target, arguments, call.site, call.frame)))
    return choice(options)


def split_at_random(effect: Split, call: EffectCall, given: Value | None) -> Value:
    """Random parts of a dataset."""
    dataset, lengths = call.value(effect.of), call.value(effect.lengths)
    held = None if lengths is None else iterate(lengths, call.frame)
    count = len(held.items) if isinstance(held, TupleValue) else None
    return split(dataset or Unknown("no dataset"), effect.part, count, call.frame)


def collate_samples(effect: Collate, call: EffectCall, given: Value | None) -> Value:
    """Samples put into a batch."""
    samples = call.value(effect.of)
    if samples is None:
        return Unknown("no samples")
    return collate(element_of((iterate(samples, call.frame),)), call.site, call.frame)


def through(effect: Through, call: EffectCall, given: Value | None) -> Value:
    """One callable after the other."""
    steps, frame = call.value(effect.of), call.frame
    held = None if steps is None else iterate(steps, frame)
    if not isinstance(held, TupleValue) or given is None:
        return Unknown("what a row of callables gives")
    for step in held.items:
        given = frame.run.machine.call(step, (Argument(given, call.site),), call.site, frame)
    return given


def is_tensor(effect: IsTensor, call: EffectCall, given: Value | None) -> Value:
    """Whether something is a tensor."""
    if given is None or isinstance(given, Unknown):
        symbol = None if given is None else given.symbol
        return Unknown("whether it is a tensor", None if symbol is None else ("truth", ("is tensor", symbol)))
    return Const(isinstance(given, Tensor))


def expect(effect: Expect, call: EffectCall, given: Value | None) -> Value:
    """A context that wants an error."""
    return LibraryObject(call.frame.run.fresh(), call.row.names[0])


def forget(effect: Forget, call: EffectCall, given: Value | None) -> Value:
    """Nothing we track."""
    return Unknown(effect.why, ("call", id(call.site.node)))


def differentiate(effect: Differentiate, call: EffectCall, given: Value | None) -> Value:
    """Gradients are taken; nothing comes back."""
    return NONE


def supervise(effect: Supervise, call: EffectCall, given: Value | None) -> Value:
    """A framework that will call the loss on the output of the model."""
    model, loss = call.value(effect.model), call.value(effect.loss) or _default_loss(effect, call)
    frame, site = call.frame, call.site
    nothing = Unknown(f"made by {call.row.names[0]}", ("call", id(site.node)))
    if model is None or loss is None or any(call.given(name) for name in effect.unless):
        return nothing
    if effect.builds is not None:
        label = f"{call.row.names[0].rpartition('.')[2]} builds a model that gives raw scores"
        output: Value = Tensor(effect.builds, UNKNOWN_SHAPE, "float", call.made(label, None))
    else:
        batch = Argument(Unknown("a batch of data"), site)
        output = frame.run.machine.call(_built(model, call), (batch,), site, frame)
    cases: list[LossCase] = []
    for option in options_of(loss):
        value = option.value
        if isinstance(value, Library):
            value = _built(value, call)
        if loss_of(value, frame) is None or _takes_probs(effect, value):
            continue
        arguments = (Argument(output, site), Argument(Unknown("labels"), site))
        call_loss(value, arguments, site, frame, cases, option.guard)
    note_loss_call(site, cases, frame, call.row.names[0].rpartition(".")[2])
    return nothing


def _default_loss(effect: Supervise, call: EffectCall) -> Value | None:
    """The loss that a framework takes where the program names none."""
    usual = next((one.default for one in parameters(call.row.params) if one.name == effect.loss), None)
    return Library(usual.text) if isinstance(usual, Written) and not call.bound.open else None


def bundle(effect: Bundle, call: EffectCall, given: Value | None) -> Value:
    """An object with its keyword arguments under their names; where one may be None positions are not known."""
    named = {one.keyword: one.value for one in call.bound.surplus if one.keyword is not None}
    if call.bound.open or not named or call.value("args") is not None:
        return forget(Forget(f"made by {call.row.names[0]}"), call, given)
    values = {name: call.frame.store.narrowed(value) for name, value in named.items()}
    held = {name: value for name, value in values.items() if value != NONE}
    return TupleValue(tuple(held.values()), tuple(held))


def hooks(effect: Hooks, call: EffectCall, given: Value | None) -> Value:
    """A framework object as the library made it: nothing of the program is called with its model."""
    return Unknown(f"made by {call.row.names[0]}", ("call", id(call.site.node)))


def _built(value: Value, call: EffectCall) -> Value:
    """The object where a class was given for the framework to build."""
    frame = call.frame
    if isinstance(value, ClassValue):
        return frame.run.machine.generic(value, frame)
    if isinstance(value, Library) and loss_of(value, frame) is None:
        found = frame.run.knowledge.loss(value.name)
        return LibraryObject(frame.run.fresh(), value.name) if found is not None else value
    return value


def _takes_probs(effect: Supervise, value: Value) -> bool:
    return isinstance(value, LibraryObject) and value.name in effect.takes_probs_for
