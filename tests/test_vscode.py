"""The extension for VS Code agrees with what it starts: version, options, words, documented settings."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from losslint import __version__
from losslint.cli.server import HINT
from losslint.lsp.actions import FIX_ALL, FIX_ALL_IN_NOTEBOOK
from losslint.lsp.options import Options, read_options

ROOT = Path(__file__).parent.parent
EXTENSION = ROOT / "editors" / "vscode"
CLIENT_ONLY = {"losslint.enable", "losslint.path", "losslint.interpreter", "losslint.trace.server"}


def manifest():
    return json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))


def declared():
    return manifest()["contributes"]["configuration"]["properties"]


def test_the_version_is_the_same():
    assert manifest()["version"] == __version__


def test_the_server_knows_every_setting():
    given = {name.split(".")[1]: None for name in declared()}
    assert read_options(given) == (Options(), [])


@pytest.mark.parametrize("name", sorted(declared().keys() - CLIENT_ONLY))
def test_the_server_takes_every_value(name):
    key, one = name.removeprefix("losslint."), declared()[name]
    values = {"boolean": [True, False], "string": one.get("enum", ["conf/strict.toml"])}[one["type"]]
    for value in values:
        if value != "project":  # stands for nothing said
            _, problems = read_options({key: value})
            assert problems == []
    _, problems = read_options({key: ["neither", "nor"]})
    assert len(problems) == 1


def test_the_server_has_no_option_beside():
    options = {name.removeprefix("losslint.") for name in declared().keys() - CLIENT_ONLY}
    assert {re.sub(r"[A-Z]", lambda found: "_" + found[0].lower(), one) for one in options} == set(Options.__slots__)


def test_the_readme_lists_the_settings_with_their_defaults():
    text = (EXTENSION / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(losslint\.[\w.]+)` \|(.*?)\|", text, re.MULTILINE)
    wanted = {
        name: "" if one["default"] == "" else f"`{json.dumps(one['default'])}`" for name, one in declared().items()
    }
    assert {name: default.strip() for name, default in rows} == wanted


def test_kinds_of_fixes_are_those_of_the_server():
    sources = "".join(file.read_text(encoding="utf-8") for file in sorted((EXTENSION / "src").glob("*.ts")))
    kinds = set(re.findall(r"(?:\$\{isCell \? \"(notebook\.)\" : \"\"\})(source\.fixAll\.\w+)", sources))
    assert {FIX_ALL, FIX_ALL_IN_NOTEBOOK} == {kind for prefix, rest in kinds for kind in (rest, prefix + rest)}
    readme = (EXTENSION / "README.md").read_text(encoding="utf-8")
    assert FIX_ALL in readme
    assert FIX_ALL_IN_NOTEBOOK in readme


def test_the_lock_names_no_addresses_of_packages():
    text = (EXTENSION / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in one for name, one in packages.items() if name)


def started(python, folder, *arguments):
    command = [*python, str(EXTENSION / "start.py"), *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


def test_the_starter_runs_nothing_of_the_open_folder(tmp_path):
    for name in ("losslint.py", "click.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('run')\n", encoding="utf-8")
    result = started([sys.executable], tmp_path, "--version")
    assert result.returncode == 0, result.stderr
    assert __version__ in result.stdout


def test_the_extension_reads_what_python_and_losslint_say(tmp_path):
    source = (EXTENSION / "src" / "failure.ts").read_text(encoding="utf-8")
    absent, other, _ = re.findall(r"^  if \(/(.+)/\.test\(stderr\)\)$", source, re.MULTILINE)
    assert re.search(absent, started([sys.executable, "-I", "-S"], tmp_path, "server").stderr)
    assert re.search(other, started([sys.executable], tmp_path, "serve").stderr.replace("'serve'", "'server'"))
    assert not re.search(other, started([sys.executable], tmp_path, "server", "--tpc").stderr)
    (needed,) = re.findall(r'stderr\.includes\("(.+)"\)', source)
    assert needed in HINT
