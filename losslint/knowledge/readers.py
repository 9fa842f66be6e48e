"""How operations read numbers: which of them mind that probabilities become the scores that made them.

Softmax keeps the order along its axis and sigmoid that of all numbers, so what reads the order alone reads the same of scores.
Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html and https://docs.pytorch.org/docs/stable/generated/torch.sigmoid.html
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ORDER = frozenset({"argmax", "argmin", "argsort"})
"""Last names of functions and methods that read the order of numbers alone."""

PAIRS = frozenset({"max", "min", "topk", "sort", "kthvalue"})
"""Those that give (values, indices): the indices read the order alone."""

FORM = frozenset(
    {
        "shape", "size", "dim", "ndim", "ndimension", "numel", "nelement", "device", "dtype", "is_cuda", "requires_grad", "layout",
        "get_device", "element_size", "len", "isinstance", "type", "id", "is_tensor", "zeros_like", "ones_like", "rand_like",
        "randn_like", "empty_like", "new_zeros", "new_ones", "new_tensor", "new_empty", "new_full", "full_like",
    }
)  # fmt: skip
"""Those that read what a tensor looks like, not its numbers."""

ROUNDS = frozenset({"round"})
"""Those that turn probabilities into 0 and 1 at one half."""

COMPARES = frozenset({"gt", "ge", "lt", "le", "greater", "less"})
"""Those that compare with a number."""

LOG_FORMS: Mapping[str, str] = MappingProxyType({"softmax": "log_softmax", "Softmax": "LogSoftmax"})
"""Activations, by the last part of their name, and what gives their logarithm, with the same parameters and in the same module."""

STABLE_LOGS: Mapping[str, str] = MappingProxyType({"softmax": "log_softmax", "sigmoid": "logsigmoid"})
"""Functions whose logarithm has a function of its own."""

OF_ONE_SCORE: Mapping[str, str] = MappingProxyType(
    {"softmax": "sigmoid", "log_softmax": "logsigmoid", "Softmax": "Sigmoid", "LogSoftmax": "LogSigmoid"}
)
"""Activations over several scores, by the last part of their name, and those that do the same for one."""

METHODS = frozenset({"sigmoid"})
"""Activations of one score that are methods of tensors as well."""

FUNCTIONAL = "torch.nn.functional"
"""Where the functional forms stand."""

IDENTITY = "Identity"
"""The layer, beside all others in its module, that gives back what it is given."""

IMPLICIT_AXES: Mapping[int, int] = MappingProxyType({0: 0, 1: 0, 2: 1, 4: 1, 5: 1})
"""The axis that softmax takes where none is named, by the number of axes. Of three axes it takes the first, which is hardly meant."""

EXPORTS = frozenset(
    {
        "torch.save", "torch.jit.save", "torch.jit.script", "torch.jit.trace", "torch.jit.trace_module", "torch.export.export",
        "torch.export.save", "torch.onnx.export", "torch.onnx.dynamo_export",
    }
)  # fmt: skip
"""Functions that put a whole model where other programs read what it gives."""

MODES = frozenset({"training"})
"""Attributes of modules that tell training from evaluation."""

SEQUENCES = frozenset({"torch.nn.Sequential"})
"""Classes whose objects run the layers that they are given one after the other."""

MIXED_PRECISION = (b"autocast", b".amp", b"precision=16")
"""What a program mentions that may run losses in half precision, where binary cross entropy on probabilities is refused.
Source: https://docs.pytorch.org/docs/stable/amp.html"""

AXIS_PLACES: Mapping[str, int] = MappingProxyType({"topk": 1, "kthvalue": 1})
"""Where the axis stands among the arguments behind the tensor, if it does not come first."""

LAST_AXIS = frozenset({"topk", "kthvalue", "sort", "argsort"})
"""Those that take the last axis where none is given."""

ARRAYS = frozenset({"numpy", "asarray", "array"})
"""Those that make an array of another library of a tensor."""

WALKS = (b".children()", b".named_children()", b".modules()", b".named_modules()", b"._modules")
"""Ways to go through the layers of a model in their order."""

CASTS = frozenset({"type"})
"""Those that read the form alone only without arguments."""

RECASTS = "dtype"
"""The option by which an activation changes the type of its numbers."""

HOOKS = (b"register_forward_hook", b"register_module_forward_hook")
"""Ways to read what a layer gives without calling it."""

AXIS_NAMES = frozenset({"dim", "axis"})
"""What the parameter that holds the axis is called."""

INDICES = "indices"
"""The attribute under which a pair keeps its indices."""

IN_PLACE = "inplace"
"""The option by which a function changes its tensor."""

AS_NUMBERS = ".float()"
"""What makes 0 and 1 of truths."""
RECASTING = frozenset({"float", "double", "half", "bfloat16", "long", "int", "to", "type"})
"""Methods of tensors that change nothing but the type of the numbers, or where they are kept."""
