"""Who may ask what, how often, and until when."""

import concurrent.futures
import datetime
import json
import signal
import stat
import subprocess

import pytest
import requests
import verifier as verifiers
from verifier import VERIFIER, key, run, wait_until

SCOPES = {"verify": ("POST", "/v1/verify"), "describe": ("GET", "/v1/describe"),
          "intake": ("POST", "/v1/records?profile=wireless&epoch=1"),
          "shadow": ("GET", "/v1/shadow"), "admin": ("POST", "/v1/reload"),
          "metrics": ("GET", "/metrics")}


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "keys.json"


def test_each_scope_opens_its_own_path_only(start, keys, night, tmp_path):
    secrets = {scope: key(keys, f"only-{scope}", "--scope", scope) for scope in SCOPES}
    verifier = start("--keys", keys, "--intake", tmp_path / "intake")
    for scope, secret in secrets.items():
        client = verifier.client(secret)
        for other, (method, path) in SCOPES.items():
            options = {}
            if other == "verify":
                options = {"json": night.small(f"by-{scope}")}
            if other == "intake":
                options = {"data": b"{}\n", "headers": {
                    "Content-Type": "application/x-ndjson", "Idempotency-Key": "a"}}
            answer = client(method, path, **options)
            if scope == other:
                assert answer.status_code not in (401, 403)
            else:
                assert answer.status_code == 403 and answer.json()["code"] == "forbidden"


@pytest.mark.parametrize("value", [
    None, "", "Bearer", "Bearer ", "Bearer .", "Bearer good", "Bearer good.", "Bearer .x",
    "Basic Z29vZDp4", "good.{secret}", "Bearer good.{secret}x", "Bearer good.{secret} ",
    "Bearer bad.{secret}", "Bearer GOOD.{secret}", "Bearer good.{digest}", "Bearer good.{upper}",
    "Bearer good.{secret}, Bearer good.{secret}", "Bearer " + "a" * 10_000])
def test_anything_but_the_key_is_refused_alike(start_once, value):
    verifier, secret, digest = start_once
    headers = {}
    if value is not None:
        headers["Authorization"] = value.format(
            secret=secret, digest=digest, upper=secret.upper())
    answer = verifier.client().get("/v1/describe", headers=headers)
    if value == "Bearer good.{secret} ":
        # Space around a value is no part of it.
        assert answer.status_code == 200
        return
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthenticated"
    assert "good" not in answer.json()["detail"]


@pytest.fixture(scope="module")
def start_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    text = key(folder / "keys.json", "good", "--scope", "describe")
    digest = json.loads((folder / "keys.json").read_text())["keys"][0]["secret_sha256"]
    one = verifiers.Verifier(folder, "--profile", "wireless", "--keys", folder / "keys.json")
    yield one, text.split(".")[1], digest
    one.stop()


def test_the_scheme_is_read_in_any_case(start_once):
    verifier, secret, _ = start_once
    answer = verifier.client().get("/v1/describe", headers={
        "Authorization": f"bEARER good.{secret}"})
    assert answer.status_code == 200


def test_health_needs_no_key(start_once):
    verifier, _, _ = start_once
    for path in ["/healthz", "/readyz", "/v1/openapi.json"]:
        assert verifier.client().get(path).status_code == 200


def test_the_key_file_has_no_secret_and_is_its_owners_alone(keys):
    text = key(keys, "one", "--scope", "verify")
    assert text.split(".")[1] not in keys.read_text()
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert "one" in run(VERIFIER, "keys", "list", "--file", keys)
    assert text.split(".")[1] not in run(VERIFIER, "keys", "list", "--file", keys)


def test_a_key_that_has_run_out_is_refused(start, keys):
    text = key(keys, "old", "--scope", "describe", "--days", "1")
    document = json.loads(keys.read_text())
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=5)
    document["keys"][0]["not_after"] = past.strftime("%Y-%m-%dT%H:%M:%SZ")
    verifier = start("--profile", "wireless", "--keys", keys)
    assert verifier.client(text).get("/v1/describe").status_code == 200
    keys.write_text(json.dumps(document))
    verifier.signal(signal.SIGHUP)
    wait_until(lambda: verifier.client(text).get("/v1/describe").status_code == 401)


def test_rotation_takes_both_secrets_for_a_while_and_revocation_none(start, keys):
    first = key(keys, "turning", "--scope", "describe")
    admin = key(keys, "boss", "--scope", "admin")
    verifier = start("--profile", "wireless", "--keys", keys)

    def reload():
        assert verifier.client(admin).post("/v1/reload").status_code == 200

    def status(text):
        return verifier.client(text).get("/v1/describe").status_code

    second = run(VERIFIER, "keys", "rotate", "--file", keys, "turning").strip()
    assert status(second) == 401
    reload()
    assert (status(first), status(second)) == (200, 200)
    third = run(VERIFIER, "keys", "rotate", "--file", keys, "turning", "--keep-hours", "0").strip()
    reload()
    assert (status(first), status(second), status(third)) == (401, 401, 200)
    run(VERIFIER, "keys", "revoke", "--file", keys, "turning")
    reload()
    assert status(third) == 401


def test_request_ids_of_different_keys_do_not_meet(start, keys, night):
    one, two = (key(keys, name, "--scope", "verify") for name in ("one", "two"))
    verifier = start("--profile", "wireless", "--keys", keys)
    assert verifier.client(one).verify(night.small("mine")).status_code == 200
    assert verifier.client(two).verify(night.small("mine", 2)).status_code == 200
    assert verifier.client(one).verify(night.small("mine", 2)).status_code == 409


def test_requests_a_second_are_limited(start, keys):
    slow = key(keys, "slow", "--scope", "describe", "--requests-per-second", "2")
    free = key(keys, "free", "--scope", "describe")
    verifier = start("--profile", "wireless", "--keys", keys)
    answers = [verifier.client(slow).get("/v1/describe") for _ in range(20)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and refused[0].json()["code"] == "too_many_requests"
    assert int(refused[0].headers["Retry-After"]) >= 1
    assert verifier.client(free).get("/v1/describe").status_code == 200


def test_records_a_day_are_limited_and_repeats_are_free(start, keys, night):
    text = key(keys, "small", "--scope", "verify", "--records-per-day", "25")
    client = start("--profile", "wireless", "--keys", keys).client(text)
    assert client.verify(night.small("first", 2)).status_code == 200
    assert client.verify(night.small("first", 2)).status_code == 200
    refused = client.verify(night.small("second", 1))
    assert refused.status_code == 429 and refused.json()["code"] == "quota_spent"
    assert 1 <= int(refused.headers["Retry-After"]) <= 86_400
    # A refusal counts nothing.
    assert client.verify(night.small("second", 1)).status_code == 429


def test_too_many_at_once_are_told_to_come_again(start, night):
    verifier = start("--profile", "wireless", environment={
        "ASSAY_VERIFIER_LIMITS_WORKERS": "1", "ASSAY_VERIFIER_LIMITS_WAITING": "1"})
    nodes = list(night.nodes)[:40]
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(
            lambda number: verifier.client().verify(night.request(f"many-{number}", nodes), timeout=180),
            range(12)))
    statuses = {answer.status_code for answer in answers}
    assert statuses == {200, 503}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.json()["code"] == "overloaded" and refused.headers["Retry-After"]
    assert len({answer.json()["result_digest"] for answer in answers
                if answer.status_code == 200}) == 1


def test_without_keys_it_listens_on_this_machine_only():
    for host in ["0.0.0.0", "::", "192.0.2.1", "example.org"]:
        done = subprocess.run([VERIFIER, "serve", "--port", "0", "--host", host],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 3 and "key file" in done.stderr


@pytest.mark.parametrize("text", [
    "", "[]", "{}", '{"keys":{}}', '{"keys":[{}]}', '{"keys":[],"other":1}',
    '{"keys":[{"id":"a b","secret_sha256":"%s","scopes":["verify"]}]}',
    '{"keys":[{"id":"a","secret_sha256":"abc","scopes":["verify"]}]}',
    '{"keys":[{"id":"a","secret_sha256":"%s","scopes":["everything"]}]}',
    '{"keys":[{"id":"a","secret_sha256":"%s","scopes":["verify"],"not-after":"2030-01-01"}]}',
    '{"keys":[{"id":"a","secret_sha256":"%s","scopes":["verify"],"not_after":"soon"}]}',
    '{"keys":[{"id":"a","secret_sha256":"%s","scopes":[],"requests_per_second":0}]}'])
def test_a_key_file_that_is_not_one_is_refused(keys, text):
    keys.write_text(text.replace("%s", "0" * 64))
    done = subprocess.run([VERIFIER, "serve", "--port", "0", "--keys", str(keys)],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 3 and str(keys) in done.stderr


def test_secrets_stand_in_no_log(start, keys, night):
    text = key(keys, "quiet", "--scope", "verify")
    verifier = start("--profile", "wireless", "--keys", keys, "--log-level", "trace")
    assert verifier.client(text).verify(night.small("quiet")).status_code == 200
    requests.get(f"{verifier.url}/v1/describe", headers={
        "Authorization": f"Bearer quiet.{text.split('.')[1]}x"}, timeout=10)
    verifier.stop()
    assert text.split(".")[1] not in verifier.log()
    assert '"request_id":"quiet"' in verifier.log()
