"""Patterns of files: what they match, and that any text is one or is refused."""

from __future__ import annotations

import os
import re
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from losslint.source.patterns import Pattern, fault, matcher, matches

FOLDER = os.path.abspath(os.sep + "project")


def path(name):
    return os.path.join(FOLDER, *name.split("/"))


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("a.py", ["a.py", "b/a.py"], ["xa.py", "a.py/b"]),
        ("a/b", ["a/b"], ["a/b/c", "x/a/b", "ab"]),
        ("a/", ["a"], ["x/a", "b"]),
        ("*.py", ["a.py", ".py", "b/c.py"], ["a.pyi"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["a/xb", "ab"]),
        ("**/b", ["b", "a/b"], ["ab", "a/xb"]),
        ("a*/b", ["a/b", "ax/b", "ax/y/b"], ["b"]),
        ("[ab]?", ["ax", "b1"], ["a", "cx", "abc"]),
        ("[!ab]x", ["cx"], ["ax", "x"]),
        ("[]^-]x", ["]x", "^x", "-x"], ["ax"]),
        ("{a,b*}.py", ["a.py", "bcd.py"], ["c.py", "{a,b}.py"]),
        ("{a,{b,c}}", ["a", "b", "c"], ["d", "b,c"]),
        ("a,b", ["a,b"], ["a"]),
        ("\\*\\{a", ["*{a"], ["x{a", "a"]),
        ("a+(b).py", ["a+(b).py"], ["aab.py"]),
        ("!a", ["!a"], ["b"]),
    ],
)  # fmt: skip
def test_what_patterns_match(text, yes, no):
    found = matcher([Pattern(FOLDER, text)])
    assert [name for name in (*yes, *no) if found.matches(path(name))] == yes


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no pattern"),
        (" ", "is no pattern"),
        ("a\0", "is no pattern"),
        ("[a", "is no pattern: [ is not closed"),
        ("[b-a]", "is no pattern: [b-a] is no set of characters"),
        ("{a,b", "is no pattern: { is not closed"),
        ("a}", "is no pattern: } closes nothing"),
        ("a\\", "is no pattern: nothing follows the last \\"),
        ("[]", "is no pattern: [ is not closed"),
    ],
)
def test_what_is_no_pattern(text, why):
    assert fault(text) == why


@given(st.text("ab*?[]{}!^-,\\/.~ &|", max_size=8), st.text("ab/.*[\\", min_size=1, max_size=6))
def test_any_text_is_a_pattern_or_is_refused(text, name):
    if fault(text) is None:
        assert matches(Pattern(FOLDER, text), path("x" + name)) in {True, False}
        assert matcher([Pattern(FOLDER, text)]).matches(path("x" + name)) in {True, False}
    elif text.strip():
        with pytest.raises(ValueError, match=r"close|follow|set"):
            matcher([Pattern(FOLDER, text)])


@given(st.text("ab*?.", min_size=1, max_size=6), st.text("ab.", min_size=1, max_size=6))
def test_simple_patterns_match_names_as_in_a_shell(text, name):
    assert matcher([Pattern(FOLDER, text)]).matches(path(name)) is bool(re.fullmatch(translate(text), name))


def test_a_pattern_speaks_of_what_is_below_a_folder():
    inner = path("a/b/c.py")
    assert matches(Pattern(FOLDER, "b"), inner)
    assert not matches(Pattern(FOLDER, "!b"), inner)
    assert not matches(Pattern(path("a/b"), "b"), inner)
    assert not matches(Pattern(FOLDER, os.path.basename(FOLDER)), inner)
