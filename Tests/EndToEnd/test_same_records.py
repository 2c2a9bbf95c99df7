"""The same records in other files, order, compression or spelling: same verdicts, same root."""

import datetime
import gzip
import json
import random
import shutil
import subprocess

import pytest
from harness import FULL, assert_holds, files_of, judge, logged_lines, write_log

# The books about the files, and what hashes them, may differ; nothing else may. The report lists
# the files as well, in a section of its own.
BOOKS = {"inputs.json", "quarantine.ndjson.gz", "statement.json", "manifest.dsse.json",
         "SHA256SUMS"}

MOST = 12_000  # records of a network; all with ASSAY_FULL=1


def records(network):
    """A dataset's records; compute gets jobs as well, for their booleans, and times with a tail."""
    lines = logged_lines(network)
    rows = [json.loads(line) for line in (lines if FULL else lines[:MOST])]
    if network == "compute":
        first = {}
        for row in rows:
            first.setdefault(row["node"], row["ts"])
        for i, (node, ts) in enumerate(list(first.items())[:120]):
            for j in range(3):
                rows.append({"ts": ts + j, "node": node, "kind": "job", "job_id": f"j/{i}-{j} é",
                             "task": "t", "organic": j == 1, "agreed": (i + j) % 9 != 0,
                             "elapsed_ms": 1000.5 + i, "cpu_ms": 0, "expected_ms": 1e3})
    return rows


def line(row):
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def shuffled(rows, seed=1):
    mixed = list(rows)
    random.Random(seed).shuffle(mixed)
    return mixed


def in_one(folder, rows):
    write_log(folder / "log.ndjson", map(line, rows))


def out_of_order(folder, rows):
    write_log(folder / "log.ndjson", map(line, shuffled(rows)))


def dealt(folder, rows, ending="ndjson"):
    mixed = shuffled(rows, 2)
    for i in range(7):
        write_log(folder / f"{'ab'[i % 2]}/{7 - i}.{ending}", map(line, mixed[i::7]))


def packed(folder, rows):
    dealt(folder, rows, "ndjson.gz")


def in_members(folder, rows):
    """A gzip file of several members, as appending to a log makes it."""
    text = ["".join(line(r) + "\n" for r in rows[i::3]).encode() for i in range(3)]
    (folder / "log.jsonl.gz").write_bytes(b"".join(map(gzip.compress, text)))


def zstd(folder):
    if not shutil.which("zstd"):
        pytest.skip("the zstd command is not installed")
    paths = [str(p) for p in folder.rglob("*.ndjson")]
    subprocess.run(["zstd", "-q", "--rm", *paths], check=True)


def packed_with_zstd(folder, rows):
    dealt(folder, rows)
    zstd(folder)


def packed_in_all_ways(folder, rows):
    dealt(folder, rows[0::3])
    zstd(folder)
    packed(folder, rows[1::3])
    in_one(folder, rows[2::3])


def spell_time(ts, choice):
    if choice.random() < 0.3:
        return str(ts)
    offset = choice.choice([0, 0, 330, -720, 840])
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ts, minutes=offset)
    text = moment.strftime("%Y-%m-%d") + choice.choice("Tt ") + moment.strftime("%H:%M:%S")
    if ts % 1000 or choice.random() < 0.5:
        text += f".{ts % 1000:03}" + choice.choice(["", "0", "999"])
    sign, minutes = "-" if offset < 0 else "+", abs(offset)
    return f'"{text}{sign}{minutes // 60:02}:{minutes % 60:02}"' if offset else f'"{text}Z"'


def spell_string(text, choice):
    """The string with some characters escaped in one of the ways JSON has."""
    out = ""
    for unit in text.encode("utf-16-be").hex(" ", 2).split():
        plain = chr(int(unit, 16))
        escaped = choice.choice([f"\\u{unit}", f"\\u{unit.upper()}"])
        shown = '"' not in plain and "\\" not in plain and " " <= plain < "\x7f"
        out += "\\/" if plain == "/" else plain if shown and choice.random() < 0.8 else escaped
    return f'"{out}"'


def spell_number(value, choice):
    """The same IEEE double, written in another way."""
    text = repr(value)
    ways = [text, f"{float(value)!r}", f"{value:.17e}", f"{value:.17E}".replace("E+", "E")]
    if float(value) == int(value):
        ways += [f"{int(value)}", f"{int(value)}.000", f"{int(value)}e0"]
    if value == 0:
        ways += ["-0", "-0.0", "0e9"]
    return choice.choice([w for w in ways if float(w) == float(value)])


def spell(row, choice):
    pairs = []
    for key, value in row.items():
        if key == "ts":
            text = spell_time(value, choice)
        elif isinstance(value, bool):
            text = choice.choice(["true", "1"] if value else ["false", "0"])
        elif isinstance(value, str):
            text = spell_string(value, choice)
        elif key in ("device_index", "gpu_count", "cpu_cores"):
            text = str(value)
        else:
            text = spell_number(value, choice)
        pairs.append((spell_string(key, choice), text))
    choice.shuffle(pairs)
    space = lambda: choice.choice(["", "", " ", "\t", "  "])  # noqa: E731
    inside = f"{space()},{space()}".join(f"{k}{space()}:{space()}{v}" for k, v in pairs)
    return f"{space()}{{{inside}}}{space()}{choice.choice(['', chr(13)])}"


def spelt_otherwise(folder, rows):
    choice = random.Random(3)
    often = 1 if FULL else 0.3
    lines = [spell(row, choice) if choice.random() < often else line(row)
             for row in shuffled(rows, 4)]
    write_log(folder / "log.ndjson", lines[::2] + ["", "  "] + lines[1::2])


LAYOUTS = [out_of_order, dealt, packed, in_members, packed_with_zstd, packed_in_all_ways,
           spelt_otherwise]


@pytest.fixture(scope="module")
def rows():
    return {network: records(network) for network in ("wireless", "compute")}


@pytest.fixture(scope="module")
def expected(tmp_path_factory, rows, models):
    """A bundle's files by network and whether it has a model, from the records in one file."""
    made = {}

    def of(network, with_model):
        if (network, with_model) not in made:
            folder = tmp_path_factory.mktemp("one")
            in_one(folder / "log", rows[network])
            made[network, with_model] = files_of(judged(network, with_model, folder, models))
        return made[network, with_model]

    return of


def judged(network, with_model, folder, models):
    options = ["--model", models[network]] if with_model else []
    out = folder / f"out-{'model' if with_model else 'self-fit'}"
    return judge(network, out, folder / "log", options=options)


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory, rows):
    """The folder that a layout writes a network's records to; written once."""
    made = {}

    def of(layout, network):
        if (layout, network) not in made:
            folder = tmp_path_factory.mktemp("layout")
            (folder / "log").mkdir()
            layout(folder / "log", rows[network])
            made[layout, network] = folder
        return made[layout, network]

    return of


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("network, with_model", [
    ("wireless", False), pytest.param("wireless", True, marks=pytest.mark.slow),
    ("compute", False), ("compute", True)])
def test_the_same_records_give_the_same_verdicts(
        layout, network, with_model, laid_out, expected, models):
    folder = laid_out(layout, network)
    again = files_of(judged(network, with_model, folder, models))
    plain = expected(network, with_model)
    assert again.keys() == plain.keys()
    differ = [name for name in plain if again[name] != plain[name]]
    assert set(differ) <= BOOKS


@pytest.mark.parametrize("network", ["wireless", "compute"])
def test_repeats_unknown_fields_and_nulls_change_no_verdict(
        network, tmp_path, rows, expected, models):
    mixed = [{**row, "unheard": [1, {"of": None}], "peer": None} if i % 5 == 0 else row
             for i, row in enumerate(rows[network])]
    in_one(tmp_path / "log", mixed + rows[network][::3] + mixed[:10])
    bundle = judged(network, False, tmp_path, models)
    assert_holds(bundle)
    again, plain = files_of(bundle), expected(network, False)
    for name in ("verdicts/00000.ndjson.gz", "ledger/root.json"):
        assert again[name] == plain[name]
    counts = json.loads(again["inputs.json"])["counts"]
    assert counts["duplicate"] == len(rows[network][::3]) + 10
    assert counts["ignored_fields"] > 0


def test_damaged_lines_among_them_change_no_verdict(tmp_path, rows, expected, models):
    lines = list(map(line, rows["compute"]))
    lines[100:100] = ["{", '{"ts":1}', lines[0][:-9], '{"ts":"x","node":"n","kind":"claim"}']
    write_log(tmp_path / "log/log.ndjson", lines)
    bundle = judged("compute", False, tmp_path, models)
    assert_holds(bundle)
    again, plain = files_of(bundle), expected("compute", False)
    for name in ("verdicts/00000.ndjson.gz", "ledger/root.json"):
        assert again[name] == plain[name]
