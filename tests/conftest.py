"""Options and fixtures of all tests."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Set before torch is loaded: its tensors are small here and tests fill the cores, so threads within it only wait for each other."""


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="rewrite the marks in fixtures to what losslint says now")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """What rewrites files runs in one process: tests share them."""
    if config.getoption("--bless"):
        config.option.numprocesses = 0
        config.option.dist = "no"


@pytest.fixture
def bless(request):
    """True where expectations are to be rewritten."""
    return request.config.getoption("--bless")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty project to work in."""
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path
