"""The gate on published packages, as far as it needs no network: its lists, and how a run is held against them."""

from __future__ import annotations

import io
import re
import signal
import tarfile
import zipfile
from collections import Counter
from dataclasses import replace

import pytest
from wild import archive, scan, summary, verdicts
from wild.pins import FORMS, Pin, chosen, read_pins
from wild.scan import Scan, Seen
from wild.table import read_rows
from wild.verdicts import OPEN, RIGHT, WRONG, Verdict, compare, updated

SEEN = Seen("net.py", 3, 5, "LL101", "certain", "probabilities reach CrossEntropyLoss")
LISTED = Verdict("torchnet", "1.0", "net.py", 3, 5, "LL101", "certain", RIGHT, "forward ends in softmax")
PIN = Pin("torchnet", "1.0", "sdist", "0" * 64)


def run(*errors, failure=None):
    return Scan("torchnet", "1.0", 10, 1.0, errors, Counter({("warning", "LL301"): 2}), failure)


def test_pins_are_well_formed_and_each_package_stands_once():
    pins = read_pins()
    assert len(pins) >= 35
    assert all(re.fullmatch("[0-9a-f]{64}", pin.sha256) and pin.form in FORMS and pin.version for pin in pins)
    assert [pin.package for pin in pins] == sorted({pin.package for pin in pins})


def test_every_verdict_is_of_a_pinned_version_and_says_why():
    pinned = {(pin.package, pin.version) for pin in read_pins()}
    for one in verdicts.read_verdicts():
        assert (one.package, one.version) in pinned, summary.where(one)
        assert re.fullmatch(r"LL\d{3}", one.code), summary.where(one)
        assert one.certainty in ("certain", "likely"), summary.where(one)
        assert one.verdict != OPEN, summary.where(one)
        assert min(one.line, one.column) >= 1, summary.where(one)
        assert 20 <= len(one.why) <= 200, summary.where(one)


def test_a_run_like_the_list_is_clean():
    compared = compare([run(SEEN)], [LISTED])
    assert compared.is_clean
    assert compared.known == (LISTED,)


def test_new_findings_fail_and_are_listed_as_open():
    other = replace(SEEN, line=9, code="LL103", message="a\nb\tc")
    compared = compare([run(SEEN, other)], [LISTED])
    row = Verdict("torchnet", "1.0", "net.py", 9, 5, "LL103", "certain", OPEN, "a b c")
    assert not compared.is_clean
    assert compared.new == (row,)
    assert updated([LISTED], compared, [PIN]) == [LISTED, row]


def test_vanished_findings_fail_and_are_dropped():
    compared = compare([run()], [LISTED])
    assert not compared.is_clean
    assert compared.vanished == (LISTED,)
    assert updated([LISTED], compared, [PIN]) == []


def test_another_certainty_fails_and_keeps_its_verdict():
    compared = compare([run(replace(SEEN, certainty="likely"))], [LISTED])
    likely = replace(LISTED, certainty="likely")
    assert not compared.is_clean
    assert compared.changed == ((LISTED, likely),)
    assert updated([LISTED], compared, [PIN]) == [likely]


def test_open_findings_fail():
    assert not compare([run(SEEN)], [replace(LISTED, verdict=OPEN)]).is_clean


def test_findings_at_one_place_are_told_apart_by_number():
    assert compare([run(SEEN, SEEN)], [LISTED, LISTED]).is_clean
    assert len(compare([run(SEEN, SEEN)], [LISTED]).new) == 1
    assert len(compare([run(SEEN)], [LISTED, LISTED]).vanished) == 1


def test_packages_that_did_not_run_or_failed_keep_their_rows():
    elsewhere = replace(LISTED, package="othernet")
    for scans in ([], [run(failure="not done in 120 s")]):
        compared = compare(scans, [LISTED, elsewhere])
        assert compared.vanished == ()
        assert updated([LISTED, elsewhere], compared, [PIN, replace(PIN, package="othernet")]) == [LISTED, elsewhere]


def test_rows_of_versions_that_are_no_longer_pinned_are_dropped():
    assert updated([LISTED], compare([], [LISTED]), [replace(PIN, version="2.0")]) == []


def test_the_list_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "verdicts.tsv"
    rows = [LISTED, replace(LISTED, line=20), replace(LISTED, file="a.py", verdict=WRONG)]
    verdicts.write_verdicts(rows, path)
    assert verdicts.read_verdicts(path) == [rows[2], rows[0], rows[1]]


def test_broken_lists_are_named_by_line(tmp_path):
    path = tmp_path / "list.tsv"
    path.write_text("a\tb\n1\t2\n3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="3: 1 columns"):
        read_rows(path, ("a", "b"))
    with pytest.raises(ValueError, match="the columns should be"):
        read_rows(path, ("a", "c"))
    verdicts.write_verdicts([replace(LISTED, verdict="perhaps")], path)
    with pytest.raises(ValueError, match="no such verdict"):
        verdicts.read_verdicts(path)


def test_unpinned_packages_cannot_be_chosen():
    assert chosen([PIN], ["torchnet"]) == [PIN] == chosen([PIN], [])
    with pytest.raises(ValueError, match="not pinned: othernet"):
        chosen([PIN], ["othernet"])


def test_crashes_are_told_from_complaints():
    assert scan.failure_of(1, "old.py:3: no valid Python") is None
    assert "internal error" in (scan.failure_of(0, "net.py: internal error, please report: KeyError: 1") or "")
    assert scan.failure_of(2, "no such option") == "exit code 2: no such option"
    assert scan.failure_of(-signal.SIGXCPU, "") == "not done in 120 s"


def test_the_time_that_counts_is_told_by_the_run():
    assert scan.seconds_of("old.py:3: no valid Python\nCPU seconds: 1.25\n") == 1.25
    assert scan.seconds_of("") == 120


def test_a_package_is_scanned_as_a_user_would_and_runs_nothing_of_its_own(tmp_path, request):
    program = (
        "import torch.nn as nn\n"
        "net, criterion = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1)), nn.CrossEntropyLoss()\n"
        "def step(x, y):\n    return criterion(net(x), y)\n"
    )
    (tmp_path / "net.py").write_text(program, encoding="utf-8")
    for name in ("json", "click", "losslint"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('run')\n", encoding="utf-8")
    done = scan.scan("torchnet", "1.0", tmp_path, request.config.rootpath)
    assert done.failure is None
    assert done.files == 4
    assert 0 < done.seconds < 60
    assert [(one.file, one.line, one.code, one.certainty) for one in done.errors] == [("net.py", 4, "LL101", "certain")]


def test_archives_are_unpacked_without_their_top_folder_and_without_what_is_not_read(tmp_path):
    packed = tmp_path / "torchnet-1.0.tar.gz"
    with tarfile.open(packed, "w:gz") as tar:
        for name in ("torchnet-1.0/setup.py", "torchnet-1.0/torchnet/net.py", "torchnet-1.0/weights.bin"):
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, io.BytesIO(b"x=1\n"))
        link = tarfile.TarInfo("torchnet-1.0/link.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    archive.unpack(packed, tmp_path / "out")
    files = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.*"))
    assert files == ["setup.py", "torchnet/net.py"]
    assert archive.count(tmp_path / "out") == 2
    assert not (tmp_path / "out.partial").exists()


def test_wheels_keep_the_package_folder(tmp_path):
    packed = tmp_path / "torchnet-1.0-py3-none-any.whl"
    with zipfile.ZipFile(packed, "w") as wheel:
        wheel.writestr("torchnet/__init__.py", "")
        wheel.writestr("torchnet-1.0.dist-info/RECORD", "")
    archive.unpack(packed, tmp_path / "out")
    assert (tmp_path / "out" / "torchnet" / "__init__.py").exists()


def test_archives_that_reach_outside_are_refused(tmp_path):
    packed = tmp_path / "torchnet.whl"
    with zipfile.ZipFile(packed, "w") as wheel:
        wheel.writestr("../net.py", "")
    with pytest.raises(archive.UnreadableError, match="lies outside"):
        archive.unpack(packed, tmp_path / "out")
    assert not (tmp_path / "net.py").exists()


def test_the_summary_counts_and_names():
    other = replace(SEEN, line=9)
    scans = [run(SEEN, other), replace(run(failure="not done in 120 s"), package="slownet")]
    printed = "\n".join(summary.lines(scans, compare(scans, [LISTED])))
    assert "2 packages, 20 files" in printed
    assert "all      right    1  wrong    0  unclear    0  right of decided: 100.0 %" in printed
    assert "warning  LL301     4" in printed
    assert "new: torchnet 1.0 net.py:9:5 LL101 certain" in printed
    assert "failed: slownet 1.0: not done in 120 s" in printed
