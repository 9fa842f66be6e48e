"""`--add-noqa`: where its comments go, that they count, and that nothing else changes."""

from __future__ import annotations

import os

import pytest
from fixing_tools import notebook, sources
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from losslint.cli import main
from losslint.config import Settings
from losslint.engine import check
from losslint.engine.noting import add_noqa, is_fit
from losslint.engine.splicing import EditError
from losslint.engine.writing import WriteError
from losslint.source.comment_lines import comment_lines
from losslint.source.suppress import find

HEAD = "import torch.nn.functional as F\n"
BAD = "F.cross_entropy(F.softmax(x, 1), y)"


def added(text, folder, name="train.py", reason=""):
    """The text after comments were written, which must be enough, and not be written twice."""
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    findings = check([name], Settings()).findings
    assert findings
    assert add_noqa(findings, reason).findings == len(findings)
    assert check([name], Settings()).findings == ()
    return file.read_bytes()


def after(body, folder, **options):
    return added(HEAD + body, folder, **options).decode().removeprefix(HEAD)


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        (f"a = {BAD}\n", f"a = {BAD}  # noqa: LL101\n"),
        (f"a = {BAD}", f"a = {BAD}  # noqa: LL101"),
        (f"a = {BAD} \t \n", f"a = {BAD}  # noqa: LL101\n"),
        (f"a = {BAD}  # why\n", f"a = {BAD}  # why  # noqa: LL101\n"),
        (f"a = {BAD}  # noqa: E501\n", f"a = {BAD}  # noqa: E501, LL101\n"),
        (f"a = {BAD}  # NOQA:E501,W291 long\n", f"a = {BAD}  # NOQA:E501,W291, LL101 long\n"),
        (f"a = {BAD}  # noqa: E501  # type: ignore\n", f"a = {BAD}  # noqa: E501, LL101  # type: ignore\n"),
        (f"a = {BAD}  # type: ignore  # noqa: E501\n", f"a = {BAD}  # type: ignore  # noqa: E501, LL101\n"),
        (f"a = {BAD}; b = {BAD}\n", f"a = {BAD}; b = {BAD}  # noqa: LL101\n"),
        (
            "a = F.cross_entropy(F.softmax(F.softmax(x, 1), 1), y)\n",
            "a = F.cross_entropy(F.softmax(F.softmax(x, 1), 1), y)  # noqa: LL101, LL305\n",
        ),
        (
            "a = F.cross_entropy(\n    F.softmax(x, 1),\n    y,\n)\n",
            "a = F.cross_entropy(  # noqa: LL101\n    F.softmax(x, 1),\n    y,\n)\n",
        ),
        (
            "a = F.cross_entropy(  # first\n    F.softmax(x, 1), y)\n",
            "a = F.cross_entropy(  # first  # noqa: LL101\n    F.softmax(x, 1), y)\n",
        ),
        (f"a = \\\n    {BAD}\n", f"a = \\\n    {BAD}  # noqa: LL101\n"),
        (f"a = {BAD} + \\\n    1\n", f"a = {BAD} + \\\n    1  # noqa: LL101\n"),
        (f"f({BAD}, '''\n''',\n  1)\n", f"f({BAD}, '''\n''',\n  1)  # noqa: LL101\n"),
        (f"f('''\n''', {BAD}, 1)\n", f"f('''\n''', {BAD}, 1)  # noqa: LL101\n"),
        (f"f(f'''\n{{z}}\n''', {BAD}, '''\n\n''')\n", f"f(f'''\n{{z}}\n''', {BAD}, '''\n\n''')  # noqa: LL101\n"),
        (f"if {BAD}:\n    pass\n", f"if {BAD}:  # noqa: LL101\n    pass\n"),
        (
            f"[\n  0,\n  {BAD},\n]\n",
            f"[\n  0,\n  {BAD},  # noqa: LL101\n]\n",
        ),
    ],
)
def test_where_it_goes(folder, before, wanted):
    assert after(before, folder) == wanted


def test_a_reason(folder):
    assert after(f"a = {BAD}\n", folder, reason="a teacher") == f"a = {BAD}  # noqa: LL101 - a teacher\n"
    listed = after(f"a = {BAD}  # noqa: E501\n", folder, reason="hand-made")
    assert listed == f"a = {BAD}  # noqa: E501, LL101 - hand-made\n"
    other = after(f"a = {BAD}  # noqa: E501 long\n", folder, reason="a teacher")
    assert other == f"a = {BAD}  # noqa: E501, LL101 long\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(folder, end):
    text = f"{HEAD}a = (\n  1)\nb = {BAD}\nc = 2\n".replace("\n", end)
    assert added(text, folder).decode() == text.replace(BAD, f"{BAD}  # noqa: LL101")


def test_encodings_stay(folder):
    text = f"# coding: latin-1\nz = 'é'; {HEAD}a = {BAD}  # ü\n".encode("latin-1")
    assert added(text, folder) == text.rstrip() + b"  # noqa: LL101\n"
    marked = b"\xef\xbb\xbf" + f"{HEAD}a = {BAD}".encode()
    assert added(marked, folder) == marked + b"  # noqa: LL101"


def test_a_reason_that_the_encoding_has_not(folder):
    text = f"# coding: latin-1\n{HEAD}a = {BAD}\n".encode("latin-1")
    (folder / "train.py").write_bytes(text)
    with pytest.raises(EditError, match="latin-1"):
        add_noqa(check(["."], Settings()).findings, "Ω")
    assert (folder / "train.py").read_bytes() == text


def test_in_notebooks(folder):
    raw = notebook([HEAD, "%matplotlib inline\n", f"a = '\u00e9', {BAD}"], f"%%time\nb = {BAD}\n", indent=1)
    assert sources(added(raw, folder, "n.ipynb")) == [
        [HEAD, "%matplotlib inline\n", f"a = '\u00e9', {BAD}  # noqa: LL101"],
        f"%%time\nb = {BAD}  # noqa: LL101\n",
    ]


def test_beside_a_cell_that_cannot_be_parsed(folder):
    raw = notebook(HEAD, "x = (\n", f"b = {BAD}\n")
    assert sources(added(raw, folder, "n.ipynb"))[1:] == ["x = (\n", f"b = {BAD}  # noqa: LL101\n"]


def test_the_sink_gets_it_wherever_the_source_is(folder):
    (folder / "model.py").write_text(HEAD + "def forward(x):\n    return F.softmax(x, 1)\n")
    (folder / "train.py").write_text(HEAD + "from model import forward\nloss = F.cross_entropy(forward(x), y)\n")
    add_noqa(check(["model.py"], Settings()).findings)
    assert (folder / "train.py").read_text().endswith("y)  # noqa: LL101\n")
    assert check(["."], Settings()).findings == ()


def test_all_or_nothing(folder):
    text = f"{HEAD}a = {BAD}\n"
    for name in ("a.py", "b.py"):
        (folder / name).write_text(text)
    findings = check(["."], Settings()).findings
    os.chmod(folder / "b.py", 0o444)
    with pytest.raises(WriteError, match=r"b\.py is read-only"):
        add_noqa(findings)
    assert (folder / "a.py").read_text() == text


def run(*arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(["check", "--no-cache", *arguments])
    return left.value.code, *capsys.readouterr()


def test_the_command(folder, capsys):
    (folder / "a.py").write_text(f"{HEAD}a = {BAD}\nb = 1  # noqa: LL303\n")
    (folder / "b.py").write_text(f"{HEAD}a = {BAD}\n")
    code, out, err = run("--add-noqa", "--reason", "so be it", capsys=capsys)
    assert (code, out) == (0, "Wrote comments for 2 findings in 2 files.\n")
    assert err == "losslint: 1 finding on comments left as they are; --fix removes unused ones\n"
    assert (folder / "b.py").read_text() == f"{HEAD}a = {BAD}  # noqa: LL101 - so be it\n"
    assert run("--add-noqa", capsys=capsys)[:2] == (0, "No findings to write comments for.\n")
    run("--fix", capsys=capsys)
    assert run(capsys=capsys)[:2] == (0, "All 2 files clean.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--add-noqa", "--fix"), "--add-noqa and --fix do not go together"),
        (("--add-noqa", "--diff"), "--add-noqa and --diff do not go together"),
        (("--add-noqa", "--fix-only"), "--add-noqa and --fix-only do not go together"),
        (("--reason", "x"), "give both"),
        (("--add-noqa", "--reason", ""), "one line of text"),
        (("--add-noqa", "--reason", "a\nb"), "one line of text"),
        (("--add-noqa", "--reason", "# noqa"), "one line of text"),
    ],
)
def test_options_that_make_no_sense(folder, capsys, arguments, said):
    (folder / "a.py").write_text(f"{HEAD}a = {BAD}\n")
    code, _, err = run(*arguments, capsys=capsys)
    assert code == 2
    assert said in err
    assert (folder / "a.py").read_text() == f"{HEAD}a = {BAD}\n"


def test_what_cannot_be_written_is_one_error(folder, capsys):
    (folder / "a.py").write_text(f"{HEAD}a = {BAD}\n")
    os.chmod(folder / "a.py", 0o444)
    code, out, err = run("--add-noqa", capsys=capsys)
    assert (code, out, err) == (2, "", "Error: a.py is read-only; nothing was written\n")


def test_a_text_without_tokens_has_no_place():
    assert comment_lines("x = (") is None
    assert comment_lines("x = '''") is None
    assert comment_lines("x = (\n1)\n").best(1, 1) == 1
    assert comment_lines("x = '''\n#'''").best(1, 1) == 2


@limits(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["x", " ", "\n", "'", "'''", "f'''", "{", "}", "(", ")", "\\", "\\\n", "#", ";", ":", "if "])
    )
)
def test_a_comment_on_the_best_line_is_a_comment_for_it(parts):
    text = "".join(parts)
    lines = comment_lines(text)
    if lines is None:
        return
    written = text.split("\n")
    for number in range(1, len(written) + 1):
        best = lines.best(number, number)
        changed = [*written]
        changed[best - 1] += "  # noqa: LL101"
        comments = find("\n".join(changed)).comments
        assert [one.line for one in comments] == [best], (text, number)


def test_what_a_reason_may_be():
    assert is_fit("it is a teacher: émigré")
    assert not any(map(is_fit, ("", " ", "a\rb", "a # b", "a\x85b", "a\u2028b", "\x1b[0m")))
