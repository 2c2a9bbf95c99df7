"""What is asked and answered: the same verdicts as the nightly run's, each item once, errors apart."""

import concurrent.futures
import copy
import hashlib
import json

import pytest
from verifier import compact, request

MEMBERS = ["score_ppm", "raw_micro", "p_ppb", "q_ppb", "units_micro", "group", "evidence",
           "reasons", "verdict"]
VERDICTS = {"PASS": "accept", "FLAG": "hold", "FAIL": "reject", "ABSTAIN": "abstain"}


def results(answer):
    assert answer.status_code == 200, answer.text
    return {result["item_id"]: result for result in answer.json()["results"]}


def test_a_night_asked_at_once_has_the_nightly_verdicts(client, night):
    # The log's own text: numbers must keep their digits on the way.
    lines = {}
    for line, record in zip(night.lines, night.records):
        lines.setdefault(record["node"], []).append(line)
    items = ",".join(
        f'{{"item_id":{json.dumps(node)},"profile":"wireless","records":[{",".join(own)}]}}'
        for node, own in lines.items())
    body = (f'{{"api_version":"depin.verifier.v1","request_id":"night","epoch":{night.epoch},'
            f'"items":[{items}]}}')
    answer = client.post("/v1/verify", data=body, headers={"Content-Type": "application/json"})
    found = results(answer)
    assert [result["item_id"] for result in answer.json()["results"]] == list(lines)
    assert len(found) == len(night.verdicts)
    assert {VERDICTS[result["outcome"]] for result in found.values()} > {"accept", "reject"}
    for node, verdict in night.verdicts.items():
        result = found[node]
        assert result["status"] == "OK" and len(result["nodes"]) == 1
        own = result["nodes"][0]
        assert own["node"] == node
        assert VERDICTS[own["outcome"]] == own["verdict"]
        assert {name: own[name] for name in MEMBERS} == {name: verdict[name] for name in MEMBERS}


def test_order_and_split_of_items_change_nothing(client, night):
    nodes = list(night.nodes)[:40]
    one = results(client.verify(night.request("split-1", nodes)))
    two = results(client.verify(night.request("split-2", nodes[::-1])))
    records = [record for node in nodes for record in night.nodes[node]]
    whole = client.verify(request("split-3", {"all": records}, night.epoch))
    assert one == two
    own = {node["node"]: node for node in results(whole)["all"]["nodes"]}
    assert own == {name: result["nodes"][0] for name, result in one.items()}


def test_an_items_outcome_is_its_worst_nodes(client, night):
    records = [record for node in night.nodes for record in night.nodes[node]]
    result = results(client.verify(request("worst", {"all": records}, night.epoch)))["all"]
    found = {node["outcome"] for node in result["nodes"]}
    assert result["outcome"] == next(
        one for one in ["FAIL", "FLAG", "ABSTAIN", "PASS"] if one in found)


def test_the_digest_is_that_of_the_canonical_answer(client, night):
    answer = client.verify(night.small("digest", 3))
    body = answer.json()
    assert answer.content == json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    rest = {name: value for name, value in body.items()
            if name not in ("request_id", "result_digest")}
    canonical = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert body["result_digest"] == "0x" + hashlib.sha256(canonical.encode()).hexdigest()


def test_the_same_content_under_another_id_has_the_same_digest(client, night):
    one = client.verify(night.small("one-id")).json()
    two = client.verify(night.small("other-id")).json()
    assert one["result_digest"] == two["result_digest"]
    assert (one["request_id"], two["request_id"]) == ("one-id", "other-id")


def test_a_repeated_request_has_the_same_bytes_and_other_content_is_a_conflict(client, night):
    first = client.verify(night.small("again"))
    assert client.verify(night.small("again")).content == first.content
    # Other text of the same content is the same request or a conflict, never another answer.
    answer = client.verify(night.small("again", 2))
    assert answer.status_code == 409
    assert answer.json()["code"] == "request_id_conflict"
    assert client.verify(night.small("again")).content == first.content


def test_many_at_once_with_one_id_have_one_answer(client, night):
    body = compact(night.request("herd", list(night.nodes)[:30]))
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(
            lambda _: client.post("/v1/verify", data=body,
                                  headers={"Content-Type": "application/json"}), range(24)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_each_status_of_an_item(client, night):
    node, other = list(night.nodes)[:2]
    good, bad = night.nodes[node][:10], copy.deepcopy(night.nodes[other][:3])
    for record in bad:
        record["lat"] = "north"
        record["ts"] = "yesterday"
    items = [
        {"item_id": "good", "profile": "wireless", "records": good},
        {"item_id": "unusable", "profile": "wireless", "records": bad},
        {"item_id": "empty", "profile": "wireless", "records": []},
        {"item_id": "unknown", "profile": "weather-balloons", "records": good},
    ]
    answer = client.verify(request("statuses", items, night.epoch))
    found = results(answer)
    assert found["good"]["status"] == "OK" and found["good"]["outcome"]
    assert found["unusable"]["status"] == "INVALID_INPUT"
    assert [one["index"] for one in found["unusable"]["quarantined"]] == [0, 1, 2]
    assert found["empty"]["status"] == "INVALID_INPUT"
    assert found["unknown"]["status"] == "UNSUPPORTED"
    for name in ("unusable", "empty", "unknown"):
        assert found[name]["outcome"] is None and found[name]["nodes"] == []


def test_a_node_in_two_items_spoils_both_and_no_other(client, night):
    node, other = list(night.nodes)[:2]
    items = [{"item_id": "a", "profile": "wireless", "records": night.nodes[node][:5]},
             {"item_id": "b", "profile": "wireless", "records": night.nodes[node][5:9]},
             {"item_id": "c", "profile": "wireless", "records": night.nodes[other][:9]}]
    found = results(client.verify(request("twice", items, night.epoch)))
    assert [found[name]["status"] for name in "abc"] == ["INVALID_INPUT", "INVALID_INPUT", "OK"]


def test_records_of_other_days_and_later_ones_are_left_out_and_counted(client, night):
    node = list(night.nodes)[0]
    records = copy.deepcopy(night.nodes[node][:10])
    records[0]["ts"] -= 86_400_000
    moment = sorted(record["ts"] for record in records[1:])[5]
    later = sum(record["ts"] > moment for record in records[1:])
    found = results(client.verify(request("as-of", {"a": records + records[1:2]}, night.epoch,
                                          as_of=moment)))["a"]
    assert found["counts"] == {"used": 9 - later, "duplicate": 1, "quarantined": 0,
                               "other_epochs": 1, "later_than_as_of": later}


def test_a_deadline_that_passes_is_transient_and_not_kept(client, night):
    hasty = night.request("hasty", deadline_ms=1)
    found = results(client.verify(hasty))
    assert {result["status"] for result in found.values()} <= {"TRANSIENT", "OK"}
    assert "TRANSIENT" in {result["status"] for result in found.values()}
    assert all(result["outcome"] is None for result in found.values()
               if result["status"] == "TRANSIENT")
    # Its answer was not worth keeping: the same id judges, and other content is no conflict.
    again = results(client.verify(night.request("hasty", list(night.nodes)[:20])))
    assert {result["status"] for result in again.values()} == {"OK"}


def test_shadow_mode_without_a_candidate_is_answered_by_the_active_one(client, night):
    enforce = client.verify(night.small("mode-1")).json()
    shadow = client.verify(night.small("mode-2", mode="SHADOW")).json()
    assert shadow["mode"] == "SHADOW"
    assert shadow["results"] == enforce["results"]
    assert shadow["result_digest"] != enforce["result_digest"]


MISTAKES = {
    "not_json": b"{", "empty": b"", "array": b"[]", "number": b"7", "null": b"null",
    "no_version": {"api_version": None}, "other_version": {"api_version": "depin.verifier.v2"},
    "no_id": {"request_id": None}, "empty_id": {"request_id": ""},
    "long_id": {"request_id": "x" * 129}, "binary_id": {"request_id": "a\nb"},
    "no_epoch": {"epoch": None}, "float_epoch": {"epoch": 1.5}, "negative_epoch": {"epoch": -1},
    "huge_epoch": {"epoch": 10**30}, "no_items": {"items": None}, "zero_items": {"items": []},
    "object_items": {"items": {}}, "mode": {"mode": "MAYBE"}, "deadline": {"deadline_ms": 0},
    "long_deadline": {"deadline_ms": 10**9}, "as_of": {"as_of": "now"},
    "stranger": {"as_off": 1}, "item_stranger": {"items": [{"item_id": "a", "profile": "wireless",
                                                            "records": [], "extra": 1}]},
    "item_id": {"items": [{"item_id": "", "profile": "wireless", "records": []}]},
    "same_item": {"items": [{"item_id": "a", "profile": "wireless", "records": []}] * 2},
    "records": {"items": [{"item_id": "a", "profile": "wireless", "records": {}}]},
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_malformed_request_is_told_what_is_wrong(client, night, name):
    change = MISTAKES[name]
    body = change if isinstance(change, bytes) else compact(
        {**night.small(f"mistake-{name}"), **change})
    answer = client.post("/v1/verify", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 411) if not body else answer.status_code == 400
    assert len(answer.json()["detail"]) > 10


def test_more_than_the_limits_is_refused(start, night):
    verifier = start("--profile", "wireless", environment={
        "ASSAY_VERIFIER_LIMITS_MAX_ITEMS": "2", "ASSAY_VERIFIER_LIMITS_MAX_RECORDS": "25",
        "ASSAY_VERIFIER_LIMITS_MAX_BYTES": "20000"})
    client = verifier.client()
    limits = client.get("/v1/describe").json()["limits"]
    assert (limits["max_items"], limits["max_records"], limits["max_bytes"]) == (2, 25, 20_000)
    assert client.verify(night.small("fits", 2)).status_code == 200
    assert client.verify(night.small("items", 3)).json()["code"] == "too_many_items"
    node = list(night.nodes)[0]
    many = client.verify(request("records", {"a": night.nodes[node][:26]}, night.epoch))
    assert many.json()["code"] == "too_many_records"
    large = client.post("/v1/verify", data=b" " * 20_001,
                        headers={"Content-Type": "application/json"})
    assert large.status_code == 413


def test_describe_names_what_judges(client, night):
    body = client.get("/v1/describe").json()
    assert body["api_versions"] == ["depin.verifier.v1"]
    profile, = body["profiles"]
    assert profile["name"] == "wireless"
    answer = client.verify(night.small("describe")).json()
    assert answer["profiles"]["wireless"] == {
        "policy": profile["policy"], "model": profile["model"]["digest"],
        "rules": profile["rules"]}
    codes = {reason["code"] for reason in profile["reasons"]}
    seen = {reason["code"] for verdict in night.verdicts.values() for reason in verdict["reasons"]}
    assert seen <= codes
