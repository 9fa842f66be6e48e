"""Parsing without harm, spans as libcst's own provider has them, and walks that miss no code."""

from __future__ import annotations

import inspect
import random
import subprocess
import sys
import sysconfig
from pathlib import Path

import libcst
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from libcst._nodes import expression, module, statement
from libcst.metadata import MetadataWrapper, PositionProvider

from losslint.finding import Problem
from losslint.source import spans as spans_module
from losslint.source.document import Document, from_bytes, from_text
from losslint.source.nesting import MAX_BRACKETS, nesting
from losslint.source.tree import CODE_FIELDS, parse, spans, walk

PUNCTUATION = frozenset(
    {"Asynchronous", "LeftCurlyBrace", "LeftParen", "LeftSquareBracket"}
    | {"RightCurlyBrace", "RightParen", "RightSquareBracket"}
)


def document_of(text: str, name: str = "a.py") -> Document:
    document = from_text(text, Path(name), name)
    assert isinstance(document, Document)
    return document


def parsed(text: str) -> tuple[Document, libcst.Module]:
    document = document_of(text)
    tree = parse(document)
    assert isinstance(tree, libcst.Module), tree
    return document, tree


def problem_of(text: str) -> Problem:
    problem = parse(document_of(text))
    assert isinstance(problem, Problem), text[:80]
    return problem


def corpus() -> list[Path]:
    files = [
        file
        for file in sorted(Path(sysconfig.get_paths()["stdlib"]).glob("*/*.py"))
        if 500 < file.stat().st_size < 40_000 and "bad" not in file.name and "lib2to3" not in file.parts
    ]
    return random.Random(7).sample(files, 60)


def positions_of(tree: libcst.Module) -> dict[libcst.CSTNode, tuple[int, int, int, int]]:
    """Where libcst's provider sees each node, columns from 1."""
    positions = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    return {
        node: (at.start.line, at.start.column + 1, at.end.line, at.end.column + 1) for node, at in positions.items()
    }


def assert_same_positions(document: Document, tree: libcst.Module) -> None:
    # Without a last line end the provider puts the end of the module in a line that does not exist.
    nodes = [node for node in walk(tree) if node is not tree or tree.has_trailing_newline]
    expected = positions_of(tree)
    for node, span in spans(document, tree, nodes).items():
        assert (span.line, span.column, span.end_line, span.end_column) == expected[node], type(node)


def test_spans_equal_those_of_the_provider_on_real_files() -> None:
    compared = 0
    for file in corpus():
        document = from_bytes(file.read_bytes(), file, file.name)
        if isinstance(document, Problem) or "\f" in document.text:
            continue
        tree = parse(document)
        if isinstance(tree, libcst.Module):
            assert_same_positions(document, tree)
            compared += 1
    assert compared > 40


@pytest.mark.parametrize(
    "text",
    [
        "f(x)",
        "f(x)\n",
        "\n\n# comment\nf(x)  # comment\n\n",
        "if a:\r\n\tf(x)\r\n\r\n\tg(y)\r\n",
        "if a:\r  f(x)\rg(y)\r",
        "a\r\nf(x)\rg(y)\nh(z)",
        "x = f(\n    a,\n\n    g(b)\n)\n",
        "x = 1 + \\\n    f(2)\n",
        "x = '''a\n\u2028b\x0b\x0cc'''; f(x)\n",
        "x = f'{a}{f(b):>{g(c)}}' \"d\"\n",
        "@f(x)\nasync def g(a: int = h(1), *, b=2, **c) -> None:\n    await i(a)\n",
        "class A(B, metaclass=C(1)):\n    '''doc'''\n    x: int = f(y)\n",
        "try:\n    f()\nexcept (A, B) as e:\n    g()\nelse:\n    h()\nfinally:\n    i()\n",
        "with f() as a, g() as b:\n    pass\n",
        "for i in f(x): g(i)\nelse: h(i)\n",
        "x = [f(a) for a in b if g(a) for c in d]\n",
        "lambda a, *b, c=f(1): g(a)\n",
        "if (n := f(x)) > 1: pass\nelif g(x): pass\n",
        "match f(x):\n    case A(b=[c, *d], e={'k': v}) if g(c): h()\n    case 1 | 2: pass\n",
        "é = f('😀', g(x))\n",
        "x = (f(1))\ny = ((f(2)),)\n",
        "x[f(1):g(2), ...] = yield_(3)\n",
        "def f(a, /, b): return a\n",
        "",
    ],
)
def test_spans_equal_those_of_the_provider(text: str) -> None:
    assert_same_positions(*parsed(text))


def test_places_of_few_nodes_are_those_of_all() -> None:
    chosen, near = random.Random(3), 0
    for file in corpus():
        document = from_bytes(file.read_bytes(), file, file.name)
        assert isinstance(document, Document)
        tree = parse(document)
        assert isinstance(tree, libcst.Module)
        nodes = [node for node in walk(tree) if node is not tree]
        everywhere = spans(document, tree, nodes)
        few = chosen.sample(nodes, min(len(nodes), 20))
        near += len(spans_module._near(document.text, tree, few))
        assert spans(document, tree, few) == {node: everywhere[node] for node in few}
    assert near > 600  # most are found by the statement around them


def test_a_statement_that_stands_twice_is_told_from_its_twin() -> None:
    text = "class A:\n    def f(self):\n        return g(1)\n\n\nclass B:\n    def f(self):\n        return g(1)\n"
    document, tree = parsed(text)
    calls = [node for node in walk(tree) if isinstance(node, libcst.Call)]
    assert [spans(document, tree, [call])[call].line for call in calls] == [3, 8]


def test_spans_of_chosen_nodes_only() -> None:
    document, tree = parsed("f(x)\ng(y)\n")
    calls = [node for node in walk(tree) if isinstance(node, libcst.Call)]
    found = spans(document, tree, calls[1:])
    assert [(span.path, span.line, span.column, span.end_column) for span in found.values()] == [("a.py", 2, 1, 5)]
    assert spans(document, tree, []) == {}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("\ff(x)\n", 1, 2),
        ("a\n\f\ff(x)\n", 2, 3),
        ("if a:\n  \f  b\nf(x)\n", 3, 1),
        ("\t\ff(x)\n", 1, 3),
        ("\f\n\ff(x)", 2, 2),
    ],
)
def test_form_feeds_count_as_columns_though_trees_lose_them(text: str, line: int, column: int) -> None:
    document, tree = parsed(text)
    call = next(node for node in walk(tree) if isinstance(node, libcst.Call))
    span = spans(document, tree, [call])[call]
    assert (span.line, span.column) == (line, column)


NAMES = st.sampled_from(["a", "é", "x1", "长"])
EXPRESSIONS = st.recursive(
    NAMES | st.sampled_from(["1", "'s'", "'😀'", '"""a\nb"""', "f'{a}'"]),
    lambda inner: st.one_of(
        st.builds("{}({})".format, NAMES, inner),
        st.builds("({}\n+ {})".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("{}.{}".format, NAMES, NAMES),
        st.builds("({} if {} else {})".format, inner, inner, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(EXPRESSIONS, max_size=5), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
@example(expressions=["a", "a"], end="\n", is_final=False)  # the last statement stands without a line end
def test_spans_cut_out_the_code_of_each_node(expressions: list[str], end: str, is_final: bool) -> None:
    text = "\n".join(f"v = {one}" for one in expressions).replace("\n", end) + (end if is_final else "")
    document, tree = parsed(text)
    assert_same_positions(document, tree)
    lines = text.split(end)
    for node, span in spans(document, tree, [one for one in walk(tree) if isinstance(one, libcst.Name)]).items():
        assert isinstance(node, libcst.Name)
        assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == node.value


def test_each_class_of_node_that_holds_code_is_in_the_table() -> None:
    for source in (module, statement, expression):
        for name, found in vars(source).items():
            is_node = inspect.isclass(found) and issubclass(found, libcst.CSTNode)
            if not is_node or found.__module__ != source.__name__ or inspect.isabstract(found) or name.startswith("_"):
                continue
            if name.startswith("Base") or name == "MatchPattern":
                continue
            assert (found in CODE_FIELDS) != (name in PUNCTUATION), name


def test_fields_of_the_table_exist() -> None:
    for node_class, names in CODE_FIELDS.items():
        assert set(names) <= set(node_class.__dataclass_fields__), node_class


class _Collector(libcst.CSTVisitor):
    def __init__(self) -> None:
        self.nodes: list[libcst.CSTNode] = []

    def on_visit(self, node: libcst.CSTNode) -> bool:
        if type(node) in CODE_FIELDS:
            self.nodes.append(node)
        return True


def test_walk_sees_what_a_visitor_sees() -> None:
    for file in corpus()[:25]:
        document = from_bytes(file.read_bytes(), file, file.name)
        assert isinstance(document, Document)
        tree = parse(document)
        if isinstance(tree, Problem):
            continue
        collector = _Collector()
        tree.visit(collector)
        walked = list(walk(tree))
        assert len(walked) == len(set(walked))
        assert set(walked) == set(collector.nodes), file


def test_walk_keeps_the_order_of_the_source() -> None:
    document, tree = parsed(
        "@d\nclass A(B, k=c):\n  x: int = 1\n  def f(p, /, q: r = s, *t, u=v, **w) -> y:\n    return z if g else h\n"
        "for i, j in k:\n  l += [m for n in o if p]\n{a: b, **c}; x[d:e:f]; lambda g: h\n"
        "with q as r: pass\ntry: s\nexcept T as u: v\nelse: w\nfinally: x\nassert a, b\nraise c from d\n"
        "match a:\n  case B(c, d=e) if f: g\n  case {'k': v, **w}: x\n"
    )
    names = [node for node in walk(tree) if isinstance(node, libcst.Name)]
    found = spans(document, tree, names)
    places = [(found[name].line, found[name].column) for name in names]
    assert places == sorted(places)


def test_a_syntax_error_names_its_line() -> None:
    problem = problem_of("a = 1\nb = (\nc = 2\n")
    assert problem == Problem("a.py", "cannot be parsed: '(' was never closed", 2)


@pytest.mark.parametrize(
    "line",
    [
        "x = `a`",
        "def f((a, b)): pass",
    ],
)
def test_python_2_is_told_as_such(line: str) -> None:
    assert problem_of(f"import os\n{line}\n") == Problem("a.py", "cannot be parsed: looks like Python 2", 2)


@pytest.mark.parametrize(
    "line",
    [
        'print "a"',
        "print x, (y,\n    z)",
        "if x: print x",
        "print >>f, x",
        'print ("a %s") % b',
        "exec 'a'",
        'raise E, "no"',
        "try:\n    pass\nexcept (A, B), e:\n    pass",
        "if a <> b: pass",
        "x = 0777",
        "x = 10L",
        "x = ur'a'",
        "x.cuda(async=True)",
        "!pip install torch",
        "%matplotlib inline",
    ],
)
def test_other_years_are_read_with_places_kept(line: str) -> None:
    text = f"import os\n{line}\nreturn_to = [1]\n"
    found = document_of(text)
    tree = parse(found)
    assert isinstance(tree, libcst.Module)
    last = tree.body[-1]
    rows = len(text.split("\n"))
    assert spans(found, tree, [last])[last].line == rows - 1


def test_what_stands_on_a_line_keeps_its_column() -> None:
    text = "x = a.cuda(async=True) + f(b)\n"
    found = document_of(text)
    tree = parse(found)
    assert isinstance(tree, libcst.Module)
    call = tree.body[0].body[0].value.right
    assert spans(found, tree, [call])[call].column == text.index("f(b)") + 1


@pytest.mark.parametrize("line", ["x = 'print a", "f(a b)", "raise", "def f(:"])
def test_other_errors_are_not_blamed_on_python_2(line: str) -> None:
    if line != "raise":
        assert "Python 2" not in problem_of(line).reason


@pytest.mark.parametrize(
    "text", ["a\n  b\n", "if a:\n\tb\n        c\n", "a \\", "'abc", '"""', "\x1a", "a\u00a0b", "\ud800", "a\x00b"]
)
def test_broken_texts_are_problems(text: str) -> None:
    problem = problem_of(text)
    assert problem.reason.startswith("cannot be parsed: ")
    assert "\n" not in problem.reason
    assert len(problem.reason) < 160


DEPTHS = (50, 190, 1_000, 30_000)
DEEP = {
    "brackets": lambda n: "(" * n + ")" * n,
    "unclosed": lambda n: "[" * n,
    "calls": lambda n: "f(" * n + ")" * n,
    "signs": lambda n: "-" * n + "a",
    "nots": lambda n: "not " * n + "a",
    "lambdas": lambda n: "lambda: " * n + "a",
    "sums": lambda n: "a" + " + a" * n,
    "attributes": lambda n: "a" + ".b" * n,
    "chains": lambda n: "a" + "()" * n,
    "strings": lambda n: "'a' " * n,
    "powers": lambda n: "a ** " * n + "a",
    "choices": lambda n: "a if b else " * n + "a",
    "conjunctions": lambda n: "a and " * n + "a",
    "elifs": lambda n: "if a: pass\n" + "elif a: pass\n" * n,
    "imports": lambda n: "import a" + ".a" * n,
    "blocks": lambda n: "".join(" " * i + "if a:\n" for i in range(n)) + " " * n + "pass",
    "comprehensions": lambda n: "[a " + "for a in b " * n + "]",
    "fields": lambda n: 'f"{' + "(" * n + ")" * n + '}"',
    "long sum in a field": lambda n: 'f"{a' + "+a" * n + '}"',
    "sum over lines": lambda n: "x = (a\n" + "  + a\n" * n + ")",
    "patterns": lambda n: "match a:\n  case " + "[" * n + "]" * n + ": pass",
    "deletions": lambda n: "del " + "(" * n + "a" + ",)" * n,
}


@pytest.mark.parametrize("shape", DEEP)
def test_deep_nesting_harms_nobody(shape: str) -> None:
    """In a process of its own, since what is tested for is the death of the process."""
    script = (
        "import sys; from pathlib import Path\n"
        "from losslint.source.document import from_text\n"
        "from losslint.source.tree import parse, spans, walk\n"
        "for text in sys.stdin.read().split('\\0'):\n"
        "    document = from_text(text, Path('a.py'), 'a.py')\n"
        "    tree = parse(document)\n"
        "    if hasattr(tree, 'body'): spans(document, tree, list(walk(tree)))\n"
        "print('survived')\n"
    )
    texts = "\0".join(DEEP[shape](depth) for depth in DEPTHS if shape != "blocks" or depth < 2_000)
    run = subprocess.run(
        [sys.executable, "-c", script], input=texts, capture_output=True, text=True, timeout=120, check=False
    )
    assert run.stdout == "survived\n", run.stderr[-500:]


def test_long_but_ordinary_code_is_parsed() -> None:
    for text in (
        "x = [" + "a + b, " * 20_000 + "]\n",
        "x = {" + "'k': -1.5,\n" * 10_000 + "}\n",
        "f(x).g(y)\n" * 3_000,
        "x = (" + "'line'\n" * 1_000 + ")\n",
        "'''" + "((((" * 1_000 + "'''\n# " + "[" * 1_000 + "\n",
    ):
        document, tree = parsed(text + "f(x)\n")
        assert spans(document, tree, [tree.body[-1]])[tree.body[-1]].column == 1


def test_nesting_counts_brackets_outside_strings() -> None:
    assert nesting("(" * MAX_BRACKETS).excessive is False
    assert nesting("(" * (MAX_BRACKETS + 1)).excessive
    assert nesting('"' + "(" * 1000 + '"').excessive is False
    assert nesting("'\\'" + "(" * 1000 + "'").excessive is False
    assert nesting("a = '" + "(" * 1000 + "\nb = 1").excessive is False


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_raise(data: bytes) -> None:
    for name in ("a.py", "a.ipynb"):
        document = from_bytes(data, Path(name), name)
        if isinstance(document, Document):
            tree = parse(document)
            if isinstance(tree, libcst.Module):
                spans(document, tree, walk(tree))


TOKENS = st.sampled_from(
    [
        *"()[]{}'\"\\\n\r\f\t,:=+x1#%!?é\ud800",
        '"""',
        "f'",
        "{a}",
        "  ",
        "if a:",
        "else:",
        "case",
        "match a:",
        "def f",
        "lambda",
        "print",
        "except",
        "not",
        "del",
        "%%time",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(TOKENS, max_size=25).map("".join) | st.lists(TOKENS, max_size=25).map(" ".join))
def test_no_text_raises(text: str) -> None:
    document = document_of(text)
    tree = parse(document)
    if isinstance(tree, libcst.Module):
        spans(document, tree, walk(tree))
    else:
        assert "\n" not in tree.reason
