"""Option parsers of the command line: what options are where nobody gives them."""

from __future__ import annotations

from collections.abc import Sequence

from losslint.domain.origin import Site
from losslint.domain.value import NONE, Const, LibraryObject, TupleValue, Unknown, Value
from losslint.facts import Argument
from losslint.interp.frame import Frame
from losslint.interp.functions import spread
from losslint.names.definitions import FunctionDefinition

PARSER = "argparse.ArgumentParser"
OPTION = "click.option"


def make_parser(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    """A parser."""
    return LibraryObject(frame.run.fresh(), PARSER, (("made at", Const(id(site.node))),))


def make_option(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    """`click.option("--name", default=...)`: a decorator that gives a parameter its default."""
    key = _destination(positional, keywords)
    default = keywords.get("default")
    if default is None and keywords.get("is_flag") == Const(True):
        default = Const(False)
    return LibraryObject(frame.run.fresh(), OPTION, (("name", Const(key)), ("default", default or NONE)))


def note_options(decorators: Sequence[Value], definition: FunctionDefinition, frame: Frame) -> None:
    """Keep the defaults that decorators give to the parameters of a function."""
    for one in decorators:
        given = dict(one.arguments) if isinstance(one, LibraryObject) and one.name == OPTION else {}
        name, default = given.get("name"), given.get("default")
        if isinstance(name, Const) and isinstance(default, Const) and default.value is not None:
            frame.run.defaults[("param", definition, str(name.value))] = default


def _destination(positional: list[Value], keywords: dict[str, Value]) -> str:
    """The name under which an option is read."""
    flags = [value.value for value in positional if isinstance(value, Const) and isinstance(value.value, str)]
    plain = next((flag for flag in flags if not flag.startswith("-")), None) if len(flags) > 1 else None
    dest = keywords.get("dest")
    if isinstance(dest, Const):
        return str(dest.value)
    long = plain or next((flag for flag in flags if flag.startswith("--")), flags[0] if flags else "")
    return long.lstrip("-").replace("-", "_")


def option_method(parser: LibraryObject, name: str, arguments: tuple[Argument, ...], frame: Frame) -> Value:
    """Methods of an option parser: the defaults of options are what the program does where nobody says otherwise."""
    symbol = ("options", parser.arguments)  # by the place where it is made: a function that makes it may be remembered
    if name == "parse_args":
        return Unknown("options given at run time", symbol)
    if name == "parse_known_args":
        return TupleValue((Unknown("options given at run time", symbol), Unknown("other arguments")))
    if name in ("add_argument_group", "add_mutually_exclusive_group"):
        return parser
    positional, keywords, _ = spread(arguments, frame)
    if name == "add_argument":
        key = _destination(positional, keywords)
        default = keywords.get("default")
        action = keywords.get("action")
        if isinstance(default, Const):
            frame.run.defaults[("attr", symbol, key)] = default
        elif default is None and isinstance(action, Const) and action.value in ("store_true", "store_false"):
            frame.run.defaults[("attr", symbol, key)] = Const(action.value == "store_false")
    return NONE
