"""Which fields of each syntax node hold code: the one table that walks, searches and evaluators share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import libcst


def _by_class(fields: Mapping[str, str]) -> Mapping[type[libcst.CSTNode], tuple[str, ...]]:
    """Resolve class names; those that this version of libcst lacks are left out."""
    known = {name: row for name, row in fields.items() if hasattr(libcst, name)}
    return MappingProxyType({getattr(libcst, name): tuple(row.split()) for name, row in known.items()})


CODE_FIELDS: Mapping[type[libcst.CSTNode], tuple[str, ...]] = _by_class(
    {
        "Module": "body",
        # suites and lines
        "IndentedBlock": "body",
        "SimpleStatementLine": "body",
        "SimpleStatementSuite": "body",
        # small statements
        "AnnAssign": "target annotation value",
        "Assert": "test msg",
        "Assign": "targets value",
        "AugAssign": "target value",
        "Break": "",
        "Continue": "",
        "Del": "target",
        "Expr": "value",
        "Global": "names",
        "Import": "names",
        "ImportFrom": "module names",
        "LazyImport": "names",
        "LazyImportFrom": "module names",
        "Nonlocal": "names",
        "Pass": "",
        "Raise": "exc cause",
        "Return": "value",
        "TypeAlias": "name type_parameters value",
        # compound statements
        "ClassDef": "decorators name type_parameters bases keywords body",
        "For": "target iter body orelse",
        "FunctionDef": "decorators name type_parameters params returns body",
        "If": "test body orelse",
        "Match": "subject cases",
        "Try": "body handlers orelse finalbody",
        "TryStar": "body handlers orelse finalbody",
        "While": "test body orelse",
        "With": "items body",
        # parts of statements
        "AsName": "name",
        "AssignTarget": "target",
        "Decorator": "decorator",
        "Else": "body",
        "ExceptHandler": "type name body",
        "ExceptStarHandler": "type name body",
        "Finally": "body",
        "From": "item",
        "ImportAlias": "name asname",
        "ImportStar": "",
        "NameItem": "name",
        "WithItem": "item asname",
        # patterns
        "MatchAs": "pattern name",
        "MatchCase": "pattern guard body",
        "MatchClass": "cls patterns kwds",
        "MatchKeywordElement": "key pattern",
        "MatchList": "patterns",
        "MatchMapping": "elements rest",
        "MatchMappingElement": "key pattern",
        "MatchOr": "patterns",
        "MatchOrElement": "pattern",
        "MatchSequenceElement": "value",
        "MatchSingleton": "value",
        "MatchStar": "name",
        "MatchTuple": "patterns",
        "MatchValue": "value",
        # type parameters
        "ParamSpec": "name",
        "TypeParam": "param default",
        "TypeParameters": "params",
        "TypeVar": "name bound",
        "TypeVarTuple": "name",
        # parameters and arguments
        "Annotation": "annotation",
        "Arg": "keyword value",
        "Param": "name annotation default",
        "ParamSlash": "",
        "ParamStar": "",
        "Parameters": "posonly_params posonly_ind params star_arg kwonly_params star_kwarg",
        # expressions
        "Attribute": "value attr",
        "Await": "expression",
        "BinaryOperation": "left right",
        "BooleanOperation": "left right",
        "Call": "func args",
        "Comparison": "left comparisons",
        "ComparisonTarget": "comparator",
        "ConcatenatedString": "left right",
        "Dict": "elements",
        "DictComp": "key value for_in",
        "DictElement": "key value",
        "Element": "value",
        "Ellipsis": "",
        "Float": "",
        "FormattedString": "parts",
        "FormattedStringExpression": "expression format_spec",
        "FormattedStringText": "",
        "GeneratorExp": "elt for_in",
        "IfExp": "body test orelse",
        "Imaginary": "",
        "Index": "value",
        "Integer": "",
        "Lambda": "params body",
        "List": "elements",
        "ListComp": "elt for_in",
        "Name": "",
        "NamedExpr": "target value",
        "Set": "elements",
        "SetComp": "elt for_in",
        "SimpleString": "",
        "Slice": "lower upper step",
        "StarredDictComp": "value for_in",
        "StarredDictElement": "value",
        "StarredElement": "value",
        "Subscript": "value slice",
        "SubscriptElement": "slice",
        "TemplatedString": "parts",
        "TemplatedStringExpression": "expression format_spec",
        "TemplatedStringText": "",
        "Tuple": "elements",
        "UnaryOperation": "expression",
        "Yield": "value",
        # comprehensions
        "CompFor": "target iter ifs inner_for_in",
        "CompIf": "test",
    }
)
"""Each class of node that is or holds code, with the names of its fields that do, in the order of the source."""


def walk(node: libcst.CSTNode) -> Iterator[libcst.CSTNode]:
    """The node and every code node below it, in the order of the source; white space and punctuation are left out."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        names = CODE_FIELDS.get(type(node), ())
        for name in reversed(names):
            held = getattr(node, name)
            if isinstance(held, libcst.CSTNode):
                pending.append(held)
            elif isinstance(held, list | tuple):
                pending.extend(reversed(held))
