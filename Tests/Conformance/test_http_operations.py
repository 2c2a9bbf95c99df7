"""Reload, shadow, drain, metrics, settings: what whoever runs it relies on."""

import concurrent.futures
import itertools
import json
import re
import shutil
import signal
import subprocess
import threading
import time

import pytest
import requests
from verifier import MODEL, VERIFIER, compact, key, run, wait_until

JSON = {"Content-Type": "application/json"}
STRICT = {"reject_q_ppb": 0, "hold_q_ppb": 0}


class Load:
    """Callers that ask without pause, each request of its own id."""

    def __init__(self, verifier, night, callers=4):
        self.url = f"{verifier.url}/v1/verify"
        self.night = night
        self.answers, self.errors = [], []
        self.ending = threading.Event()
        self.numbers = itertools.count()
        self.pool = concurrent.futures.ThreadPoolExecutor(callers)
        self.running = [self.pool.submit(self.ask) for _ in range(callers)]

    def ask(self):
        session = requests.Session()
        while not self.ending.is_set():
            body = compact(self.night.small(f"load-{next(self.numbers)}", 2))
            try:
                self.answers.append(session.post(self.url, data=body, headers=JSON, timeout=60))
            except requests.exceptions.ConnectionError as error:
                self.errors.append((time.monotonic(), error))
                return

    def end(self):
        self.ending.set()
        for future in self.running:
            future.result()
        self.pool.shutdown()
        return self.answers


def test_reload_under_load_loses_nothing_and_digests_change_between_requests(
        start, night, tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text("{}")
    verifier = start("--profile", "wireless", "--policy", f"wireless={policy}")
    client = verifier.client()
    load = Load(verifier, night)
    wait_until(lambda: len(load.answers) > 20)
    generations = []
    for number in range(10):
        policy.write_text(json.dumps({"minimum_records": number % 2 + 3}))
        answer = client.post("/v1/reload")
        assert answer.status_code == 200
        generations.append(answer.json()["generation"])
        assert answer.json()["changed"] is True
        count = len(load.answers)
        wait_until(lambda: len(load.answers) > count + 10)
    answers = load.end()
    assert generations == list(range(2, 12))
    assert not load.errors and {answer.status_code for answer in answers} == {200}
    # Within an answer there is one policy; over all there were three.
    results = {}
    for answer in answers:
        body = answer.json()
        results.setdefault(body["profiles"]["wireless"]["policy"], set()).add(
            body["result_digest"])
    assert len(results) == 3
    assert all(len(digests) == 1 for digests in results.values())


def test_a_file_that_cannot_be_used_changes_nothing_and_is_told(start, night, tmp_path):
    model, policy, keys = tmp_path / "model", tmp_path / "policy.json", tmp_path / "keys.json"
    shutil.copy(MODEL, model)
    policy.write_text("{}")
    text = key(keys, "all", *(word for scope in ["verify", "describe", "admin", "metrics"]
                              for word in ("--scope", scope)))
    verifier = start("--profile", "wireless", "--model", f"wireless={model}", "--policy",
                     f"wireless={policy}", "--keys", keys, model=False)
    client = verifier.client(text)
    before = client.get("/v1/describe").content
    for path, bad in [(model, b"no model"), (policy, b'{"reject": 1}'), (keys, b"{}")]:
        good = path.read_bytes()
        path.write_bytes(bad)
        answer = client.post("/v1/reload")
        assert answer.status_code == 409 and answer.json()["code"] == "reload_refused"
        assert str(path) in answer.json()["detail"]
        assert client.get("/v1/describe").content == before
        path.write_bytes(good)
    assert client.post("/v1/reload").json()["changed"] is False
    metrics = client.metrics()
    assert metrics["assay_reloads_total", (("result", "refused"),)] == 3
    assert metrics["assay_reloads_total", (("result", "done"),)] == 1


def test_sighup_reloads(start, night, tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text("{}")
    verifier = start("--profile", "wireless", "--policy", f"wireless={policy}")
    client = verifier.client()
    before = client.get("/v1/describe").json()["profiles"][0]["policy"]
    policy.write_text('{"minimum_records": 3}')
    verifier.signal(signal.SIGHUP)
    wait_until(lambda: client.get("/v1/describe").json()["profiles"][0]["policy"] != before)


def test_an_answer_that_was_given_stays_after_a_reload(start, night, tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text("{}")
    client = start("--profile", "wireless", "--policy", f"wireless={policy}").client()
    first = client.verify(night.small("stays")).content
    policy.write_text('{"minimum_records": 3}')
    assert client.post("/v1/reload").json()["changed"]
    assert client.verify(night.small("stays")).content == first
    assert client.verify(night.small("new")).content != first


def test_a_restart_gives_the_same_bytes(start, night):
    bodies = []
    for _ in range(2):
        verifier = start("--profile", "wireless")
        bodies.append(verifier.client().verify(night.small("restart", 5)).content)
        verifier.stop()
    assert bodies[0] == bodies[1]


def test_sigterm_under_load_loses_nothing(start, night):
    verifier = start("--profile", "wireless", "--drain-seconds", "2")
    load = Load(verifier, night, callers=6)
    wait_until(lambda: len(load.answers) > 30)
    verifier.signal(signal.SIGTERM)
    begin = time.monotonic()
    # At once it is not ready, and still answers.
    wait_until(lambda: requests.get(f"{verifier.url}/readyz", timeout=5).status_code == 503, 2)
    answer = requests.post(f"{verifier.url}/v1/verify", data=compact(night.small("late")),
                           headers=JSON, timeout=30)
    assert answer.status_code == 200 and answer.headers["Connection"] == "close"
    assert verifier.process.wait(60) == 0
    answers = load.end()
    assert {one.status_code for one in answers} == {200}
    # What was not answered was not begun either: nobody was let in, once the time was over.
    for moment, error in load.errors:
        assert moment > begin + 1.5
        assert "refused" in str(error).lower() or "reset" in str(error).lower() \
            or "aborted" in str(error).lower()
    bodies = {one.json()["request_id"] for one in answers}
    assert len(bodies) == len(answers)


def test_a_request_that_was_begun_is_answered_after_sigterm(start, night):
    verifier = start("--profile", "wireless")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        future = pool.submit(
            requests.post, f"{verifier.url}/v1/verify", data=compact(night.request("begun")),
            headers=JSON, timeout=60)
        wait_until(lambda: verifier.client().metrics()[("assay_verify_working", ())] == 1
                   or future.done())
        verifier.signal(signal.SIGTERM)
        assert future.result().status_code == 200
    assert verifier.process.wait(60) == 0


def test_shadow_says_who_would_flip(start, night, tmp_path):
    policy, log = tmp_path / "candidate.json", tmp_path / "shadow.ndjson"
    policy.write_text(json.dumps(STRICT))
    verifier = start("--profile", "wireless", "--candidate-policy", f"wireless={policy}",
                     "--shadow-log", log)
    client = verifier.client()
    nodes = list(night.nodes)[:60]
    enforced = client.verify(night.request("mirrored", nodes)).json()
    wait_until(lambda: client.get("/v1/shadow").json()["requests"]["mirrored"] == 1)
    report = client.get("/v1/shadow").json()
    shadow = client.verify(night.request("shadowed", nodes, mode="SHADOW")).json()
    assert shadow["profiles"]["wireless"] == report["candidate"]["wireless"]
    assert shadow["profiles"] != enforced["profiles"]
    flips = {}
    for one, other in zip(enforced["results"], shadow["results"]):
        step = one["outcome"], other["outcome"]
        if step[0] != step[1]:
            flips[step] = flips.get(step, 0) + 1
    assert flips, "the test needs a candidate that differs"
    assert {(flip["from"], flip["to"]): flip["nodes"] for flip in report["flips"]} == flips
    assert report["nodes"] == {"wireless": len(nodes)}
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) == sum(flips.values())
    assert {line["candidate_policy"] for line in lines} == {
        report["candidate"]["wireless"]["policy"]}
    metrics = client.metrics()
    assert sum(value for (name, _), value in metrics.items()
               if name == "assay_shadow_flips_total") == sum(flips.values())
    # The same request again is answered from memory and not mirrored twice; nor is SHADOW.
    client.verify(night.request("mirrored", nodes))
    time.sleep(0.5)
    assert client.get("/v1/shadow").json()["requests"]["mirrored"] == 1
    # Another candidate begins anew.
    policy.write_text("{}")
    assert client.post("/v1/reload").json()["changed"]
    assert client.get("/v1/shadow").json()["requests"]["mirrored"] == 0


def test_shadow_without_a_candidate_says_so(client):
    assert client.get("/v1/shadow").json()["candidate"] is None


def test_metrics_parse_and_count(start, night):
    client = start("--profile", "wireless").client()
    for number in range(3):
        client.verify(night.small(f"count-{number}", 2))
    client.verify(night.small("count-0", 2))
    client.verify(night.small("count-0", 1))
    client.get("/nothing")
    page = client.get("/metrics")
    assert page.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    metrics = client.metrics()
    endings = {labels[0][1]: value for (name, labels), value in metrics.items()
               if name == "assay_verify_requests_total"}
    assert endings["judged"] == 3 and endings["repeated"] == 1 and endings["conflict"] == 1
    assert sum(value for (name, labels), value in metrics.items()
               if name == "assay_verify_items_total") == 6
    assert metrics["assay_verify_records_total", (("profile", "wireless"),)] == 60
    assert metrics["assay_verify_seconds_count", ()] == 3
    assert metrics["assay_http_requests_total",
                   (("route", "other"), ("status", "404"))] == 1
    assert metrics["assay_ready", ()] == 1
    info, = [dict(labels) for (name, labels) in metrics if name == "assay_verifier_info"]
    description = client.get("/v1/describe").json()
    assert info["model"] == description["profiles"][0]["model"]["digest"]
    assert info["version"] == description["version"]


def test_log_lines_are_json_with_the_request_id(start, night):
    verifier = start("--profile", "wireless")
    verifier.client().verify(night.small("in the log"))
    verifier.client().get("/nothing")
    verifier.stop()
    lines = [json.loads(line) for line in verifier.log().splitlines()]
    assert all({"time", "level", "message"} <= line.keys() for line in lines)
    answered, = [line for line in lines if line.get("request_id") == "in the log"]
    assert answered["message"] == "verify" and answered["records"] == "10"
    assert any(line.get("status") == "404" for line in lines)


def test_options_come_before_the_environment_before_the_file(start, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({
        "profiles": ["wireless"], "models": [f"wireless={MODEL}"],
        "limits": {"max_items": 5, "max_records": 6, "workers": 2}, "log_level": "error"}))
    verifier = start("--config", config, "--profile", "compute", "--profile", "wireless",
                     model=False, environment={"ASSAY_VERIFIER_LIMITS_MAX_ITEMS": "7",
                                               "ASSAY_VERIFIER_PROFILES": "storage"})
    body = verifier.client().get("/v1/describe").json()
    assert [profile["name"] for profile in body["profiles"]] == ["compute", "wireless"]
    assert body["profiles"][1]["model"]["name"]
    assert (body["limits"]["max_items"], body["limits"]["max_records"]) == (7, 6)


@pytest.mark.parametrize("config, word", [
    ("[]", "JSON object"), ("{", "JSON object"), ('{"prot": 1}', "prot"),
    ('{"limits": {"max_itmes": 1}}', "max_itmes"), ('{"port": "high"}', "port"),
    ('{"port": 70000}', "port"), ('{"models": ["wireless"]}', "PROFILE=FILE"),
    ('{"profiles": ["wireless"], "models": ["compute=x"]}', "compute"),
    ('{"log_level": "loud"}', "loud"), ('{"limits": {"workers": 0}}', "workers")])
def test_a_wrong_setting_is_named(tmp_path, config, word):
    path = tmp_path / "config.json"
    path.write_text(config)
    done = subprocess.run([VERIFIER, "serve", "--config", str(path), "--port", "0"] if "port"
                          not in config else [VERIFIER, "serve", "--config", str(path)],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and word in done.stderr


@pytest.mark.parametrize("arguments", [
    ["--profile", "weather"], ["--profile", "nothing.yaml"], ["--model", "wireless=/nothing"],
    ["--policy", "wireless=/nothing"], ["--keys", "/nothing"],
    ["--model", f"compute={MODEL}"]])
def test_input_that_cannot_be_used_ends_it_with_3(arguments):
    done = subprocess.run([VERIFIER, "serve", "--port", "0", *arguments], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 3
    assert re.search(arguments[1].split("=")[-1], done.stderr)


def test_a_port_that_is_taken_ends_it_with_4(shared):
    done = subprocess.run([VERIFIER, "serve", "--profile", "wireless", "--port",
                           str(shared.port)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 4


def test_help_is_there():
    for words in [[], ["serve"], ["keys"], ["keys", "add"], ["intake", "prune"]]:
        assert "USAGE" in run(VERIFIER, *words, "--help")
