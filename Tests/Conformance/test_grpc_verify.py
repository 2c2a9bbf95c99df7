"""gRPC gives what HTTP gives: descriptions, verdicts, statuses, digests, refusals."""

import copy

import grpc
import pytest
from grpc_client import Caller, answer, description, message, modules, refusal, small
from verifier import request

Code = grpc.StatusCode


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    import verifier as verifiers

    one = verifiers.Verifier(
        tmp_path_factory.mktemp("grpc"), "--grpc-port", 0, "--model",
        f"wireless={verifiers.MODEL}", "--profile", "wireless", "--profile", "compute",
        environment={"ASSAY_VERIFIER_LIMITS_MAX_BYTES": "16000000"})
    yield one
    one.stop()


@pytest.fixture(scope="module")
def http(served):
    return served.client()


@pytest.fixture(scope="module")
def rpc(served):
    caller = Caller(served.grpc)
    yield caller
    caller.close()


def test_describe_is_what_http_describes(http, rpc):
    assert description(rpc.describe()) == http.get("/v1/describe").json()


def test_a_night_is_judged_as_over_http(http, rpc, night):
    lines = {}
    for line, record in zip(night.lines, night.records):
        lines.setdefault(record["node"], []).append(line)
    asked = request("night-grpc", {node: own for node, own in lines.items()}, night.epoch)
    found = answer(rpc.verify(asked))
    assert {one["status"] for one in found["results"]} == {"OK"}
    assert {one["outcome"] for one in found["results"]} > {"PASS", "FAIL"}
    # Objects instead of their text: over HTTP under an id of its own, so that it is judged anew.
    over_http = http.verify(night.request("night-http")).json()
    assert found["result_digest"] == over_http["result_digest"]
    assert found == {**over_http, "request_id": "night-grpc"}


@pytest.mark.parametrize("more", [
    {}, {"mode": "SHADOW"}, {"mode": "ENFORCE"}, {"deadline_ms": 20_000}, {"as_of": "noon"}])
def test_every_field_of_a_request_counts_as_over_http(http, rpc, night, more):
    more = {name: night.epoch * 86_400_000 + 43_200_000 if value == "noon" else value
            for name, value in more.items()}
    nodes = list(night.nodes)[:20]
    name = "-".join(f"{key}={value}" for key, value in more.items())
    found = answer(rpc.verify(night.request(f"fields-g-{name}", nodes, **more)))
    over_http = http.verify(night.request(f"fields-h-{name}", nodes, **more)).json()
    assert found == {**over_http, "request_id": found["request_id"]}
    assert found["mode"] == more.get("mode", "ENFORCE")
    later = sum(one["counts"]["later_than_as_of"] for one in found["results"])
    assert (later > 0) == ("as_of" in more)


def test_every_status_is_given_as_over_http(http, rpc, night):
    node, other = list(night.nodes)[:2]
    torn = copy.deepcopy(night.nodes[node][:30])
    torn[3]["rssi_dbm"] = torn[3]["lat"] = 1e9
    torn[4] = dict(torn[5])
    torn.append({**torn[6], "ts": torn[6]["ts"] + 5 * 86_400_000})
    items = [
        {"item_id": "good", "profile": "wireless", "records": torn},
        {"item_id": "empty", "profile": "wireless", "records": []},
        {"item_id": "broken", "profile": "wireless", "records": [{"ts": "no", "node": other}]},
        {"item_id": "foreign", "profile": "nonesuch", "records": night.nodes[other][:3]},
        {"item_id": "twice-1", "profile": "compute", "records": [
            {"ts": night.epoch * 86_400_000, "node": "c", "kind": "telemetry", "util_pct": 3}]},
        {"item_id": "twice-2", "profile": "compute", "records": [
            {"ts": night.epoch * 86_400_000 + 1, "node": "c", "kind": "telemetry"}]},
    ]
    found = answer(rpc.verify(request("statuses-g", items, night.epoch)))
    over_http = http.verify(request("statuses-h", items, night.epoch)).json()
    assert found == {**over_http, "request_id": "statuses-g"}
    own = {one["item_id"]: one for one in found["results"]}
    assert [one["item_id"] for one in found["results"]] == [item["item_id"] for item in items]
    assert own["good"]["status"] == "OK" and own["good"]["counts"]["quarantined"] == 1
    assert own["good"]["quarantined"][0]["index"] == 3
    assert own["good"]["counts"]["duplicate"] == 1 and own["good"]["counts"]["other_epochs"] == 1
    assert own["empty"]["status"] == own["broken"]["status"] == "INVALID_INPUT"
    assert own["foreign"]["status"] == "UNSUPPORTED"
    assert own["twice-1"]["status"] == own["twice-2"]["status"] == "INVALID_INPUT"
    for name in ("empty", "broken", "foreign", "twice-1"):
        assert own[name]["outcome"] is None and own[name]["message"]


def test_a_passed_deadline_of_the_request_leaves_items_transient(rpc, night):
    found = answer(rpc.verify(night.request("late", deadline_ms=1)))
    assert {one["status"] for one in found["results"]} == {"TRANSIENT"}
    assert {one["outcome"] for one in found["results"]} == {None}
    again = answer(rpc.verify(night.request("late")))
    assert {one["status"] for one in again["results"]} == {"OK"}


def test_a_passed_deadline_of_the_call_ends_it(rpc, night):
    code, _, _ = refusal(lambda: rpc.verify(night.request("late-call"), timeout=0.02))
    assert code == Code.DEADLINE_EXCEEDED
    assert answer(rpc.verify(night.request("late-call", list(night.nodes)[:2])))


def test_request_ids_hold_across_transports(http, rpc, night):
    asked = night.small("both", 3)
    first = http.verify(asked).json()
    assert answer(rpc.verify(asked)) == first
    code, reason, _ = refusal(lambda: rpc.verify(night.small("both", 2)))
    assert (code, reason) == (Code.ALREADY_EXISTS, "request_id_conflict")
    answer(rpc.verify(night.small("back", 1)))
    assert http.verify(night.small("back", 2)).status_code == 409


WRONG = {
    "no version": ({"api_version": None}, "missing_field"),
    "other version": ({"api_version": "depin.verifier.v9"}, "unsupported_version"),
    "no id": ({"request_id": None}, "missing_field"),
    "long id": ({"request_id": "x" * 129}, "bad_field"),
    "id not ASCII": ({"request_id": "é"}, "bad_field"),
    "no epoch": ({"epoch": None}, "missing_field"),
    "negative epoch": ({"epoch": -1}, "bad_field"),
    "huge epoch": ({"epoch": 2**60}, "bad_field"),
    "huge as_of": ({"as_of": 2**62}, "bad_field"),
    "deadline of 0": ({"deadline_ms": 0}, "bad_field"),
    "negative deadline": ({"deadline_ms": -5}, "bad_field"),
    "long deadline": ({"deadline_ms": 10**9}, "bad_field"),
    "no items": ({"items": []}, "no_items"),
    "an item twice": ({"items": 2}, "repeated_item"),
    "too many items": ({"items": 1001}, "too_many_items"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_refused_with_the_code_of_http(http, rpc, night, name):
    change, code = WRONG[name]
    asked = small(f"wrong-{len(name)}", 1, night.epoch)
    asked["items"][0]["records"] = [{"ts": 1, "node": "n", "kind": "heartbeat"}]
    if isinstance(change.get("items"), int):
        change = {"items": asked["items"] * change["items"]}
    asked |= change
    status, reason, _ = refusal(lambda: rpc.verify(asked))
    assert (status, reason) == (Code.INVALID_ARGUMENT, code)
    body = {key: value for key, value in asked.items() if value is not None}
    over_http = http.verify(body)
    assert over_http.status_code == 400
    assert over_http.json()["code"] == code


def test_too_many_records_are_refused(rpc, night):
    asked = message(small("many", 1, night.epoch))
    asked.items[0].records = b"{}\n" * 100_001
    assert refusal(lambda: rpc.verify(asked))[:2] == (Code.INVALID_ARGUMENT, "too_many_records")


def test_an_unknown_mode_is_refused_and_an_unknown_field_is_not(rpc, night):
    asked = message(small("mode", 1, night.epoch))
    asked.mode = 7
    assert refusal(lambda: rpc.verify(asked))[:2] == (Code.INVALID_ARGUMENT, "bad_field")
    asked.mode = 0
    # Field 90, a string of two bytes.
    stranger = asked.SerializeToString() + b"\xd2\x05\x02hi"
    found = modules()[0].VerifyResponse.FromString(rpc.raw("Verify", stranger))
    assert answer(found)["results"][0]["status"] == "OK"


def test_a_message_above_the_limit_is_refused_by_name(rpc, night):
    asked = message(small("large", 1, night.epoch))
    asked.items[0].records = b" " * 16_000_000
    code, reason, _ = refusal(lambda: rpc.verify(asked))
    assert (code, reason) == (Code.RESOURCE_EXHAUSTED, "too_large")
    assert answer(rpc.verify(small("after-large", 2, night.epoch)))


def test_compression_and_unknown_methods_are_unimplemented(rpc, night):
    asked = small("zipped", 1, night.epoch)
    code, _, _ = refusal(lambda: rpc.verify(asked, compression=grpc.Compression.Gzip))
    assert code == Code.UNIMPLEMENTED
    assert refusal(lambda: rpc.raw("Nothing", b""))[0] == Code.UNIMPLEMENTED
