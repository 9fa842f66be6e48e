"""The list of codes and names is that of the rules; `--bless` renews it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from losslint.rules import _codes, _registry

ROOT = Path(__file__).parent.parent
FILE = Path(_codes.__file__)


def test_the_list_holds_all_rules(bless):
    rows = "".join(f'    ("{rule.code}", "{rule.name}"),\n' for rule in _registry.load())
    head = FILE.read_text(encoding="utf-8").partition("CODES = (\n")[0]
    wanted = f"{head}CODES = (\n{rows})\n"
    if bless:
        FILE.write_text(wanted, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == wanted


def test_the_list_costs_no_rule():
    code = "import sys\nfrom losslint.rules._codes import CODES\nprint([m for m in sys.modules if m.startswith('losslint.')])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout == "['losslint.rules', 'losslint.rules._codes']\n"
