"""Comments that let findings stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from losslint.source.suppress import Suppressions, find

CODE, NAME = "LL101", "softmax-before-cross-entropy"


def allows(text: str, line: int = 1, code: str = CODE, name: str = NAME) -> bool:
    return find(text).allows(line, code, name)


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#noqa",
        "# NOQA",
        "# NoQA ",
        "# noqa: LL101",
        "# noqa:LL101",
        "# noqa : ll101",
        "# noqa: E501, LL101",
        "# noqa: E501 LL101 because it is so",
        "# noqa: E501,LL101,",
        "# noqa: LL1",
        "# noqa: LL",
        "# noqa: softmax-before-cross-entropy",
        "# noqa: it is fine",
        "# noqa - reasons",
        "# type: ignore # noqa: LL101",
        "# why not # noqa",
        "# noqa: E501  # losslint: ignore",
        "# losslint: ignore",
        "# losslint:ignore",
        "# losslint : ignore",
        "# losslint: ignore[LL101]",
        "# losslint: ignore[LL1]",
        "# losslint: ignore [ LL202 , softmax-before-cross-entropy ]",
        "# losslint: ignore[softmax-before-cross-entropy] it is a teacher",
    ],
)
def test_allowed(comment: str) -> None:
    assert allows(f"f(x)  {comment}\n")


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "# noqa: E501",
        "# noqa: LL102",
        "# noqa: LL1011",
        "# noqa: logits-into-nll-loss",
        "# noqa-file",
        "# noqaz",
        "# flake8: noqa",
        "# ruff: noqa",
        "noqa",
        "# losslint: ignore[]",
        "# losslint: ignore[softmax]",
        "# losslint: ignore[LL2]",
        "# losslint: ignored",
        "# losslint: skip-file",
        "# losslint ignore",
    ],
)
def test_not_allowed(comment: str) -> None:
    assert not allows(f"f(x)  {comment}\n" if comment != "noqa" else "f(noqa)\n")


@pytest.mark.parametrize("text", ["f('# noqa')", 'x = """\n# noqa\n"""\n# losslint', "f'{x} # noqa'"])
def test_strings_hold_no_comments(text: str) -> None:
    assert find(text).comments == ()


def test_a_statement_is_covered_from_its_first_and_its_last_line() -> None:
    assert [allows("x = f(\n  a,\n  b)  # noqa\ny", line) for line in (1, 2, 3, 4)] == [True, True, True, False]
    assert [allows("x = f(  # noqa\n  a,\n  b)\ny", line) for line in (1, 2, 3, 4)] == [True, True, True, False]
    assert [allows("x = f(\n  a,  # noqa\n  b)\ny", line) for line in (1, 2, 3, 4)] == [False, True, False, False]
    assert [allows("x = '''\n\n'''  # noqa\ny", line) for line in (1, 2, 3, 4)] == [True, True, True, False]
    assert [allows("x = a + \\\n  b  # noqa\ny", line) for line in (1, 2, 3)] == [True, True, False]


def test_the_last_statement_is_covered_whatever_its_last_line_begins_with() -> None:
    assert [allows("x = '''\n#'''  # noqa", line) for line in (1, 2)] == [True, True]


def test_a_comment_on_the_head_of_a_block_is_not_for_the_block() -> None:
    text = "def f(\n  a,\n):  # noqa\n  g(a)\n  # noqa\n  h(a)\n"
    assert [allows(text, line) for line in range(1, 7)] == [True, True, True, False, True, False]


def test_which_comment_matched_is_told() -> None:
    found = find("a\nf(  # noqa: LL2\n  x,\n)  # losslint: ignore[LL1]\n")
    assert found.matching([2], CODE, NAME) == 4
    assert found.matching([1, 3], "LL202", "label-out-of-range") == 2
    assert found.matching([1], CODE, NAME) is None
    assert found.matching([], CODE, NAME) is None


def test_comments_tell_their_place() -> None:
    (comment,) = find("é = f(x)  # why # noqa: LL101, E1 so\n").comments
    assert (comment.line, comment.column, comment.end_column) == (1, 17, 34)
    assert comment.entries == ("LL101", "E1")


@pytest.mark.parametrize(
    "text", ["# losslint: skip-file\n", "x = 1\n  # losslint:skip-file because\n", "def f(:\n# losslint: skip-file"]
)
def test_a_file_may_be_skipped(text: str) -> None:
    assert find(text).skip_file


@pytest.mark.parametrize(
    "text", ["x = 1  # losslint: skip-file\n", "'''\n# losslint: skip-file\n'''", "# losslint: skip-files"]
)
def test_a_file_is_not_skipped_by_the_way(text: str) -> None:
    assert not find(text).skip_file


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_counts(end: str) -> None:
    assert find(f"a{end}\f{end}b  # noqa{end}").matching([3], CODE, NAME) == 3


@pytest.mark.parametrize(
    "text", ["f(x)  # noqa\n(", "f(x)  # noqa\n'''", "  f(x)  # noqa\n y\n", "f(x)  # noqa\n\x00$?"]
)
def test_texts_that_do_not_parse_are_searched_line_by_line(text: str) -> None:
    assert allows(text)


def test_most_texts_are_not_even_tokenized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tokenize.generate_tokens", None)
    assert find("x = 1  # a comment\n") == Suppressions()


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "# noqa",
                "losslint:",
                "ignore[",
                "LL101",
                "]",
                "(",
                "'",
                '"""',
                "\n",
                "\r",
                "\\",
                " ",
                "\t",
                "x",
                ":",
                "\f",
                "\0",
                "é",
                "\ud800",
            ]
        )
    ).map("".join)
)
def test_no_text_raises(text: str) -> None:
    for comment in find(text).comments:
        assert comment.line in comment.lines
