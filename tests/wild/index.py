"""Files of the package index, through pip's own machinery and settings.

`pip download` of a source distribution builds its metadata, and so runs the project's `setup.py`. Here pip only finds the
file and fetches it: nothing of a package is run, neither now nor later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wild.pins import Pin

# Wheels are asked for one fixed target, so that a pin means the same file on every machine.
TARGET = ("--python-version=3.11", "--implementation=cp", "--abi=cp311", "--abi=none")
PLATFORMS = ("--platform=manylinux_2_28_x86_64", "--platform=manylinux2014_x86_64", "--platform=any")
FORM_OPTIONS = {"sdist": ("--no-binary=:all:",), "wheel": ("--only-binary=:all:", *TARGET, *PLATFORMS)}
CHUNK = 1 << 20


class UnavailableError(Exception):
    """The index has no such file, or another one than was pinned."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that was fetched."""

    path: Path
    version: str
    sha256: str


def fetch(pin: Pin, folder: Path) -> Path:
    """The pinned file, below the folder."""
    found = download(pin.package, pin.version, pin.form, folder)
    if found.sha256 != pin.sha256:
        found.path.unlink()
        raise UnavailableError(f"{pin.package} {pin.version}: sha256 is {found.sha256}, pinned is {pin.sha256}")
    return found.path


def download(package: str, version: str | None, form: str, folder: Path) -> Download:
    """Fetch a file of this version, or of the newest one that is no pre-release."""
    with _index(form) as (finder, session):
        fitting = [
            one
            for one in finder.find_all_candidates(package)
            if one.link.is_wheel == (form == "wheel")
            and (not one.version.is_prerelease if version is None else str(one.version) == version)
        ]
        if not fitting:
            raise UnavailableError(f"{package} {version or ''}: no {form} on the index")
        best = max(fitting, key=lambda one: one.version)
        response = session.get(best.link.url_without_fragment, stream=True)
        response.raise_for_status()
        path = folder / best.link.filename
        digest = hashlib.sha256()
        with path.open("wb") as out:
            for chunk in response.iter_content(CHUNK):
                digest.update(chunk)
                out.write(chunk)
    return Download(path, str(best.version), digest.hexdigest())


@contextmanager
def _index(form: str) -> Iterator[tuple[Any, Any]]:
    """pip's finder of files and its session, as `pip index` sets them up."""
    from pip._internal.cli.cmdoptions import make_target_python
    from pip._internal.commands import create_command

    command: Any = create_command("index")
    options, _ = command.parse_args(["--ignore-requires-python", *FORM_OPTIONS[form]])
    with command._build_session(options) as session:
        target = make_target_python(options)
        # Options of `pip index` name the form, but only the finder's own format control is held to.
        finder = command._build_package_finder(options, session, target, ignore_requires_python=True)
        yield finder, session
