"""Run losslint over pinned packages of the package index and hold its error findings against the judged ones.

    cd tests && python -m wild [--packages timm skorch] [--update] [--jobs 2] [--folder FOLDER] [--source FOLDER]
    cd tests && python -m wild --pin NAME NAME==VERSION NAME:wheel

Exits with 0 where the run says what the list says, and with 1 where it does not, or where losslint crashed or was too slow.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from wild import archive, index, summary
from wild.pins import COLUMNS, PINS, Pin, chosen, read_pins
from wild.scan import Scan, scan
from wild.table import write_rows
from wild.verdicts import compare, read_verdicts, updated, write_verdicts

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "losslint-wild"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks, and give the exit code."""
    options = _options(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.pin:
        return _pin(options.pin, options.folder)
    pins = read_pins()
    scans = _scan_all(chosen(pins, options.packages), options)
    listed = read_verdicts()
    compared = compare(scans, listed)
    print(*summary.lines(scans, compared), sep="\n")
    if options.update:
        write_verdicts(updated(listed, compared, pins))
    return 0 if compared.is_clean and not any(one.failure for one in scans) else 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m wild", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--packages", nargs="+", default=[], metavar="NAME", help="only these of the pinned ones")
    parser.add_argument("--update", action="store_true", help="list new findings as open, drop those that vanished")
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=1, help="how many packages at a time")
    parser.add_argument("--folder", type=Path, default=CACHE, help="where packages are kept unpacked")
    parser.add_argument("--source", type=Path, default=ROOT, help="the checkout whose losslint is run (default: this)")
    parser.add_argument("--pin", nargs="+", default=[], metavar="NAME", help="pin these packages anew, and stop")
    return parser.parse_args(arguments)


def _scan_all(pins: Sequence[Pin], options: argparse.Namespace) -> list[Scan]:
    """Each package in turn, or two at a time, told as soon as it is done and in the list's order."""
    one = partial(_scan_one, folder=options.folder.resolve(), source=options.source.resolve())
    scans = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for done in pool.map(one, pins):
            print(summary.package_line(done), flush=True)
            scans.append(done)
    return scans


def _scan_one(pin: Pin, folder: Path, source: Path) -> Scan:
    unpacked = folder / pin.folder
    if not unpacked.exists():
        fetched = index.fetch(pin, folder)
        archive.unpack(fetched, unpacked)
        fetched.unlink()
    return scan(pin.package, pin.version, unpacked, source)


def _pin(names: Sequence[str], folder: Path) -> int:
    """Write rows for packages, in place of those that they had: the newest version, or the one named."""
    pins = {pin.package: pin for pin in read_pins()}
    for name in names:
        wanted, _, form = name.partition(":")
        package, _, version = wanted.partition("==")
        found = index.download(package, version or None, form or "sdist", folder)
        found.path.unlink()
        pins[package] = Pin(package, found.version, form or "sdist", found.sha256)
    rows = sorted((pin.package, pin.version, pin.form, pin.sha256) for pin in pins.values())
    write_rows(PINS, COLUMNS, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
