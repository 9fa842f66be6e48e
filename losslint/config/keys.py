"""The keys of the table, defined once: the reader, the schema and the documentation follow from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from losslint.config.kinds import (
    CERTAINTIES,
    OUTPUT_FORMATS,
    SEVERITIES,
    Count,
    Flag,
    Kind,
    Location,
    Patterns,
    PerFile,
    Selectors,
    Severities,
    Word,
)

TABLES = ("layers", "functions", "losses")
"""Keys that hold tables on the user's own layers, functions and losses; these have keys of their own."""
EXTEND = "extend"
"""The key that names a file to start from."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its name, what its value may be, what it says, and the default in words where that is not plain."""

    name: str
    kind: Kind
    says: str
    default: str = ""

    @property
    def field(self) -> str:
        """Its name in a `Choice`."""
        return "ignore" if self.name == "extend-ignore" else self.name.replace("-", "_")


_KEYS = (
    Key(EXTEND, Location(), "a file to start from; what this one says is laid over it"),
    Key("select", Selectors(), "the rules to report", "those that are on by default"),
    Key("extend-select", Selectors(), "rules to report as well"),
    Key("ignore", Selectors(), "rules not to report"),
    Key("extend-ignore", Selectors(), "the same as `ignore`"),
    Key("per-file-ignores", PerFile(), "rules not to report in some files; `!` before a pattern means all other files"),
    Key("extend-per-file-ignores", PerFile(), "added to `per-file-ignores`"),
    Key("certainty", Word(CERTAINTIES), "the least certainty to report", '"likely"'),
    Key("severity", Word(SEVERITIES), "the least severity to report", '"advice"'),
    Key("severities", Severities(), "severities of rules, instead of their own"),
    Key("fixable", Selectors(), "the rules that may be fixed", '["ALL"]'),
    Key("extend-fixable", Selectors(), "rules that may be fixed as well"),
    Key("unfixable", Selectors(), "rules that are not fixed"),
    Key("unsafe-fixes", Flag(), "whether fixes that change what is computed count", "false"),
    Key("exclude", Patterns(), "what is not reported", "folders such as `.venv`, `build`, `node_modules`"),
    Key("extend-exclude", Patterns(), "added to `exclude`"),
    Key("include", Patterns(), "what is searched for in folders", '["*.py", "*.pyi", "*.ipynb"]'),
    Key("extend-include", Patterns(), "added to `include`"),
    Key("force-exclude", Flag(), "whether paths on the command line may be excluded too", "false"),
    Key("respect-gitignore", Flag(), "whether what git ignores is passed over", "true"),
    Key("output-format", Word(tuple((word, word) for word in OUTPUT_FORMATS)), "how to print what is found", '"full"'),
    Key("jobs", Count(), "how many processes work at once", "as many as pay off"),
    Key("cache", Flag(), "whether results are kept between runs", "true"),
    Key("cache-dir", Location(), "where they are kept"),
    Key("baseline", Location(), "a file of findings that are accepted"),
    Key("docs", Flag(), "whether code in documentation is checked", "false"),
)


def keys() -> Mapping[str, Key]:
    """All keys but those of `TABLES`, by name."""
    return {key.name: key for key in _KEYS}
