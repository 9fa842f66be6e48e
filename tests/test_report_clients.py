"""Reports as the programs of others judge them: OASIS' schema, Microsoft's SARIF multitool, a validator of reviewdog's format.

They are npm packages, which the tests install for themselves: run with `-m clients`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from report_samples import SAMPLES

from losslint.report import review, sarif

pytestmark = pytest.mark.clients

PACKAGES = (
    "@microsoft/sarif-multitool-linux@5.7.0",
    "@microsoft/jest-sarif@1.0.0-beta.0",
    "@umbrelladocs/rdformat-validator@1.0.1",
)
# it asks for an address with more about losslint
EXPECTED_REMARKS = {"SARIF2005"}


@pytest.fixture(scope="module")
def modules(tmp_path_factory):
    npm = shutil.which("npm")
    assert npm is not None, "these tests need npm"
    folder = tmp_path_factory.mktemp("npm")
    options = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder))
    subprocess.run([npm, "install", *options, *PACKAGES], check=True, cwd=folder)
    return folder / "node_modules"


@pytest.fixture(scope="module")
def validators(modules):
    old = json.loads((modules / "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8-sig"))
    new = json.loads((modules / "@microsoft/sarif-multitool-linux/sarif-2.1.0.json").read_text("utf-8-sig"))
    return Draft4Validator(old), Draft202012Validator(new)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_schema_of_sarif(validators, name):
    log = json.loads(sarif.write(SAMPLES[name]))
    for validator in validators:
        assert [error.message for error in validator.iter_errors(log)] == []
    log["runs"][0]["results"].append({"level": "advice"})
    for validator in validators:
        assert len(list(validator.iter_errors(log))) >= 2


def judged(modules, tmp_path, log):
    """What the multitool says: (severity, rule) of each remark. Its exit code says nothing."""
    program = modules / "@microsoft/sarif-multitool-linux/Sarif.Multitool"
    program.chmod(0o755)
    (tmp_path / "log.sarif").write_text(json.dumps(log))
    result = subprocess.run(
        [program, "validate", "log.sarif", "--rule-kind", "Sarif;Ghas"], capture_output=True, text=True, check=False,
        cwd=tmp_path, env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )  # fmt: skip
    shown = result.stdout + result.stderr
    assert "Analysis completed successfully." in shown, shown
    return set(re.findall(r": (error|warning|note) (\w+): ", shown))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_multitool_finds_nothing_but_a_missing_address(modules, tmp_path, name):
    remarks = judged(modules, tmp_path, json.loads(sarif.write(SAMPLES[name])))
    assert {rule for _, rule in remarks} - EXPECTED_REMARKS == set()


def test_the_multitool_would_mind(modules, tmp_path):
    log = json.loads(sarif.write(SAMPLES["plain"]))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["endLine"] = 1
    assert ("error", "SARIF1007") in judged(modules, tmp_path, log)


def validate_rdjson(modules, text):
    command = [
        "node",
        modules / "@umbrelladocs/rdformat-validator/bin/rdformat-validator.js",
        "--strict",
        "--no-extra-fields",
    ]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_validator_of_rdjson(modules, name):
    result = validate_rdjson(modules, review.write_rdjson(SAMPLES[name]))
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_validator_of_rdjson_would_mind(modules):
    assert validate_rdjson(modules, review.write_rdjson(SAMPLES["plain"]).replace('"ERROR"', '"WORSE"')).returncode == 1
