"""The surface: help, version, exit codes, what goes to which stream, JSON."""

import json
import os
import re
import subprocess

import pytest
from harness import BINARY, DATASETS, PROFILES, environment, judge, run, succeed

OPTIONS = {
    "run": ("--profile --out --model --policy --key --log-name --state --revision --epoch --memory "
            "--threads --json"),
    "train": "--profile --out --labels --epoch --memory --threads",
    "score": ("TABLE --train --label-column --ignore --labels --calibration --fdr --explain --top "
              "--threads --out"),
    "verify": "BUNDLE --trust --ledger --checkpoint --log --json",
    "replay": "BUNDLE --profile --model --state --memory --threads --json",
    "inspect": "BUNDLE NODE --json",
    "features": "--profile --json",
    "schema": "--profile --json",
    "reasons": "--profile --json",
    "evidence": "--profile --node --epoch --memory --threads --json",
    "keys generate": "--out --type",
    "keys show": "FILE",
    "models list": "DIR --json",
    "models show": "FILE --json",
    "models diff": "FILE --json",
    "simulate": "--out --nodes --epochs --seed --attacks --contamination --threads",
    "evaluate": "BUNDLE --labels --json --html",
    "diff": "BUNDLE --json",
    "profile check": "FILE",
    "profile page": "",
    "sign": "BUNDLE --ledger --key --signer-command --signer-address --parent --json",
    "merge": "BUNDLE COPY --json",
    "post": ("BUNDLE --rpc --key --signer-command --signer-address --confirmations --max-fee "
             "--timeout --json"),
    "prove": "BUNDLE --node --out",
    "verify-proof": "FILE --root --ledger --profile --json",
    "appeal": "BUNDLE --node --logs --profile --out",
    "correct": "BUNDLE --decisions --out --key --log-name --json",
    "history": "NODE DIR --json",
    "nightly": "--config --profile --date --today --post-anyway",
    "ledger dump": "BUNDLE",
    "ledger calldata": "BUNDLE --node",
    "ledger config": "FILE",
}
COMPUTE = ("--profile", "compute", "--epoch", "all")


@pytest.mark.parametrize("command", OPTIONS)
def test_help_names_every_option(command):
    text = succeed(*command.split(), "--help").stdout
    words = set(re.findall(r"--[a-z-]+|[A-Z]+", text))
    assert set(OPTIONS[command].split()) <= words


def test_help_of_the_command_names_every_subcommand_and_every_exit_code():
    text = " ".join(succeed("--help").stdout.split())
    assert all(f" {command.split()[0]} " in text for command in OPTIONS)
    assert "0 done, 1 the check failed, 2 usage, 3 input unusable, 4 I/O, 5 internal" in text


def test_every_subcommand_of_the_help_has_options_tested_here():
    listed = re.findall(r"^  ([a-z-]+)  ", succeed("--help").stdout.split("SUBCOMMANDS:")[1], re.M)
    assert set(listed) == {command.split()[0] for command in OPTIONS}


def test_version():
    assert re.fullmatch(r"assay \d+\.\d+\.\d+\n", succeed("--version").stdout)


USAGE = {
    "no such command": ["frobnicate"],
    "no such option": ["run", *COMPUTE, "--out", "o", "--frobnicate", "log"],
    "no log": ["run", *COMPUTE, "--out", "o"],
    "no out": ["run", *COMPUTE, "log"],
    "no profile": ["run", "--out", "o", "log"],
    "an unknown profile": ["run", "--profile", "nope", "--out", "o", "log"],
    "an unknown profile to train": ["train", "--profile", "nope", "--out", "o", "log"],
    "an unknown profile's schema": ["schema", "--profile", "nope"],
    "an unknown profile's features": ["features", "--profile", "nope"],
    "an unknown profile's reasons": ["reasons", "--profile", "nope"],
    "an unknown profile's evidence": ["evidence", "--profile", "nope", "--node", "n", "log"],
    "no threads": ["run", *COMPUTE, "--out", "o", "--threads", "0", "log"],
    "threads in words": ["run", *COMPUTE, "--out", "o", "--threads", "two", "log"],
    "an unknown unit of memory": ["run", *COMPUTE, "--out", "o", "--memory", "64XB", "log"],
    "negative memory": ["run", *COMPUTE, "--out", "o", "--memory=-64MB", "log"],
    "an epoch in words": ["run", "--profile", "compute", "--out", "o", "--epoch", "soon", "log"],
    "a negative epoch": ["run", "--profile", "compute", "--out", "o", "--epoch=-1", "log"],
    "verify nothing": ["verify"],
    "sign without a key": ["sign", "b", "--ledger", "l", "--parent", "genesis"],
    "sign with two keys": ["sign", "b", "--ledger", "l", "--parent", "genesis", "--key", "k",
                           "--signer-command", "c", "--signer-address", "a"],
    "a signer command without address": ["sign", "b", "--ledger", "l", "--parent", "genesis",
                                         "--signer-command", "c"],
    "data of one verdict without node": ["ledger", "calldata", "consume", "b"],
    "data of a root with node": ["ledger", "calldata", "post", "b", "--node", "n"],
    "an unknown type of key": ["keys", "generate", "--out", "k", "--type", "rsa"],
    "replay without logs": ["replay", "bundle"],
    "inspect without node": ["inspect", "bundle"],
    "evidence without node": ["evidence", *COMPUTE, "log"],
    "keys without file": ["keys", "show"],
    "a night of no section": ["nightly"],
    "a night of a date in words": ["nightly", "--profile", "compute", "--date", "yesterday"],
    "a night without configuration": ["nightly", "--profile", "compute", "--config", "none.json"],
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_usage_exits_2_and_says_so_on_standard_error(case, tmp_path):
    result = run(*USAGE[case], cwd=tmp_path)
    assert result.code == 2
    assert result.stdout == "" and result.stderr.strip()
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_profile_is_answered_with_those_there_are():
    message = run("schema", "--profile", "nope").stderr
    assert "nope" in message and all(profile in message for profile in PROFILES)


UNUSABLE = {
    "verify no bundle": ["verify", "{tmp}/none"],
    "verify a file": ["verify", "{file}"],
    "verify an empty folder": ["verify", "{tmp}"],
    "inspect no bundle": ["inspect", "{tmp}/none", "n"],
    "inspect an unknown node": ["inspect", "{bundle}", "nobody"],
    "replay no bundle": ["replay", "{tmp}/none", "{log}"],
    "replay a missing log": ["replay", "{bundle}", "{tmp}/none"],
    "evidence of an unknown node": ["evidence", *COMPUTE, "--node", "nobody", "{log}"],
    "train on a missing log": ["train", *COMPUTE, "--out", "{tmp}/m", "{tmp}/none"],
    "train with missing labels": ["train", *COMPUTE, "--out", "{tmp}/m", "--labels", "{tmp}/none",
                                  "{log}"],
    "show a missing key": ["keys", "show", "{tmp}/none"],
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_unusable_input_exits_3_and_says_so_on_standard_error(case, tmp_path, bundle):
    file = tmp_path.parent / f"{tmp_path.name}-file"
    file.write_text("text")
    places = {"tmp": tmp_path, "file": file, "bundle": bundle, "log": DATASETS["compute"]}
    result = run(*(part.format(**places) for part in UNUSABLE[case]))
    assert result.code == 3
    assert result.stdout == "" and result.stderr.startswith("assay: error: ")
    assert list(tmp_path.iterdir()) == []


def test_messages_about_missing_bundles_say_that_they_are_missing(tmp_path):
    for command in (["verify", tmp_path / "none"], ["inspect", tmp_path / "none", "n"]):
        message = run(*command).stderr
        assert str(tmp_path / "none") in message
        assert "empty folder" not in message and "no verdict" not in message


@pytest.mark.parametrize("profile", PROFILES)
def test_catalogues_of_every_profile(profile):
    schema = succeed("schema", "--profile", profile, "--json").json
    assert schema["profile"] == profile
    for kind in schema["kinds"]:
        names = [field["name"] for field in kind["fields"]]
        assert len(names) == len(set(names))
        assert {f["type"] for f in kind["fields"]} <= {"number", "integer", "string", "boolean"}
    features = succeed("features", "--profile", profile, "--json").json
    assert features and len({f["name"] for f in features}) == len(features)
    reasons = succeed("reasons", "--profile", profile, "--json").json
    bits = [reason["bit"] for reason in reasons]
    assert bits == sorted(set(bits)) and set(bits) <= set(range(64))
    assert {r["class"] for r in reasons} <= {"spoof", "fault", "evidence", "verifier"}
    for command, names in (("schema", [k["kind"] for k in schema["kinds"]]),
                           ("features", [f["name"] for f in features]),
                           ("reasons", [r["code"] for r in reasons])):
        text = succeed(command, "--profile", profile).stdout
        assert all(name in text for name in names)


def test_the_catalogue_of_reasons_is_the_bundle_s(bundle, tmp_path):
    listed = succeed("reasons", "--profile", "compute", "--json").json
    remembering = judge("compute", tmp_path / "out", DATASETS["compute"],
                        options=["--state", tmp_path / "state"])
    assert listed == json.loads((remembering / "reasons.json").read_bytes())
    # A run without a memory gives no reason of earlier epochs.
    stored = json.loads((bundle / "reasons.json").read_bytes())
    assert [reason for reason in listed if not reason["code"].startswith("H_")] == stored
    assert len(listed) == len(stored) + 6


def test_a_range_without_bounds_is_shown_as_one(tmp_path):
    profile = tmp_path / "windnet.yaml"
    profile.write_text("profile: windnet\nkinds:\n  reading:\n    fields:\n"
                       "      low: {type: number, range: [-.inf, 80]}\n"
                       "      high: {type: number, range: [-80, .inf]}\n")
    fields = succeed("schema", "--profile", profile, "--json").json["kinds"][0]["fields"]
    bounds = {f["name"]: (f.get("minimum"), f.get("maximum")) for f in fields}
    assert bounds == {"low": (None, 80), "high": (-80, None)}
    text = succeed("schema", "--profile", profile).stdout
    assert "low  number (-∞, 80.0]" in text and "high  number [-80.0, ∞)" in text


def test_a_table_is_no_log(tmp_path):
    table = tmp_path / "log.csv"
    table.write_text("ts,node,kind\n")
    for log in (table, tmp_path / "*"):
        result = run("run", *COMPUTE, "--out", tmp_path / "out", log)
        assert result.code == 3 and "NDJSON" in result.stderr and "log.csv" in result.stderr
    assert list(tmp_path.iterdir()) == [table]


def test_json_goes_to_standard_output_as_one_document(out, bundle):
    log = DATASETS["compute"]
    node = succeed("run", *COMPUTE, "--out", out, "--json", log).json["flagged"][0]["node"]
    assert succeed("verify", bundle, "--json").json["good"] is True
    assert succeed("replay", bundle, log, "--json").json["equal"] is True
    assert succeed("inspect", bundle, node, "--json").json["node"] == node
    assert succeed("evidence", *COMPUTE, "--node", node, log, "--json").json["node"] == node


def test_results_and_messages_go_to_their_streams_and_a_pipe_gets_no_progress(out):
    result = succeed("run", "--profile", "wireless", "--out", out, "--epoch", "all",
                     DATASETS["wireless"])
    assert f"bundle {out}/wireless/epoch-" in result.stdout
    assert "unsigned" in result.stderr and "unsigned" not in result.stdout
    assert all(line.startswith("assay: ") for line in result.stderr.splitlines())
    assert not set("\r\x1b") & set(result.stdout + result.stderr)


def with_streams(args, **streams):
    done = subprocess.run([BINARY, *map(str, args)], env=environment(), timeout=60, **streams)
    return done.returncode, (done.stderr or b"").decode()


@pytest.mark.parametrize("command", ["--help", "schema", "run", "verify"])
def test_a_closed_standard_output_is_no_crash(command, tmp_path, bundle):
    arguments = {"--help": ["--help"], "schema": ["schema", "--profile", "wireless"],
                 "run": ["run", *COMPUTE, "--out", tmp_path / "out", DATASETS["compute"]],
                 "verify": ["verify", bundle]}[command]
    reader, writer = os.pipe()
    os.close(reader)
    code, _ = with_streams(arguments, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert code in (0, 4)  # not a signal: those are negative
    if command == "run":
        assert list((tmp_path / "out/compute").iterdir())


def test_a_closed_standard_error_does_not_stop_a_run(out):
    reader, writer = os.pipe()
    os.close(reader)
    arguments = ["run", *COMPUTE, "--out", out, DATASETS["compute"]]
    code, _ = with_streams(arguments, stdout=subprocess.DEVNULL, stderr=writer)
    os.close(writer)
    assert code == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
def test_a_full_standard_output_is_an_io_error():
    with open("/dev/full", "wb") as full:
        code, _ = with_streams(["schema", "--profile", "wireless"], stdout=full,
                               stderr=subprocess.PIPE)
    assert code == 4


def test_head_ends_the_pipeline():
    command = f"'{BINARY}' schema --profile wireless | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], env=environment(), timeout=60,
                          capture_output=True, text=True)
    first, code = done.stdout.splitlines()
    assert first.startswith("wireless") and int(code) in (0, 4)
