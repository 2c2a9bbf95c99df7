"""Paths, methods, types, lengths: each mistake has its status and code."""

import json
import socket
import time

import openapi_spec_validator
import pytest


def test_the_description_is_a_valid_openapi_document(client):
    document = client.get("/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    openapi_spec_validator.validate(document)


def test_every_described_operation_is_there(client):
    for path, operations in client.description()["paths"].items():
        for method in operations:
            assert client(method.upper(), path).status_code not in (404, 405)


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/verify/", "/V1/verify", "/v2/verify",
                                  "/v1/verify%00", "//v1/verify", "/metrics/x", "/healthz;a",
                                  "/%2e%2e/etc/passwd", "/" + "a" * 5_000])
def test_an_unknown_path_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path, methods", [
    ("/v1/verify", "POST"), ("/v1/describe", "GET, HEAD"), ("/v1/records", "POST"),
    ("/v1/shadow", "GET, HEAD"), ("/v1/reload", "POST"), ("/v1/openapi.json", "GET, HEAD"),
    ("/healthz", "GET, HEAD"), ("/readyz", "GET, HEAD"), ("/metrics", "GET, HEAD")])
def test_a_wrong_method_is_told_the_right_ones(client, path, methods):
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]:
        if method in methods:
            continue
        answer = client(method, path)
        assert answer.status_code == 405 and answer.headers["Allow"] == methods


def test_head_has_the_head_of_get(client):
    for path in ["/healthz", "/readyz", "/v1/describe", "/v1/openapi.json"]:
        head, get = client("HEAD", path), client.get(path)
        assert head.status_code == get.status_code == 200
        assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize("kind", [None, "", "text/plain", "application/x-www-form-urlencoded",
                                  "application/jsonp", "multipart/form-data; boundary=x"])
def test_another_content_type_is_refused(client, kind):
    headers = {} if kind is None else {"Content-Type": kind}
    assert client.post("/v1/verify", data=b"{}", headers=headers).status_code == 415


def test_a_content_type_may_have_parameters(client, night):
    body = json.dumps(night.small("charset")).encode()
    answer = client.post("/v1/verify", data=body,
                         headers={"Content-Type": "Application/JSON; charset=utf-8"})
    assert answer.status_code == 200


def test_compressed_content_is_refused(client):
    answer = client.post("/v1/verify", data=b"\x1f\x8b",
                         headers={"Content-Type": "application/json", "Content-Encoding": "gzip"})
    assert answer.status_code == 415 and answer.json()["code"] == "unsupported_encoding"


def test_a_body_without_announced_length_is_refused(client):
    answer = client.post("/v1/verify", data=iter([b"{", b"}"]),
                         headers={"Content-Type": "application/json"})
    assert answer.status_code == 411


def exchange(port, data, seconds=20, half_close=False):
    """Sends bytes as they are; what comes back until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(data)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
        return answer


HEAD = ("POST /v1/verify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: {}\r\n\r\n")


def test_a_body_that_stands_still_times_out(hasty):
    begin = time.monotonic()
    answer = exchange(hasty.port, HEAD.format(100).encode() + b"{")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code":"too_slow"' in answer
    assert 2 < time.monotonic() - begin < 10


def test_a_body_that_trickles_times_out(hasty):
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=20) as connection:
        connection.sendall(HEAD.format(1_000).encode())
        answer = b""
        connection.settimeout(0.2)
        for _ in range(60):
            try:
                connection.sendall(b" ")
                answer += connection.recv(65_536)
            except TimeoutError:
                continue
            except OSError:
                break
            if answer:
                break
    assert answer.startswith(b"HTTP/1.1 408")


def test_a_body_that_breaks_off_is_an_error(shared):
    answer = exchange(shared.port, HEAD.format(100).encode() + b"{}", half_close=True)
    assert answer.startswith(b"HTTP/1.1 400")


def test_a_length_too_large_is_refused_before_the_body(shared):
    answer = exchange(shared.port, HEAD.format(10**12).encode())
    assert answer.startswith(b"HTTP/1.1 413") and b"connection: close" in answer.lower()


def test_half_a_head_is_dropped(hasty):
    begin = time.monotonic()
    assert exchange(hasty.port, b"GET /healthz HTTP/1.1\r\nHost: loc") in (
        b"", b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    assert time.monotonic() - begin < 15


def test_pipelined_requests_are_answered_in_their_order(shared):
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    two = b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answer = exchange(shared.port, one + two + one + last)
    statuses = [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"404", b"200", b"200"]


def test_a_caller_that_asks_whether_to_go_on_is_told(shared):
    head = HEAD.format(2).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n").encode()
    with socket.create_connection(("127.0.0.1", shared.port), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(1_000).startswith(b"HTTP/1.1 100")
        connection.sendall(b"{}")
        assert connection.recv(1_000).startswith(b"HTTP/1.1 400")


def test_pages_in_browsers_are_not_answered_where_there_are_no_keys(client):
    assert client.get("/v1/describe", headers={"Origin": "https://evil.example"}).status_code == 403
    answer = client.get("/v1/describe", headers={"Host": "evil.example"})
    assert answer.status_code == 403 and answer.json()["code"] == "not_local"
    for host in ["localhost", "localhost:80", "127.0.0.1", "[::1]:8090"]:
        assert client.get("/v1/describe", headers={"Host": host}).status_code == 200
