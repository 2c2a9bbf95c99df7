"""`assay score`: any table in, row,raw,p,q out; hostile ones get a right answer or a clear error."""

import csv
import gzip
import io
import json
import math
import random

import pytest
from harness import run, succeed
from test_determinism import ARITHMETIC, NO_VECTORS

SLOW = {"Nehalem, no AVX2 and FMA", "many BLAS threads", "one BLAS thread"}


def write(path, rows, header=None):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header or [f"x{column}" for column in range(len(rows[0]))])
    writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def normals(rows, columns, seed=1, outliers=0):
    """Correlated normal rows, the first of them 12 spreads off in one column."""
    generator = random.Random(seed)
    table = []
    for row in range(rows):
        common = generator.gauss(0, 1)
        table.append([round(generator.gauss(0, 1) + common, 6) for _ in range(columns)])
        if row < outliers:
            table[-1][row % columns] += 12
    return table


def scores(*arguments, **options):
    """The rows of the result, as numbers."""
    lines = list(csv.reader(io.StringIO(succeed("score", *arguments, **options).stdout)))
    assert lines[0] == ["row", "raw", "p", "q"]
    assert [int(line[0]) for line in lines[1:]] == list(range(len(lines) - 1))
    return [(float(raw), float(p), float(q)) for _, raw, p, q in lines[1:]]


def benjamini_hochberg(p):
    """q-values in exact integers of parts per billion, rounded up."""
    units = [round(value * 10**9) for value in p]
    order = sorted(range(len(p)), key=lambda index: units[index])
    q, smallest = [0] * len(p), 10**9
    for place in range(len(p) - 1, -1, -1):
        smallest = min(smallest, -(-len(p) * units[order[place]] // (place + 1)))
        q[order[place]] = smallest
    return [value / 10**9 for value in q]


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tables")
    return {
        "own": write(folder / "own.csv", normals(400, 5, outliers=8)),
        "honest": write(folder / "honest.csv.gz", normals(900, 5, seed=2)),
    }


def test_planted_rows_come_first_and_p_and_q_are_consistent(tables):
    result = scores(tables["own"])
    strangest = sorted(range(400), key=lambda row: -result[row][0])[:8]
    assert sorted(strangest) == list(range(8))
    p = [one[1] for one in result]
    assert all(1 / 400 <= value <= 1 for value in p)
    assert [one[2] for one in result] == pytest.approx(benjamini_hochberg(p), abs=1e-9)
    pairs = sorted(zip([one[0] for one in result], p))
    assert all(a[1] >= b[1] for a, b in zip(pairs, pairs[1:]))


@pytest.mark.parametrize("method", ["split", "cross"])
def test_with_honest_rows_to_learn_from_planted_ones_have_small_q(tables, method):
    result = scores(tables["own"], "--train", tables["honest"], "--calibration", method)
    rejected = [row for row, one in enumerate(result) if one[2] <= 0.25]
    assert set(range(8)) <= set(rejected) and len(rejected) < 14


def test_yekutieli_is_never_smaller(tables):
    plain, careful = scores(tables["own"]), scores(tables["own"], "--fdr", "by")
    assert all(a[2] <= b[2] for a, b in zip(plain, careful))
    harmonic = sum(1 / n for n in range(1, 401))
    assert all(b[2] == pytest.approx(min(1, a[2] * harmonic), rel=1e-6)
               for a, b in zip(plain, careful) if b[2] < 1)


def test_rows_may_come_in_any_order_and_columns_when_trained(tables, tmp_path):
    rows = list(csv.reader(tables["own"].open()))
    order = list(range(400))
    random.Random(3).shuffle(order)
    moved = write(tmp_path / "moved.csv", [rows[1 + row] for row in order], rows[0])
    before, after = scores(tables["own"]), scores(moved)
    assert [before[row] for row in order] == after
    turned = write(tmp_path / "turned.csv", [row[::-1] for row in rows[1:]], rows[0][::-1])
    train = ("--train", tables["honest"])
    assert scores(turned, *train) == scores(tables["own"], *train)


def test_standard_input_ndjson_and_compression_change_nothing(tables, tmp_path):
    rows = list(csv.DictReader(tables["own"].open()))
    path = tmp_path / "table.ndjson.gz"
    text = "".join(json.dumps({key: float(value) for key, value in row.items()}) + "\n"
                   for row in rows)
    path.write_bytes(gzip.compress(text.encode()))
    expected = succeed("score", tables["own"]).stdout
    assert succeed("score", path).stdout == expected
    assert succeed("score", "-", stdin=tables["own"].read_bytes()).stdout == expected
    out = tmp_path / "scores.csv"
    assert succeed("score", tables["own"], "--out", out).stdout == ""
    assert out.read_text() == expected


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name
    for name in [*ARITHMETIC, "--threads 1", "--threads 7"]])
def test_same_bytes_on_every_arithmetic(tables, tmp_path, name):
    options = name.split() if name.startswith("--") else []
    env = {} if options else ARITHMETIC[name]
    for extra in ([], ["--train", tables["honest"]]):
        why = [tmp_path / "plain.ndjson", tmp_path / "variant.ndjson"]
        plain = succeed("score", tables["own"], *extra, "--explain", why[0], "--top", "0.05")
        variant = succeed("score", tables["own"], *extra, "--explain", why[1], "--top", "0.05",
                          *options, env=env)
        assert variant.stdout == plain.stdout
        assert why[1].read_bytes() == why[0].read_bytes()
    assert NO_VECTORS


def test_explanations_add_up_and_name_the_column(tables, tmp_path):
    why = tmp_path / "why.ndjson"
    result = scores(tables["own"], "--train", tables["honest"], "--explain", why, "--top", "0.02")
    lines = [json.loads(line) for line in why.read_text().splitlines()]
    assert [line["row"] for line in lines] == sorted(range(8), key=lambda row: -result[row][0])
    for line in lines:
        assert line["reasons"][0]["column"] == f"x{line['row'] % 5}"
        assert sum(part["amount"] for part in line["reasons"]) == pytest.approx(
            line["raw"], rel=1e-12)
        assert line["reasons"][0]["high"] < line["reasons"][0]["value"]
        accepted = line["accepted_at"]
        assert accepted["or_below"] and accepted["value"] < line["reasons"][0]["value"]
        assert not set(line["nearest_accepted"]) & set(range(8))


def test_a_counterfactual_is_accepted_and_a_little_more_is_not(tables, tmp_path):
    why, rows = tmp_path / "why.ndjson", list(csv.reader(tables["own"].open()))
    train = ("--train", tables["honest"])
    scores(tables["own"], *train, "--explain", why, "--top", "0.001")
    line = json.loads(why.read_text().splitlines()[0])
    accepted, column = line["accepted_at"], rows[0].index(line["accepted_at"]["column"])
    changed = [rows[1 + line["row"]][:] for _ in range(2)]
    changed[0][column] = accepted["value"]
    changed[1][column] = accepted["value"] + 0.5
    result = scores(write(tmp_path / "changed.csv", changed, rows[0]), *train)
    assert result[0][1] > 0.01 >= result[1][1]


def test_decisions_move_their_kind_up(tmp_path):
    """Two kinds of strange rows; analysts care for one of them only."""
    rows = normals(600, 4, seed=5)
    for row in range(0, 20):
        rows[row][0] += 7
    for row in range(20, 40):
        rows[row][1] += 7
    table = write(tmp_path / "table.csv", rows)
    labels = tmp_path / "labels.csv"
    labels.write_text("row,label\n" + "".join(f"{row},1\n" for row in range(10))
                      + "".join(f"{row},0\n" for row in range(20, 30)))

    def place(result):
        order = sorted(range(600), key=lambda row: -result[row][0])
        return sum(order.index(row) for row in range(10, 20)) / 10

    before = scores(table)
    after = scores(table, "--labels", labels)
    assert place(after) < place(before) - 2
    none = tmp_path / "none.csv"
    none.write_text("row,label\n")
    assert scores(table, "--labels", none) == before


def test_a_label_column_is_left_out_and_reported_on(tables, tmp_path):
    rows = list(csv.reader(tables["own"].open()))
    labelled = write(tmp_path / "labelled.csv",
                     [row + [int(number < 8)] for number, row in enumerate(rows[1:])],
                     rows[0] + ["y"])
    result = succeed("score", labelled, "--label-column", "y")
    assert result.stdout == succeed("score", tables["own"]).stdout
    assert "AUROC 1.0000, AUPRC 1.0000" in result.stderr


RIGHT = {
    "all constant": [[7, 7]] * 50,
    "missing everywhere": [["", "NaN"]] * 40 + [[1, "NA"]] * 3,
    "one row": [[1, 2]],
    "two rows": [[1, 2], [3, 4]],
    "three rows": [[1, 2], [3, 4], [500, 600]],
    "one column": [[value] for value in range(100)],
    "one value off in a constant column": [[0, 1]] * 99 + [[0, 2]],
    "one column of 10^300": [[value * 1e300, value % 7] for value in range(-50, 50)],
    "one column of 10^-300": [[value * 1e-300, value % 7] for value in range(-50, 50)],
    "the largest doubles": [[(-1) ** row * 1.7976931348623157e308, row] for row in range(60)],
    "repeated rows": [[1.5, 2.5]] * 3000 + [[1.5, 9.5]],
    "one row seen by nothing": [["", ""]] + [[1, 2], [2, 3], [3, 1], [4, 4]] * 10,
}


@pytest.mark.parametrize("name", RIGHT)
def test_degenerate_tables_get_finite_scores(name, tmp_path):
    rows = RIGHT[name]
    table = write(tmp_path / "table.csv", rows)
    result = scores(table, "--explain", tmp_path / "why.ndjson")
    assert len(result) == len(rows)
    assert all(math.isfinite(raw) and raw >= 0 and 0 < p <= 1 and 0 < q <= 1
               for raw, p, q in result)
    if "off" in name or "repeated" in name:
        assert max(range(len(rows)), key=lambda row: result[row][0]) == len(rows) - 1
    if "constant" in name and "off" not in name:
        assert {one[1] for one in result} == {1}


def test_a_million_equal_rows(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("a,b\n" + "1,2\n" * 10**6 + "1,3\n")
    out = tmp_path / "out.csv"
    succeed("score", path, "--out", out)
    lines = out.read_text().splitlines()
    assert len(lines) == 10**6 + 2
    assert lines[1].split(",")[2] == "1" and float(lines[-1].split(",")[1]) > 0


WRONG = {
    "infinite": ("a,b\n1,2\n1,inf\n", ["line 3", "b"]),
    "beyond the largest double": ("a\n1\n1e999\n", ["line 3", "a"]),
    "ragged": ("a,b\n1,2\n1,2,3\n", ["line 3", "3", "2"]),
    "text": ("a,b\n1,2\n1,apple\n", ["line 3", "b", "apple", "--ignore"]),
    "an open quote": ('a,b\n1,"2\n3,4\n', ["line 2"]),
    "empty": ("", []),
    "only a header": ("a,b\n", []),
    "a name twice": ("a,a\n1,2\n", ["a"]),
    "semicolons": ("a;b\n1;2\n", ["comma"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_unusable_tables_are_refused_by_place_and_reason(name, tmp_path):
    text, words = WRONG[name]
    path = tmp_path / "table.csv"
    path.write_text(text)
    out = tmp_path / "out.csv"
    result = run("score", path, "--out", out)
    assert result.code == 3 and result.stdout == "" and not out.exists()
    assert "table.csv" in result.stderr
    assert all(word in result.stderr for word in words), result.stderr


def test_more_columns_than_distances_are_exact_over(tmp_path):
    path = write(tmp_path / "wide.csv", [[row * column % 17 for column in range(2049)]
                                         for row in range(4)])
    result = run("score", path)
    assert result.code == 3 and "2049" in result.stderr and "2048" in result.stderr


def test_two_thousand_columns(tmp_path):
    generator = random.Random(1)
    rows = [[generator.random() for _ in range(2000)] for _ in range(30)]
    rows[4] = [value + 3 for value in rows[4]]
    result = scores(write(tmp_path / "wide.csv", rows))
    assert max(range(30), key=lambda row: result[row][0]) == 4


LABELS = {
    "no such row": ("row,label\n400,1\n", "rows 0 to 399"),
    "a row twice": ("row,label\n4,1\n4,0\n", "twice"),
    "a label of 2": ("row,label\n4,2\n", "row 2"),
    "another header": ("node,verdict\n4,1\n", "header"),
    "a row in words": ("row,label\nfour,1\n", "four"),
}


@pytest.mark.parametrize("name", LABELS)
def test_wrong_labels_files_are_refused(name, tables, tmp_path):
    text, word = LABELS[name]
    path = tmp_path / "labels.csv"
    path.write_text(text)
    result = run("score", tables["own"], "--labels", path)
    assert result.code == 3 and word in result.stderr and "labels.csv" in result.stderr


def test_training_on_other_columns_or_on_nothing_names_the_fault(tables, tmp_path):
    other = write(tmp_path / "other.csv", normals(50, 5), ["x0", "x1", "x2", "x3", "z"])
    result = run("score", tables["own"], "--train", other)
    assert result.code == 3 and "x4" in result.stderr and "z" in result.stderr
    few = write(tmp_path / "few.csv", normals(2, 5))
    result = run("score", tables["own"], "--train", few)
    assert result.code == 3 and "there are 2" in result.stderr


def test_usage_errors_leave_nothing_behind(tables, tmp_path):
    for arguments in (["--top", "0"], ["--calibration", "split"], ["--fdr", "none"],
                      ["--threads", "0"],
                      ["--train", tables["honest"], "--labels", tables["own"]]):
        assert run("score", tables["own"], *arguments, cwd=tmp_path).code == 2
    assert run("score", tables["own"], "--label-column", "nope").code == 3
    assert run("score", tmp_path / "absent.csv").code == 3
    assert run("score", tables["own"], "--out", tmp_path / "no" / "where.csv").code == 4
    assert list(tmp_path.iterdir()) == []
