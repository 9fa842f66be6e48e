"""The keys of the table, defined once: the reader, the schema and the documentation follow from here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from losslint.config.kinds import (
    CERTAINTIES,
    COUNT,
    FLAG,
    LOCATION,
    OUTPUT_FORMATS,
    PATTERNS,
    PER_FILE,
    SELECTORS,
    SEVERITIES,
    SEVERITY_TABLE,
    Kind,
    word,
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
    Key(EXTEND, LOCATION, "a file to start from; what this one says is laid over it"),
    Key("select", SELECTORS, "the rules to report", "those that are on by default"),
    Key("extend-select", SELECTORS, "rules to report as well"),
    Key("ignore", SELECTORS, "rules not to report"),
    Key("extend-ignore", SELECTORS, "the same as `ignore`"),
    Key("per-file-ignores", PER_FILE, "rules not to report in some files; `!` before a pattern means all other files"),
    Key("extend-per-file-ignores", PER_FILE, "added to `per-file-ignores`"),
    Key("certainty", word(CERTAINTIES), "the least certainty to report", '"likely"'),
    Key("severity", word(SEVERITIES), "the least severity to report", '"advice"'),
    Key("severities", SEVERITY_TABLE, "severities of rules, instead of their own"),
    Key("fixable", SELECTORS, "the rules that may be fixed", '["ALL"]'),
    Key("extend-fixable", SELECTORS, "rules that may be fixed as well"),
    Key("unfixable", SELECTORS, "rules that are not fixed"),
    Key("unsafe-fixes", FLAG, "whether fixes that change what is computed count", "false"),
    Key("exclude", PATTERNS, "what is not reported", "folders such as `.venv`, `build`, `node_modules`"),
    Key("extend-exclude", PATTERNS, "added to `exclude`"),
    Key("include", PATTERNS, "what is searched for in folders", '["*.py", "*.pyi", "*.ipynb"]'),
    Key("extend-include", PATTERNS, "added to `include`"),
    Key("force-exclude", FLAG, "whether paths on the command line may be excluded too", "false"),
    Key("respect-gitignore", FLAG, "whether what git ignores is passed over", "true"),
    Key("output-format", word(tuple((one, one) for one in OUTPUT_FORMATS)), "how to print what is found", '"full"'),
    Key("jobs", COUNT, "how many processes work at once", "as many as pay off"),
    Key("cache", FLAG, "whether results are kept between runs", "true"),
    Key("cache-dir", LOCATION, "where they are kept"),
    Key("baseline", LOCATION, "a file of findings that are accepted"),
    Key("docs", FLAG, "whether code in documentation is checked", "false"),
)


def keys() -> Mapping[str, Key]:
    """All keys but those of `TABLES`, by name."""
    return {key.name: key for key in _KEYS}
