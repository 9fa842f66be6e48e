"""The schema that is shipped: it is what the keys give, and it says what the reader says. `--bless` renews the file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from losslint import config
from losslint.cli import options
from losslint.config import ConfigError, Place, Settings, merge, read
from losslint.config.choice import Choice
from losslint.config.keys import TABLES, keys
from losslint.config.kinds import OUTPUT_FORMATS
from losslint.config.schema import schema, text
from losslint.rules._codes import CODES

FILE = Path(config.__file__).parent / "losslint.schema.json"
ROOT = Path(__file__).parent.parent
VALIDATOR = jsonschema.Draft7Validator(schema(CODES))


def test_the_shipped_file_is_what_the_keys_give(bless):
    if bless:
        FILE.write_text(text(CODES), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == text(CODES)


def test_it_is_a_schema():
    jsonschema.Draft7Validator.check_schema(schema(CODES))


def test_every_key_has_a_field_and_a_word_in_the_schema():
    for key in keys().values():
        assert key.name == "extend" or key.field in Choice.__dataclass_fields__
        assert schema(CODES)["properties"][key.name]["description"].endswith(".")
    assert {*keys(), *TABLES} == schema(CODES)["properties"].keys()


def test_formats_are_those_of_the_command():
    assert OUTPUT_FORMATS == options.FORMATS


def accepts(table):
    """Whether the reader takes a table, rows included."""
    try:
        _ = merge(Settings(), read(Place("losslint.toml", "/project", ""), table, CODES)).rows
    except ConfigError:
        return False
    return True


LAYER = {"names": ["lib.Head"], "output": "logits"}
LOSS = {"functions": ["lib.loss"], "like": "cross_entropy"}
VALID = [
    {},
    {"extend": "~/base.toml"},
    {"select": ["ALL"], "ignore": ["LL1", "LL102"], "extend-select": ["bce-after-sigmoid", "L"], "extend-ignore": []},
    {"per-file-ignores": {"tests/**": ["LL1"], "!src/*.py": []}, "extend-per-file-ignores": {}},
    {"certainty": "possible", "severity": "warning", "severities": {"LL1": "advice", "labels-from-one": "error"}},
    {"fixable": ["ALL"], "unfixable": ["LL3"], "extend-fixable": ["LL1"], "unsafe-fixes": True},
    {"exclude": [], "extend-exclude": ["a/", "**/b.py"], "include": ["*.py"], "extend-include": ["x"]},
    {"force-exclude": True, "respect-gitignore": False, "output-format": "sarif", "jobs": 1, "cache": False},
    {"cache-dir": ".cache", "baseline": "../known.json", "docs": True},
    {
        "layers": [
            LAYER,
            {**LAYER, "names": ["a.b"], "output": "probabilities", "dim": -1, "classes": 3, "shape": "same"},
        ]
    },
    {"layers": [{**LAYER, "params": "x, dim=1", "call": "input", "dim": "dim"}], "functions": []},
    {"functions": [{"names": ["a.f", "b.c.f"], "output": "same", "params": "x"}]},
    {
        "losses": [
            LOSS,
            {"names": ["a.L"], "functions": [], "like": "MSELoss", "dim": 1, "constructor": "", "call": "p, t"},
        ]
    },
]
INVALID = [
    {"selct": []},
    {"select": "LL1"},
    {"select": ["LL9999"]},
    {"ignore": [1]},
    {"per-file-ignores": ["LL1"]},
    {"per-file-ignores": {"x": "LL1"}},
    {"per-file-ignores": {"": ["LL1"]}},
    {"per-file-ignores": {"x": ["none-such"]}},
    {"certainty": "sure"},
    {"certainty": 3},
    {"severity": None},
    {"severities": {"LL1": "bad"}},
    {"severities": {"LL999": "error"}},
    {"severities": []},
    {"unsafe-fixes": 1},
    {"exclude": ["a", ""]},
    {"extend-exclude": ["a\\"]},
    {"include": "*.py"},
    {"jobs": 0},
    {"jobs": True},
    {"jobs": "2"},
    {"output-format": "xml"},
    {"cache-dir": ""},
    {"baseline": False},
    {"extend": ["a"]},
    {"layers": LAYER},
    {"layers": ["lib.Head"]},
    {"layers": [{**LAYER, "names": []}]},
    {"layers": [{**LAYER, "names": ["Head"]}]},
    {"layers": [{**LAYER, "output": "softmax"}]},
    {"layers": [{"names": ["lib.Head"]}]},
    {"layers": [{**LAYER, "output": "unknown", "dim": 1}]},
    {"layers": [{**LAYER, "like": "nll_loss"}]},
    {"functions": [{**LAYER, "call": "x"}]},
    {"functions": [{**LAYER, "classes": 1.5}]},
    {"losses": [{"like": "cross_entropy"}]},
    {"losses": [{"names": [], "like": "cross_entropy"}]},
    {"losses": [{**LOSS, "like": "crossentropy"}]},
    {"losses": [{"functions": ["lib.loss"]}]},
    {"losses": [{**LOSS, "dim": "dim"}]},
    {"losses": [{**LOSS, "input": 0}]},
]


@pytest.mark.parametrize("table", VALID, ids=str)
def test_valid_tables(table):
    assert not list(VALIDATOR.iter_errors(table))
    assert accepts(table)


@pytest.mark.parametrize("table", INVALID, ids=str)
def test_invalid_tables(table):
    assert list(VALIDATOR.iter_errors(table))
    assert not accepts(table)


SCRAPS = st.sampled_from(
    ["", "ALL", "LL1", "LL101", "LL999", "labels-from-one", "a.b", "a", "tests/**", "!x", "error", "advice", "likely",
     "json", "logits", "same", "nll_loss", "x, y", "\\", " ", "a\nb"]
)  # fmt: skip
SIMPLE = st.one_of(
    SCRAPS, st.booleans(), st.integers(-2, 4), st.lists(st.one_of(SCRAPS, st.integers(0, 1)), max_size=3)
)
ROW_KEYS = st.sampled_from(["names", "functions", "output", "like", "dim", "classes", "shape", "oops"])
ROWS = st.lists(st.dictionaries(ROW_KEYS, SIMPLE, max_size=4), max_size=2)
VALUES = st.one_of(SIMPLE, st.dictionaries(SCRAPS, SIMPLE, max_size=2), ROWS)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*keys(), *TABLES, "oops"]), VALUES, max_size=3))
@example({"layers": [{"names": ["a.b"], "output": "logits"}]})
def test_the_schema_and_the_reader_agree(table):
    if not _only_the_reader_knows(table):
        assert VALIDATOR.is_valid(table) is accepts(table)


def _only_the_reader_knows(table):
    """Whether there is something in the rows that a schema cannot see: a name without a parameter, a name described twice."""
    rows = [row for name in TABLES for row in _rows_in(table.get(name))]
    described = [name for row in rows for key in ("names", "functions") for name in _names_in(row.get(key))]
    return len(set(described)) < len(described) or any(
        isinstance(row.get(key), str) for row in rows for key in ("dim", "classes")
    )


def _rows_in(value):
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _names_in(value):
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def test_the_projects_own_examples_are_valid():
    if sys.version_info < (3, 11):
        import tomli as tomllib
    else:
        import tomllib
    blocks = (ROOT / "README.md").read_text(encoding="utf-8").split("```toml\n")[1:]
    tables = [tomllib.loads(block.partition("```")[0]) for block in blocks]
    found = [table["tool"]["losslint"] for table in tables if "losslint" in table.get("tool", {})]
    assert found
    for table in found:
        VALIDATOR.validate(table)
        json.dumps(table)
