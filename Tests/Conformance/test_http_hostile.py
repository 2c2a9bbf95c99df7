"""Hostile bytes: whatever comes, there is an answer below 500 (or 503), and the next one is right."""

import json
import random
import socket

import pytest
from verifier import compact, wait_until

SEED = 20_454
HEADERS = {"Content-Type": "application/json"}


def mutations(body, count):
    """Requests near a good one: bits, cuts, doubled stretches, bytes and words put in."""
    words = [b"\x00", b"\xff", b"\xed\xa0\x80", b"\\ud800", b'"', b"\\", b"{", b"}", b"[", b"]", b",",
             b":", b"null", b"true", b"-", b"1e999", b"-0.0", b"9" * 400, b"0.1" + b"0" * 400,
             b"NaN", b"Infinity", b"1E+400", b"\\u0000", b"\xef\xbb\xbf", b"/*", b"'", b"\r\n",
             b'"items":', b'"node":"a",', b"[" * 64, b'{"a":' * 64, b'"\\u']
    chance = random.Random(SEED)
    for _ in range(count):
        data = bytearray(body)
        for _ in range(chance.choice([1, 1, 1, 2, 4, 8])):
            place = chance.randrange(len(data) + 1)
            end = min(place + chance.choice([1, 2, 8, 64, 512]), len(data))
            action = chance.randrange(5)
            if action == 0 and place < len(data):
                data[place] ^= 1 << chance.randrange(8)
            elif action == 1:
                del data[place:end]
            elif action == 2:
                data[place:place] = data[place:end]
            elif action == 3:
                data[place:place] = chance.choice(words)
            else:
                data[place:end] = bytes(chance.randrange(256) for _ in range(end - place))
            if not data:
                data = bytearray(b"x")
        yield bytes(data)


def test_mutated_requests_are_answered(client, night):
    good = compact(night.small("mutated", 2))
    control = client.verify(night.small("control", 2)).json()["result_digest"]
    counts = {}
    for number, body in enumerate(mutations(good, 1_500)):
        # Each its own id where it still has one: others would be conflicts.
        body = body.replace(b'"mutated"', b'"mutated-%d"' % number)
        answer = client.post("/v1/verify", data=body, headers=HEADERS)
        assert answer.status_code in (200, 400, 409), (answer.status_code, body)
        counts[answer.status_code] = counts.get(answer.status_code, 0) + 1
    assert counts[200] > 20 and counts[400] > 200
    again = client.verify(night.small("control again", 2)).json()["result_digest"]
    assert again == control


DEEP = 200_000
BOMBS = {
    "deep arrays": b"[" * DEEP, "deep objects": b'{"a":' * DEEP,
    "deep and closed": b"[" * DEEP + b"]" * DEEP,
    "deep record": b'{"api_version":"depin.verifier.v1","request_id":"d","epoch":1,"items":[{'
                   b'"item_id":"a","profile":"wireless","records":[{"ts":1,"node":"n","kind":'
                   + b"[" * DEEP + b"]" * DEEP + b"}]}]}",
    "long number": b'{"epoch":' + b"9" * 1_000_000 + b"}",
    "long string": b'{"request_id":"' + b"a" * 5_000_000 + b'"}',
    "many keys": b"{" + b",".join(b'"k%d":1' % n for n in range(200_000)) + b"}",
    "same key": b"{" + b",".join([b'"epoch":1'] * 200_000) + b"}",
    "spaces": b" " * 8_000_000, "zeros": bytes(1_000_000), "0xff": b"\xff" * 1_000_000,
    "utf-16": '{"api_version":"depin.verifier.v1"}'.encode("utf-16"),
    "many items": b'{"api_version":"depin.verifier.v1","request_id":"m","epoch":1,"items":['
                  + b",".join([b"{}"] * 300_000) + b"]}",
    "many records": b'{"api_version":"depin.verifier.v1","request_id":"m","epoch":1,"items":[{'
                    b'"item_id":"a","profile":"wireless","records":['
                    + b",".join([b"{}"] * 300_000) + b"]}]}",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused(client, shared, night, name):
    answer = client.post("/v1/verify", data=BOMBS[name], headers=HEADERS)
    assert answer.status_code == 400, answer.text[:300]
    assert len(answer.content) < 2_000
    assert client.verify(night.small(f"after {name}")).status_code == 200


def test_records_with_odd_values_are_quarantined_or_judged(client, night):
    node = list(night.nodes)[0]
    odd = [{}, [], 1, "x", None, {"ts": 1e300}, {"ts": -1}, {"node": ""}, {"node": "a" * 257},
           {"node": 7}, {"kind": "nothing"}, {"kind": ["packet"]}, {"lat": 1e308}, {"lat": "NaN"},
           {"rssi_dbm": -(10**400)}, {"extra": {"a": [1, {"b": None}]}}, {"node": "\x00"},
           {"node": "\u202e"}, {"node": "😀"}]
    base = night.nodes[node][0]
    records = [{**base, **one} if isinstance(one, dict) and one else one for one in odd]
    body = json.dumps({
        "api_version": "depin.verifier.v1", "request_id": "odd", "epoch": night.epoch,
        "items": [{"item_id": str(index), "profile": "wireless",
                   "records": [record] if index else records}
                  for index, record in enumerate(records)]}).encode()
    answer = client.post("/v1/verify", data=body, headers=HEADERS)
    assert answer.status_code == 200, answer.text
    for result in answer.json()["results"]:
        assert result["status"] in ("OK", "INVALID_INPUT")


def raw(port, data, wait=8):
    """Sends bytes; what comes back, as far as it comes."""
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=wait) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65_536):
                answer += part
    except (TimeoutError, ConnectionError):
        pass
    return answer


HEADS = {
    "nothing": b"", "noise": bytes(range(256)) * 8, "lf only": b"GET /healthz HTTP/1.1\nHost: a\n\n",
    "http 0.9": b"GET /healthz\r\n", "http 9": b"GET /healthz HTTP/9.9\r\nHost: a\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /v1/describe HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
    "absolute": b"GET http://evil/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "connect": b"CONNECT evil:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "dots": b"GET /v1/../healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "unknown method": b"BREW /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "star": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "long line": b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "long field": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "many fields": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
                   + b"".join(b"X-%d: 1\r\n" % n for n in range(5_000)) + b"\r\n",
    "nul in field": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
    "space in name": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX y: 1\r\n\r\n",
    "folded": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n",
    "two lengths": b"POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
                   b"\r\nContent-Length: 2\r\nContent-Length: 50\r\n\r\n{}",
    "length and chunks": b"POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                         b"application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked"
                         b"\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "negative length": b"POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    "huge length": b"POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
                   b"\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "broken chunks": b"POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked"
                     b"\r\n\r\nZZ\r\n",
    "upgrade": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c"
               b"\r\n\r\n",
    "http 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300),
}


@pytest.mark.parametrize("name", HEADS)
def test_hostile_heads_do_no_harm(shared, client, name):
    answer = raw(shared.port, HEADS[name])
    for part in answer.split(b"HTTP/1.1 ")[1:]:
        assert part[:1] in b"1234", part[:200]
    assert b"assay_verify_requests_total" not in answer or name == "length and chunks"
    assert client.get("/healthz").status_code == 200


def test_a_request_is_not_smuggled_behind_another(shared):
    answer = raw(shared.port, HEADS["length and chunks"])
    assert b"200 OK" not in answer


def test_mutated_requests_on_the_wire_do_no_harm(shared, client, night):
    body = compact(night.small("wire"))
    good = (b"POST /v1/verify?a=b HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer a.b\r\nContent-Length: %d\r\n\r\n" % len(body)) + body
    for number, data in enumerate(mutations(good, 300)):
        # The head is where it hurts: keep the mutated part there most of the time.
        answer = raw(shared.port, data if number % 3 else data[:200] + good[200:])
        assert b" 500 " not in answer[:20]
    assert client.get("/healthz").status_code == 200


def test_a_hundred_connections_that_say_nothing_keep_nobody_out(hasty, night):
    idle = [socket.create_connection(("127.0.0.1", hasty.port)) for _ in range(100)]
    half = [socket.create_connection(("127.0.0.1", hasty.port)) for _ in range(100)]
    for connection in half:
        connection.sendall(b"POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                           b"application/json\r\nContent-Length: 1000\r\n\r\n{")
    assert hasty.client().verify(night.small("crowd")).status_code == 200
    # They are let go by time: those without a request, and those with half of one.
    for connection in idle + half:
        connection.settimeout(20)
        while connection.recv(65_536):
            pass
        connection.close()


def test_nothing_was_remembered_of_all_this(shared):
    wait_until(lambda: shared.client().metrics()[("assay_verify_working", ())] == 0)
    assert shared.client().metrics()[("assay_verify_waiting", ())] == 0
