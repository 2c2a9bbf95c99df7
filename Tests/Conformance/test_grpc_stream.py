"""VerifyStream: order, back-pressure, refusals in their place, memory."""

import itertools
import queue
import threading
import time

import grpc
import pytest
from grpc_client import Caller, answer, refusal, small
from verifier import wait_until

Code = grpc.StatusCode


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    import verifier as verifiers

    one = verifiers.Verifier(
        tmp_path_factory.mktemp("grpc"), "--grpc-port", 0, "--profile", "wireless", "--log-level",
        "warning", environment={"ASSAY_VERIFIER_LIMITS_KEPT_ANSWERS": "64"})
    yield one
    one.stop()


@pytest.fixture(scope="module")
def rpc(served):
    caller = Caller(served.grpc)
    yield caller
    caller.close()


def test_answers_come_in_the_order_of_the_requests(rpc, night):
    nodes = itertools.cycle(night.nodes)
    # Large and small ones in turn, so that later ones are done first.
    asked = [night.request(f"order-{n}", [next(nodes)]) if n % 5 == 0
             else small(f"order-{n}", n, night.epoch) for n in range(60)]
    found = list(rpc.stream(asked))
    assert [one.request_id for one in found] == [one["request_id"] for one in asked]
    alone = answer(rpc.verify({**asked[0], "request_id": "order-alone"}))
    assert answer(found[0]) == {**alone, "request_id": "order-0"}
    assert all(not one.HasField("error") for one in found)


def test_a_refused_request_is_answered_in_its_place(rpc, night):
    asked = [small(f"place-{n}", n, night.epoch) for n in range(6)]
    asked[2]["epoch"] = -1
    asked[4] = {**small("place-0", 9, night.epoch)}
    found = list(rpc.stream(asked))
    assert [one.request_id for one in found] == [one["request_id"] for one in asked]
    assert [one.error.code for one in found] == ["", "", "bad_field", "", "request_id_conflict", ""]
    assert found[2].error.status == Code.INVALID_ARGUMENT.value[0]
    assert found[4].error.status == Code.ALREADY_EXISTS.value[0]
    assert not found[2].results and not found[2].result_digest
    assert answer(found[5])["results"][0]["status"] == "OK"


def test_every_answer_comes_without_waiting_for_the_next_request(rpc, night):
    waiting = queue.Queue()
    found = rpc.stream(iter(waiting.get, None))
    for n in range(20):
        waiting.put(small(f"pingpong-{n}", n, night.epoch))
        assert next(found).request_id == f"pingpong-{n}"
    waiting.put(None)
    assert list(found) == []


def test_a_stream_may_be_empty_and_a_call_without_answers_is_ok(rpc):
    assert list(rpc.stream([])) == []


def test_a_reader_that_stops_is_read_no_further(served, night):
    # Large answers and small windows: what is on its way stays little.
    rpc = Caller(served.grpc, options=[("grpc.http2.lookahead_bytes", 65_536),
                                       ("grpc.http2.bdp_probe", 0)])
    sent = []

    def asked():
        for n in range(400):
            sent.append(n)
            one = small(f"slow-{n}", n, night.epoch, records=1)
            # 20 kB of lines that are quarantined, each with its line in the answer.
            one["items"][0]["records"] += [f"[{k:048}]" for k in range(400)]
            yield one

    found = rpc.stream(asked())
    assert next(found).request_id == "slow-0"
    before = -1
    while before != len(sent):
        before = len(sent)
        time.sleep(3)
    # The windows of HTTP/2 hold about 1 MiB of the 8 MB.
    assert len(sent) < 200, "a reader that has stopped does not stop the requests"
    assert [one.request_id for one in found] == [f"slow-{n}" for n in range(1, 400)]
    rpc.close()


def test_ten_thousand_requests_leave_memory_as_it_was(served, night):
    rpc = Caller(served.grpc)
    levels = []
    for part in range(5):
        start = part * 2_000
        asked = (small(f"flat-{n}", n, night.epoch) for n in range(start, start + 2_000))
        for n, one in enumerate(rpc.stream(asked), start):
            assert one.request_id == f"flat-{n}" and len(one.results) == 1
        levels.append(served.resident())
    rpc.close()
    assert levels[-1] - levels[1] < 24 << 20, levels


def test_a_caller_who_goes_away_leaves_the_server_well(served, rpc, night):
    for n in range(20):
        found = rpc.stream(small(f"gone-{n}-{k}", k, night.epoch) for k in range(10_000))
        next(found)
        found.cancel()
    own = [threading.Thread(target=lambda: Caller(served.grpc).describe()) for _ in range(4)]
    for thread in own:
        thread.start()
    for thread in own:
        thread.join(30)
    assert len(list(rpc.stream(small(f"here-{k}", k, night.epoch) for k in range(20)))) == 20
    # Whatever they had begun has ended.
    wait_until(lambda: served.client().metrics()[("assay_verify_working", ())] == 0)


def test_the_deadline_of_the_call_ends_a_stream(rpc, night):
    def forever():
        for n in itertools.count():
            yield small(f"forever-{n}", n, night.epoch)
            time.sleep(0.01)

    found, ended = [], None
    try:
        for one in rpc.stream(forever(), timeout=2):
            found.append(one)
    except grpc.RpcError as error:
        ended = error.code()
    assert ended == Code.DEADLINE_EXCEEDED
    assert [one.request_id for one in found] == [f"forever-{n}" for n in range(len(found))]
    assert found


def test_what_is_no_request_ends_the_stream_after_the_answers_before_it(rpc, night):
    call = rpc.channel.stream_stream("/depin.verifier.v1.Verifier/VerifyStream")
    from grpc_client import message, modules

    data = [message(small(f"torn-{n}", n, night.epoch)).SerializeToString() for n in range(3)]
    found = call(iter([*data, b"\xff\xff\xff"]), timeout=60)
    seen = []
    with pytest.raises(grpc.RpcError) as error:
        for one in found:
            seen.append(modules()[0].VerifyResponse.FromString(one).request_id)
    assert error.value.code() == Code.INVALID_ARGUMENT
    assert seen == ["torn-0", "torn-1", "torn-2"]


def test_a_compressed_stream_is_refused(rpc, night):
    asked = [small("zip", 1, night.epoch)]
    assert refusal(lambda: rpc.stream(asked, compression=grpc.Compression.Gzip))[0] == (
        Code.UNIMPLEMENTED)
