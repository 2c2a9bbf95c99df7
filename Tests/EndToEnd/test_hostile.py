"""Names chosen by those whom a bundle accuses: through run, verify, inspect and the report."""

import json
import shutil
import unicodedata
from html.parser import HTMLParser

import pytest
from harness import (DATASETS, assert_holds, judge, logged_lines, run, succeed, verdicts, write_log)

NAMES = [
    "\x1b[2J\x1b]0;owned\x07", "line\nfeed\r\ttab", "\u202egnp.exe\u2066\u200b",
    "\"quoted\" 'twice' \\", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>",
    "n" * 256, "🛰️" * 36, "&lt;b&gt; %s %n ${HOME} `id`", "\x7f\x80\x9b\u2028\u2029\ufeff",
    "-rf", "--json", "../../etc/passwd", " ", "é" * 128, "e\u0301\u0301\u0301",
    "\U0010ffff\ufffe\ue000", "\0nul",
]
COMPUTE = ("--profile", "compute", "--epoch", "all")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A bundle in which flagged nodes have the names above; with the log it is of."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [json.loads(line) for line in logged_lines("compute")]
    plain = judge("compute", folder / "plain", DATASETS["compute"])
    strange = sorted(verdicts(plain), key=lambda v: (v["verdict"] != "hold", -v["raw_micro"]))
    renamed = dict(zip((v["node"] for v in strange), NAMES))
    for row in rows:
        name = renamed.get(row["node"])
        if name is None:
            continue
        row["node"] = name
        if row["kind"] == "claim":
            row["owner"], row["region"] = name, "</td><script>"
        if row["kind"] == "inventory":
            row["gpu_uuid"] = "shared among them"  # makes each name a peer of the others
            row["compute_cap"] = 1.0  # what no card on the market has: the name is flagged
    log = write_log(folder / "<b>log\x1b[1m.ndjson", rows)
    return judge("compute", folder / "out", log), log


def is_plain(text):
    """Nothing moves the cursor, hides, or changes the direction of a line."""
    odd = {"Cc", "Cf", "Zl", "Zp", "Cs"}
    return not any(unicodedata.category(c) in odd for c in text if c != "\n")


def test_the_bundle_holds_and_keeps_every_name(hostile):
    bundle, _ = hostile
    assert_holds(bundle)
    by_node = {v["node"]: v for v in verdicts(bundle)}
    assert set(NAMES) <= set(by_node)
    flagged = [n for n in NAMES if by_node[n]["verdict"] in ("hold", "reject")]
    assert len(flagged) >= 5
    peers = {p for n in NAMES for r in by_node[n]["reasons"] for p in r.get("peers", [])}
    assert peers & set(NAMES)


def test_the_summary_of_a_run_is_plain_text(hostile, out):
    _, log = hostile
    result = succeed("run", *COMPUTE, "--out", out, log)
    assert is_plain(result.stdout) and is_plain(result.stderr)
    assert "\\u{1b}" in result.stdout


@pytest.mark.parametrize("index", range(len(NAMES)))
def test_inspect_finds_the_name_and_prints_it_as_plain_text(hostile, index):
    bundle, _ = hostile
    name = NAMES[index]
    if "\0" in name:
        pytest.skip("an argument cannot hold NUL")
    result = succeed("inspect", bundle, "--", name)
    assert is_plain(result.stdout)
    assert succeed("inspect", "--json", bundle, "--", name).json["node"] == name


@pytest.mark.parametrize("bit", [-2**63, -1, 64, 2**63 - 1])
def test_inspect_survives_reasons_whose_bits_are_none(hostile, tmp_path, bit):
    bundle = shutil.copytree(hostile[0], tmp_path / "bundle")
    table = bundle / "reasons.json"
    table.write_text(json.dumps([{**r, "bit": bit} for r in json.loads(table.read_bytes())]))
    node = next(v["node"] for v in verdicts(bundle) if v["reasons"] and "\0" not in v["node"])
    assert succeed("inspect", "--json", bundle, "--", node).json["node"] == node
    assert run("verify", bundle).code == 1


@pytest.mark.parametrize("index", range(0, len(NAMES), 3))
def test_evidence_finds_the_name_and_prints_plain_text(hostile, index):
    bundle, log = hostile
    name = NAMES[index]
    result = succeed("evidence", *COMPUTE, f"--node={name}", log)
    assert is_plain(result.stdout)
    stated = next(v["evidence"] for v in verdicts(bundle) if v["node"] == name)
    assert result.stdout.rstrip().endswith(stated)


def test_an_error_that_names_a_node_is_plain_text(hostile):
    bundle, log = hostile
    for command in (["inspect", bundle, "\x1b[31m\u202enobody"],
                    ["evidence", *COMPUTE, "--node", "\x1b[31m\u202enobody", log]):
        result = run(*command)
        assert result.code == 3 and is_plain(result.stderr)


def test_the_report_escapes_every_name(hostile):
    page = (hostile[0] / "reports/report.html").read_text("utf-8")
    assert "<script" not in page and "<img" not in page and "onerror=alert(1)>" not in page
    assert "&lt;script&gt;" in page
    assert is_plain(page)
    assert page.count("U+202E") >= 1 and page.count("U+001B") >= 1


class Markup(HTMLParser):
    """Elements and attributes of a page."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.attributes = set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attributes}


def test_the_report_runs_and_loads_nothing(hostile):
    page = (hostile[0] / "reports/report.html").read_text("utf-8")
    markup = Markup(page)
    assert not markup.elements & {"script", "img", "iframe", "object", "embed", "link", "form"}
    assert not markup.attributes & {"src", "srcset", "action", "onerror", "onload", "onclick"}
    assert "url(" not in page and "@import" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("name", ["", "n" * 257, "é" * 128 + "n"], ids=["0", "257", "257 in é"])
def test_names_of_another_length_are_quarantined(tmp_path, out, name):
    rows = [{"ts": 1, "node": n, "kind": "claim", "gpu_count": 1} for n in ("good", name)]
    bundle = judge("compute", out, write_log(tmp_path / "log.ndjson", rows))
    assert_holds(bundle)
    assert [v["node"] for v in verdicts(bundle)] == ["good"]


@pytest.mark.parametrize("name", [b"\\ud800", b"\\udc00\\ud800", b"\xff\xfe", b"\xed\xa0\x80",
                                  b"\xc0\xaf", b"a\nb"], ids=repr)
def test_names_that_are_no_unicode_are_quarantined(tmp_path, out, name):
    line = b'{"ts":1,"node":"%s","kind":"claim","gpu_count":1}\n'
    (tmp_path / "log.ndjson").write_bytes(line % b"good" + line % name)
    bundle = judge("compute", out, tmp_path / "log.ndjson")
    assert_holds(bundle)
    assert [v["node"] for v in verdicts(bundle)] == ["good"]


def test_names_are_told_apart_by_their_bytes(tmp_path, out):
    names = ["é", "e\u0301", "E", "e", "ﬁ", "fi", "Å", "A\u030a", "\u212b"]
    rows = [{"ts": 1, "node": n, "kind": "claim", "gpu_count": 1} for n in names]
    bundle = judge("compute", out, write_log(tmp_path / "log.ndjson", rows))
    assert_holds(bundle)
    assert [v["node"] for v in verdicts(bundle)] == sorted(names, key=lambda n: n.encode())
    for name in names:
        assert succeed("inspect", "--json", bundle, name).json["node"] == name
