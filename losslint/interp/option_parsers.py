"""Option parsers of the command line: what options are where nobody gives them."""

from __future__ import annotations

from losslint.domain.origin import Site
from losslint.domain.value import NONE, Const, LibraryObject, TupleValue, Unknown, Value
from losslint.facts import Argument
from losslint.interp.frame import Frame
from losslint.interp.functions import spread

PARSER = "argparse.ArgumentParser"


def make_parser(positional: list[Value], keywords: dict[str, Value], site: Site, frame: Frame) -> Value:
    """A parser."""
    return LibraryObject(frame.run.fresh(), PARSER, (("made at", Const(id(site.node))),))


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
        flags = [value.value for value in positional if isinstance(value, Const) and isinstance(value.value, str)]
        dest = keywords.get("dest")
        long = next((flag for flag in flags if flag.startswith("--")), flags[0] if flags else "")
        key = dest.value if isinstance(dest, Const) else long.lstrip("-").replace("-", "_")
        default = keywords.get("default")
        action = keywords.get("action")
        if isinstance(default, Const):
            frame.run.defaults[("attr", symbol, key)] = default
        elif default is None and isinstance(action, Const) and action.value in ("store_true", "store_false"):
            frame.run.defaults[("attr", symbol, key)] = Const(action.value == "store_false")
    return NONE
