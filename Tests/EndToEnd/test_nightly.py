"""`assay nightly`: order of its steps, starting again, events, and what it never removes."""

import json
import os
import shutil
import stat
import subprocess
import sys
import time

import harness
import pytest

DAYS = {"2026-01-01": 20454, "2026-01-02": 20455}
PROFILE = "environment"

# What stands in for `assay-verifier intake`: seals what is there, and prunes nothing.
VERIFIER = """
import json, pathlib, sys
arguments = dict(zip(sys.argv[3::2], sys.argv[4::2]))
if sys.argv[2] == "prune":
    sys.exit(0)
folder = pathlib.Path(arguments["--folder"], arguments["--profile"],
                      f"epoch-{int(arguments['--epoch']):06d}")
lines = sum(p.read_bytes().count(b"\\n") for p in folder.glob("part-*"))
print(json.dumps({"accepted": lines, "quarantined": 0, "parts": []}))
"""

# Seals nothing.
REFUSES = """
import sys
if sys.argv[2] == "seal":
    sys.exit(1)
"""

# Writes down what it is called with, and its standard input.
RECORDER = """
import json, sys
with open(sys.argv[1], "a") as file:
    file.write(json.dumps({"arguments": sys.argv[2:], "input": sys.stdin.read()}) + "\\n")
"""


@pytest.fixture(scope="session")
def days(tmp_path_factory):
    """Two simulated days without spoofers, as log files."""
    folder = tmp_path_factory.mktemp("days") / "log"
    harness.succeed("simulate", PROFILE, "--nodes", 40, "--epochs", 2, "--seed", 5, "--attacks",
                    "none", "--out", folder)
    return folder


class Site:
    """A machine with a log, commands and a configuration."""

    def __init__(self, folder, days):
        self.folder, self.days = folder, days
        self.settings = {
            "assay": harness.BINARY, "intake": folder / "intake", "out": folder / "out",
            "state": folder / "state", "free_bytes": 0, "reject_share": 1,
            "verifier": self.script("verifier", VERIFIER),
            "hook": [self.script("recorder", RECORDER), folder / "events"],
        }

    def script(self, name, text):
        path = self.folder / name
        path.write_text(f"#!{sys.executable}\n{text}")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def recorded(self, name):
        """A command that writes down its calls, and a function that reads them."""
        log = self.folder / f"{name}.calls"
        command = [self.folder / "recorder", log]
        return command, lambda: [json.loads(line) for line in log.read_text().splitlines()] if (
            log.exists()) else []

    def receive(self, date):
        epoch = DAYS[date]
        target = self.folder / "intake" / PROFILE / f"epoch-{epoch:06d}"
        target.mkdir(parents=True)
        shutil.copy(self.days / f"epoch-{epoch:06d}.ndjson", target / "part-000001.ndjson")

    def start(self, *options, today="2026-01-02"):
        config = self.folder / "nightly.json"
        config.write_text(json.dumps({PROFILE: self.settings}, default=str))
        return harness.run("nightly", "--config", config, "--profile", PROFILE, "--today", today,
                           *options)

    def bundle(self, date="2026-01-01"):
        return self.folder / "out" / PROFILE / f"epoch-{DAYS[date]:06d}-r0"

    def events(self):
        """Every event told, in order."""
        path = self.folder / "events"
        if not path.exists():
            return []
        return [json.loads(json.loads(line)["input"]) for line in path.read_text().splitlines()]

    def names(self):
        return [event["event"] for event in self.events()]


@pytest.fixture
def site(tmp_path, days):
    return Site(tmp_path, days)


def test_a_night_is_judged_verified_posted_and_imported_once(site):
    post, posted = site.recorded("post")
    desk, imported = site.recorded("assayd")
    site.settings |= {"post": [*post, "{bundle}"], "desk": "desk.db",
                      "assayd": site.script("desk", f"""
import subprocess, sys
sys.exit(subprocess.run({list(map(str, desk))!r} + sys.argv[1:], input=b"").returncode)
""")}
    site.receive("2026-01-01")
    first = site.start()
    assert first.code == 0, first.stderr
    harness.assert_holds(site.bundle())
    assert (site.folder / "state" / PROFILE / "epoch-020454.state").exists()
    assert [call["arguments"] for call in posted()] == [[str(site.bundle())]]
    assert imported()[0]["arguments"] == ["import", "--store", "desk.db", str(site.bundle())]
    before = harness.files_of(site.folder / "out")
    assert site.start().code == 0
    assert len(posted()) == 1 and len(imported()) == 1
    assert harness.files_of(site.folder / "out") == before
    assert site.names() == []


def test_days_that_were_missed_are_judged_in_order(site):
    site.receive("2026-01-01")
    assert site.start().code == 0
    site.receive("2026-01-02")
    assert site.start(today="2026-01-04").code == 3
    assert site.bundle("2026-01-02").is_dir()
    assert [(e["event"], e["date"]) for e in site.events()] == [("no_records", "2026-01-03")]
    assert site.start(today="2026-01-04").code == 0


def test_a_run_that_was_cut_off_is_run_again(site):
    site.receive("2026-01-01")
    assert site.start().code == 0
    expected = harness.sums(site.bundle())
    (site.folder / "out/.nightly" / PROFILE / "epoch-020454.json").unlink()
    # Killed behind the bundle, before the memory for later nights.
    (site.folder / "state" / PROFILE / "epoch-020454.state").unlink()
    assert site.start().code == 0
    assert (site.folder / "state" / PROFILE / "epoch-020454.state").exists()
    assert harness.sums(site.bundle()) == expected


def test_a_torn_progress_file_begins_the_epoch_again(site):
    site.receive("2026-01-01")
    assert site.start().code == 0
    (site.folder / "out/.nightly" / PROFILE / "epoch-020454.json").write_text('{"done": [')
    assert site.start().code == 0


def test_a_step_that_crashes_is_contained(site):
    site.receive("2026-01-01")
    site.settings["assay"] = site.script("crashes", "import os\nos.kill(os.getpid(), 11)\n")
    result = site.start()
    assert result.code == 5 and "signal 11" in result.stderr
    event, = site.events()
    assert event["event"] == "run_failed" and event["exit_code"] == 5


def test_a_failing_run_keeps_its_exit_code_and_is_told(site):
    site.receive("2026-01-01")
    site.settings["model"] = site.folder / "nothing.safetensors"
    assert site.start().code == 3
    event, = site.events()
    assert event["event"] == "run_failed" and event["exit_code"] == 3 and event["epoch"] == 20454
    # Told every time: nothing was judged.
    assert site.start().code == 3
    assert site.names() == ["run_failed"] * 2
    del site.settings["model"]
    assert site.start().code == 0 and site.bundle().is_dir()


def test_a_log_that_cannot_be_sealed_is_not_judged(site):
    site.receive("2026-01-01")
    site.settings["verifier"] = site.script("refuses", REFUSES)
    assert site.start().code == 1
    assert site.names() == ["seal_failed"] and not site.bundle().exists()


def test_a_first_night_that_fails_is_caught_up(site):
    verifier = site.settings["verifier"]
    site.settings["verifier"] = site.script("refuses", REFUSES)
    site.receive("2026-01-01")
    assert site.start().code == 1
    site.settings["verifier"] = verifier
    site.receive("2026-01-02")
    assert site.start(today="2026-01-03").code == 0
    assert site.bundle("2026-01-01").is_dir() and site.bundle("2026-01-02").is_dir()


def test_what_is_old_goes_also_when_a_night_fails(site):
    calls = site.folder / "prune.calls"
    site.settings["verifier"] = site.script("refuses", REFUSES + f"""
open({str(calls)!r}, "a").write(" ".join(sys.argv[3:]))
sys.exit(4)
""")
    site.receive("2026-01-01")
    # The first failure's code, though pruning fails too.
    assert site.start().code == 1
    assert site.names() == ["seal_failed", "prune_failed"]
    # Other profiles' logs are their own nights' business.
    assert calls.read_text().endswith(f"--keep-days 30 --profile {PROFILE}")


def test_a_bundle_that_does_not_verify_is_not_posted(site):
    post, posted = site.recorded("post")
    site.settings["post"] = [*post, "{bundle}"]
    site.receive("2026-01-01")
    site.settings["assay"] = site.script("tampers", f"""
import glob, subprocess, sys
if sys.argv[1] == "verify":
    for path in glob.glob(sys.argv[-1] + "/reports/summary.json"):
        open(path, "a").write(" ")
sys.exit(subprocess.run([{harness.BINARY!r}] + sys.argv[1:]).returncode)
""")
    assert site.start().code == 1
    event, = site.events()
    assert event["event"] == "verify_failed" and event["failures"]
    assert posted() == []


def test_alarms_withhold_posting_until_somebody_looked(site):
    post, posted = site.recorded("post")
    site.settings |= {"post": [*post, "{bundle}"], "withhold": ["guard_alarm", "drift", "rejects"]}
    site.receive("2026-01-01")
    # A run whose summary speaks of every alarm; verification has no part in this test.
    site.settings["assay"] = site.script("alarming", f"""
import json, subprocess, sys
if sys.argv[1] == "verify":
    sys.exit(0)
done = subprocess.run([{harness.BINARY!r}] + sys.argv[1:], stdout=subprocess.PIPE)
path = json.loads(done.stdout)["bundle"] + "/reports/summary.json"
summary = json.load(open(path))
summary["notices"] = ["The check E2_COPY failed on 30 nodes, more than the policy believes.",
                      "The feature rain has drifted since training."]
summary["verdicts"] = {{"accept": 30, "hold": 0, "reject": 10, "abstain": 0}}
json.dump(summary, open(path, "w"))
sys.stdout.buffer.write(done.stdout)
""")
    site.settings["reject_share"] = 0.2
    assert site.start().code == 1
    assert site.names() == ["guard_alarm", "drift", "rejects", "post_withheld"]
    assert site.events()[2]["share"] == 0.25
    # Nagging is the exit code's; people are told once.
    assert site.start().code == 1 and len(site.events()) == 4 and posted() == []
    assert site.start("--date", "2026-01-01", "--post-anyway").code == 0
    assert len(posted()) == 1
    assert site.start().code == 0 and len(posted()) == 1


def test_a_failed_post_is_tried_again(site):
    post, posted = site.recorded("post")
    site.receive("2026-01-01")
    site.settings["post"] = [site.script("no_chain", "import sys\nsys.exit(4)\n")]
    assert site.start().code == 4 and site.names() == ["post_failed"]
    site.settings["post"] = [*post, "{bundle}"]
    assert site.start().code == 0 and len(posted()) == 1


def test_a_hook_that_fails_or_hangs_stops_nothing(site):
    site.receive("2026-01-01")
    site.settings |= {"free_bytes": 1 << 60, "hook_seconds": 1,
                      "hook_disk_low": [site.script("hangs", "import time\ntime.sleep(60)\n")]}
    begun = time.monotonic()
    result = site.start()
    assert result.code == 0 and "disk_low" in result.stderr
    assert time.monotonic() - begun < 50 and site.bundle().is_dir()


def test_an_event_has_its_own_command_or_the_common_one(site):
    own, told = site.recorded("own")
    site.settings["hook_no_records"] = own
    assert site.start().code == 3
    assert [json.loads(call["input"])["event"] for call in told()] == ["no_records"]
    assert site.events() == []


def test_a_second_start_leaves_the_first_alone(site):
    site.receive("2026-01-01")
    folder = site.folder / "out/.nightly" / PROFILE
    folder.mkdir(parents=True)
    holder = subprocess.Popen(["flock", folder / "lock", "sleep", "60"])
    try:
        while subprocess.run(["flock", "-n", folder / "lock", "true"]).returncode == 0:
            time.sleep(0.05)
        result = site.start()
        assert result.code == 0 and "another start" in result.stderr
        assert not site.bundle().exists()
    finally:
        holder.terminate()
        holder.wait()


def test_old_bundles_go_only_when_they_verify(site):
    site.receive("2026-01-01")
    site.receive("2026-01-02")
    assert site.start().code == 0 and site.start(today="2026-01-03").code == 0
    site.settings |= {"keep_bundle_days": 10, "keep_log_days": 10, "catch_up_days": 0}
    summary = site.bundle() / "reports/summary.json"
    good = summary.read_bytes()
    summary.write_bytes(good + b" ")
    site.start(today="2026-02-01")
    result = site.start(today="2026-02-01")
    assert result.code == 0 and "does not verify" in result.stderr
    assert site.bundle().is_dir() and not site.bundle("2026-01-02").exists()
    summary.write_bytes(good)
    assert site.start(today="2026-02-01").code == 0
    assert not site.bundle().exists()


def test_a_log_of_ones_own_is_judged_without_an_intake(site):
    del site.settings["intake"]
    site.settings["logs"] = [f"{site.days}/epoch-0{{epoch}}.ndjson"]
    assert site.start().code == 0
    harness.assert_holds(site.bundle())


@pytest.mark.parametrize("settings, word", [
    ({"outt": "x"}, "outt"), ({"out": ""}, "'out'"), ({"logs": ["x"]}, "one of"),
    ({"reject_share": "much"}, "reject_share"), ({"withhold": ["weather"]}, "weather"),
    ({"keep_log_days": -1}, "below zero"), ({"keep_bundle_days": 29}, "keep_bundle_days"),
    ({"post": "a command"}, "'post'")])
def test_settings_that_cannot_be_are_named(site, settings, word):
    site.settings |= settings
    result = site.start()
    assert result.code == 2 and word in result.stderr


def test_a_day_that_is_not_over_is_not_judged(site):
    assert site.start("--date", "2026-01-02").code == 2
    assert site.start("--post-anyway").code == 2


def test_the_example_configuration_is_read(site):
    example = (harness.REPO / "Deploy/nightly.json").read_text()
    config = site.folder / "example.json"
    config.write_text(example.replace("/var/lib/assay", str(site.folder)).replace(
        "/usr/local/bin/assay-verifier", str(site.settings["verifier"])))
    for profile in ("wireless", "compute"):
        result = harness.run("nightly", "--config", config, "--profile", profile, "--today",
                             "2026-01-02")
        assert result.code == 3 and "no_records" in result.stderr


VERIFIER_BINARY = os.environ.get("ASSAY_VERIFIER_BIN", "")


@pytest.mark.skipif(not VERIFIER_BINARY, reason="ASSAY_VERIFIER_BIN names no assay-verifier")
def test_logs_are_removed_once_a_verified_bundle_was_made_from_them(site):
    """With the real intake: sealed, judged, and pruned to its seal; kept where any of it is open."""
    site.settings |= {"verifier": VERIFIER_BINARY, "keep_log_days": 30}
    log = site.folder / "intake" / PROFILE / "epoch-020454"
    lines = (site.days / "epoch-020454.ndjson").read_bytes()
    write_log(log, lines)
    assert site.start().code == 0, site.start().stderr
    assert not (log / "part-000001.ndjson").exists() and (log / "seal.json").exists()
    assert json.loads((log / "seal.json").read_text())["accepted"] == lines.count(b"\n")


def write_log(folder, lines):
    """An intake's log of one batch, as Docs/intake.md gives its form."""
    import hashlib

    folder.mkdir(parents=True)
    (folder / "part-000001.ndjson").write_bytes(b"\n" + lines)
    digest = hashlib.sha256(lines).hexdigest()
    entry = "\t".join(["1", "0", "1", "1", str(len(lines)), str(lines.count(b"\n")), "0", "0",
                       digest, digest, "batch", ""])
    check = hashlib.sha256(entry.encode()).hexdigest()[:16]
    (folder / "journal").write_text(f"assay-intake 1\t{PROFILE}\t20454\n{entry}{check}\n")
