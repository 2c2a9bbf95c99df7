"""What no well-meaning caller sends is refused by name, and others notice nothing."""

import os
import random
import socket
import ssl

import grpc
import pytest
from grpc_client import Caller, answer, message, modules, small
from grpc_wire import Wire, framed

import verifier as verifiers

Code = grpc.StatusCode
# Of input alone no other status may come, least of all UNKNOWN or INTERNAL.
EXPECTED = {Code.INVALID_ARGUMENT, Code.RESOURCE_EXHAUSTED, Code.ALREADY_EXISTS, Code.UNIMPLEMENTED}
ROUNDS = 2_000 if os.environ.get("ASSAY_FULL") else 400


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    one = verifiers.Verifier(
        tmp_path_factory.mktemp("grpc"), "--grpc-port", 0, "--profile", "wireless", "--log-level",
        "warning", environment={"ASSAY_VERIFIER_LIMITS_MAX_BYTES": "1000000"})
    yield one
    one.stop()


@pytest.fixture
def well(served):
    """A caller who is answered before and after."""
    rpc = Caller(served.grpc)
    before = answer(rpc.verify(small("well", 1, 20_000)))
    yield rpc
    assert answer(rpc.verify(small("well", 1, 20_000))) == before
    assert served.process.poll() is None
    rpc.close()


def good():
    return framed(message(small("good", 1, 20_000)).SerializeToString())


CALLS = {
    "negative timeout": (dict(more=[("grpc-timeout", "-5S")]), None, 3),
    "timeout without unit": (dict(more=[("grpc-timeout", "5")]), None, 3),
    "timeout of nine digits": (dict(more=[("grpc-timeout", "999999999S")]), None, 3),
    "timeout in other digits": (dict(more=[("grpc-timeout", "٣S")]), None, 3),
    "empty timeout": (dict(more=[("grpc-timeout", "")]), None, 3),
    "two timeouts": (dict(more=[("grpc-timeout", "5S"), ("grpc-timeout", "6S")]), None, 3),
    "timeout of eight digits": (dict(more=[("grpc-timeout", "99999999u")]), None, 0),
    "longest timeout": (dict(more=[("grpc-timeout", "99999999H")]), None, 0),
    "unknown compression": (dict(more=[("grpc-encoding", "brotli")]), None, 12),
    "two compressions": (dict(more=[("grpc-encoding", "gzip")] * 2), None, 12),
    "other method": (dict(more=[(":method", "GET")]), None, 3),
    "other scheme": (dict(more=[(":scheme", "ftp")]), None, 3),
    "other content": (dict(more=[("content-type", "text/html")]), None, None),
    "path without method": (dict(more=[(":path", "/x")]), None, 12),
    "unknown method": (dict(more=[(":path", "/depin.verifier.v1.Verifier/Pay")]), None, 12),
    "binary key": (dict(more=[("authorization", "\x7f"), ("x-bin", "!!!")]), None, 0),
    "no message": ({}, b"", 3),
    "two messages": ({}, "twice", 3),
    "half a message": ({}, "half", 3),
    "half a prefix": ({}, b"\0\0", 3),
    "compressed without saying how": ({}, "flag", 3),
    "a length of 4 GiB": ({}, b"\0\xff\xff\xff\xff" + b"x" * 100, 8),
    "a length above the limit": ({}, b"\0" + (1_000_001).to_bytes(4, "big"), 8),
    "an empty request": ({}, framed(b""), 3),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_strange_call_is_refused_alone(served, well, name):
    headers, body, status = CALLS[name]
    body = {None: good(), "twice": good() * 2, "half": good()[:-3],
            "flag": b"\1" + good()[1:]}.get(body, body)
    wire = Wire(served.grpc)
    stream = wire.open(**headers)
    wire.send(stream, body, ended=True)
    assert wire.status(stream) == status
    # The connection's other calls are none the worse.
    other = wire.open()
    wire.send(other, good(), ended=True)
    assert wire.status(other) == 0
    assert not wire.closed
    wire.close()


def test_frames_in_any_cut_are_read(served, well):
    random.seed(5)
    wire = Wire(served.grpc)
    for _ in range(10):
        data, stream = good(), wire.open()
        while data:
            cut = random.choice([1, 1, 2, 5, 100])
            wire.send(stream, data[:cut], ended=len(data) <= cut)
            data = data[cut:]
        assert wire.status(stream) == 0
    wire.close()


def test_headers_in_the_middle_end_the_call(served, well):
    wire = Wire(served.grpc)
    stream = wire.open()
    wire.send(stream, good()[:9])
    wire.http.send_headers(stream, [("x-more", "1")], end_stream=True)
    wire.flush()
    assert wire.status(stream) in (None, 3)
    wire.close()


def test_many_calls_given_up_at_once_are_forgotten(served, well):
    wire = Wire(served.grpc)
    for _ in range(100):
        stream = wire.open()
        wire.http.reset_stream(stream, 8)
        wire.flush()
    wire.close()


def test_any_bytes_as_a_message_are_refused_by_name(well):
    rng = random.Random(20_454)
    whole = message(small("mutant", 1, 20_000, records=4)).SerializeToString()
    seen = set()
    for n in range(ROUNDS):
        data = bytearray(whole)
        for _ in range(rng.choice([1, 1, 2, 8, 40])):
            place = rng.randrange(len(data) + 1)
            match rng.randrange(4):
                case 0: data[place:place + 1] = bytes([rng.randrange(256)])
                case 1: del data[place:place + rng.randrange(1, 30)]
                case 2: data[place:place] = rng.randbytes(rng.randrange(1, 30))
                case 3: data[place:place] = bytes(data[:rng.randrange(1, len(data) + 1)])[:200]
            if not data:
                data = bytearray(b"\0")
        if n % 20 == 0:
            data = bytearray(rng.randbytes(rng.randrange(1, 2_000)))
        method = "Verify" if n % 10 else "Describe"
        try:
            found = well.raw(method, bytes(data))
            seen.add(Code.OK)
            if method == "Verify":
                checked(modules()[0].VerifyResponse.FromString(found))
        except grpc.RpcError as error:
            assert error.code() in EXPECTED, (error.code(), error.details(), bytes(data))
            assert dict(error.trailing_metadata()).get("assay-code"), error.details()
            seen.add(error.code())
    assert {Code.OK, Code.INVALID_ARGUMENT} <= seen


def checked(found):
    """An answer that says PASS says so of nodes that were judged, and of nothing else."""
    for one in answer(found)["results"]:
        assert one["status"] in ("OK", "TRANSIENT", "INVALID_INPUT", "UNSUPPORTED")
        assert (one["outcome"] is None) == (one["status"] != "OK")
        assert bool(one["nodes"]) == (one["status"] == "OK")


def test_any_bytes_as_records_are_quarantined(well):
    rng = random.Random(7)
    record = (b'{"ts":1728000000000,"node":"n","kind":"heartbeat","lat":1.5,"lon":2.5}')
    words = [record, b"{", b"}", b"[" * 200, b"\0", b"\xff\xfe", b"null", b'""', b"1e999", b"-",
             b'{"ts":1e400}', b'{"node":"' + b"x" * 999 + b'"}', b'{"a":{"a":' * 50, b"\r", b"\t",
             b'{"ts":1728000000000,"ts":2,"node":"n","kind":"heartbeat"}', b'{"\\ud800":1}']
    for n in range(ROUNDS // 4):
        asked = message(small(f"records-{n}", 1, 20_000))
        lines = rng.choices(words, k=rng.randrange(1, 12))
        asked.items[0].records = rng.choice([b"\n", b"\n\n", b"\r\n", b" "]).join(lines)
        checked(well.verify(asked))


def test_bytes_that_are_no_http2_close_their_connection_alone(served, well):
    rng = random.Random(3)
    host, port = served.grpc.split(":")
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
    starts = [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", preface, preface + bytes(9),
              preface + b"\xff\xff\xff\x01\x05\0\0\0\1", b"\x16\x03\x01\x02\0\1\0"]
    for n in range(60):
        with socket.create_connection((host, int(port)), timeout=10) as one:
            try:
                one.sendall(starts[n % len(starts)] + rng.randbytes(rng.randrange(0, 3_000)))
                if n % 3:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            except OSError:
                pass


def test_tls_is_not_guessed(served, well):
    host, port = served.grpc.split(":")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with pytest.raises((ssl.SSLError, OSError)):
        with socket.create_connection((host, int(port)), timeout=10) as plain:
            context.wrap_socket(plain)


# 512 are open at a time; the system keeps about a hundred more waiting.
def test_idle_connections_wait_their_turn_and_starve_nobody_already_there(served, well):
    host, port = served.grpc.split(":")
    idle = [socket.create_connection((host, int(port)), timeout=10) for _ in range(580)]
    assert answer(well.verify(small("crowded", 2, 20_000)))
    for one in idle:
        one.close()
    late = Caller(served.grpc)
    assert late.describe(timeout=60).name == "assay"
    late.close()
