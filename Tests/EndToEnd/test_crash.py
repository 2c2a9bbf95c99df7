"""A run that is killed leaves nothing that looks like a bundle, and the next one is as if it never
happened."""

import hashlib
import random
import shutil
import subprocess
import time

import pytest
from harness import (BINARY, FULL, assert_holds, environment, files_of, judge, logged_lines, sums,
                     write_log)

KILLS = 50 if FULL else 12
COPIES = 8 if FULL else 5  # of the dataset: a run takes from half a second to one
SEED = 20_240_229


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory):
    """(log, SHA256SUMS of an undisturbed run, its seconds)."""
    folder = tmp_path_factory.mktemp("crash")
    lines = logged_lines("wireless")
    copies = (line.replace('"node":"', f'"node":"{i}-').replace('"device":"', f'"device":"{i}')
              for i in range(COPIES) for line in lines)
    log = write_log(folder / "log.ndjson", copies)
    start = time.monotonic()
    bundle = judge("wireless", folder / "out", log)
    return log, sums(bundle), time.monotonic() - start


def start(out, log):
    arguments = ["run", "--profile", "wireless", "--epoch", "all", "--memory", "32MB",
                 "--out", str(out), str(log)]
    return subprocess.Popen([BINARY, *arguments], env=environment({"TMPDIR": str(out.parent)}),
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def wait_for_staging(process, out):
    """Waits until the run writes its files."""
    while process.poll() is None and not (out / ".incomplete").exists():
        time.sleep(0.0005)


def assert_only_complete(out, expected):
    """Whatever stands at a bundle's place is the bundle, whole."""
    for bundle in (out / "wireless").glob("*"):
        assert bundle.name.startswith("epoch-") and sums(bundle) == expected
        files = files_of(bundle)
        for row in expected.splitlines():
            digest, name = row.split("  ")
            assert hashlib.sha256(files[name]).hexdigest() == digest
        assert "ledger/root.json" in files


def test_killed_runs_leave_no_partial_bundle(tmp_path, disturbed):
    log, expected, seconds = disturbed
    out, choice = tmp_path / "work/out", random.Random(SEED)
    out.mkdir(parents=True)
    interrupted = staged = 0
    for attempt in range(KILLS):
        process = start(out, log)
        if attempt % 2:  # while it writes
            wait_for_staging(process, out)
            time.sleep(choice.uniform(0, 0.03))
        else:  # at any moment
            time.sleep(choice.uniform(0, 1.1 * seconds))
        process.kill()
        process.communicate()
        interrupted += process.returncode == -9
        staged += (out / ".incomplete").exists()
        assert_only_complete(out, expected)
        assert {p.name for p in out.iterdir()} <= {"wireless", ".incomplete"}
        assert [p.name for p in out.parent.iterdir()] == ["out"]  # temporary files are nameless
        shutil.rmtree(out / "wireless", ignore_errors=True)  # so that the next has to write it
    assert interrupted >= KILLS // 3 and staged >= 1
    bundle = judge("wireless", out, log)
    assert sums(bundle) == expected
    assert {p.name for p in out.iterdir()} == {"wireless"}
    assert [p.name for p in (out / "wireless").iterdir()] == [bundle.name]
    assert_holds(bundle)


def test_runs_side_by_side_give_one_bundle(tmp_path, disturbed):
    log, expected, _ = disturbed
    out = tmp_path / "work/out"
    out.mkdir(parents=True)
    processes = [start(out, log) for _ in range(3)]
    messages = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], messages
    assert_only_complete(out, expected)
    assert {p.name for p in out.iterdir()} == {"wireless"}
    assert len(list((out / "wireless").iterdir())) == 1
