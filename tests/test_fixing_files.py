"""Fixing: how bytes become files, all together or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from fixing_tools import failing_replace

from losslint.engine import writing
from losslint.engine.writing import Change, WriteError, write_together


def change(file, new, old=None):
    return Change(file.name, writing.real(file), file.read_bytes() if old is None else old, new)


def left_over(folder):
    """Files that nobody asked for."""
    return [file.name for file in folder.iterdir() if file.name.startswith(".")]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_mode_bits_are_kept(tmp_path, mode):
    file = tmp_path / "a.py"
    file.write_bytes(b"old")
    file.chmod(mode)
    write_together([change(file, b"new")])
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert left_over(tmp_path) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_is_kept(tmp_path):
    file = tmp_path / "a.py"
    file.write_bytes(b"old")
    os.chown(file, 12345, 23456)
    write_together([change(file, b"new")])
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 23456)


def test_a_link_stays_and_its_file_is_written(tmp_path):
    (tmp_path / "real").mkdir()
    file, link = tmp_path / "real" / "a.py", tmp_path / "link.py"
    file.write_bytes(b"old")
    link.symlink_to(file)
    write_together([change(link, b"new")])
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_read_only_file_is_refused_and_with_it_all_others(tmp_path):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    for file in (one, two):
        file.write_bytes(b"old")
    two.chmod(0o444)
    with pytest.raises(WriteError, match=r"two\.py is read-only"):
        write_together([change(one, b"new"), change(two, b"new")])
    assert one.read_bytes() == two.read_bytes() == b"old"
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("barred", "reason"), [("a.py", "permission denied"), ("folder", "its folder cannot be written")]
)
def test_missing_permissions_are_refused(tmp_path, monkeypatch, barred, reason):
    folder = tmp_path / "folder"
    folder.mkdir()
    file = folder / "a.py"
    file.write_bytes(b"old")
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != barred and allowed(path, mode))
    with pytest.raises(WriteError, match=f"a.py may not be .*: {reason}"):
        write_together([change(file, b"new")])
    assert file.read_bytes() == b"old"


def test_a_file_changed_on_disk_is_refused_and_with_it_all_others(tmp_path):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    for file in (one, two):
        file.write_bytes(b"theirs")
    with pytest.raises(WriteError, match=r"two\.py was changed on disk since it was read"):
        write_together([change(one, b"new"), change(two, b"new", old=b"old")])
    assert one.read_bytes() == two.read_bytes() == b"theirs"
    assert left_over(tmp_path) == []


def test_a_file_that_is_gone_is_refused(tmp_path):
    with pytest.raises(WriteError, match=r"a\.py cannot be written: no such file"):
        write_together([Change("a.py", tmp_path / "a.py", b"old", b"new")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "raised"), [(PermissionError(1, "Not permitted"), WriteError), (KeyboardInterrupt(), KeyboardInterrupt)]
)
def test_what_was_replaced_is_put_back_when_a_later_one_fails(tmp_path, monkeypatch, error, raised):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    for file in (one, two):
        file.write_bytes(b"old")
    one.chmod(0o640)
    failing_replace(monkeypatch, {"two.py"}, error)
    with pytest.raises(raised):
        write_together([change(one, b"new"), change(two, b"new")])
    assert one.read_bytes() == two.read_bytes() == b"old"
    assert stat.S_IMODE(one.stat().st_mode) == 0o640
    assert left_over(tmp_path) == []


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
    file = tmp_path / "a.py"
    file.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="no space left"):
        write_together([change(file, b"new")])
    assert file.read_bytes() == b"old"
    assert left_over(tmp_path) == []
