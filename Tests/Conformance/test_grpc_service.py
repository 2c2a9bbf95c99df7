"""Health and reflection for others' tools, and the end of the server."""

import signal
import threading
import time

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_client import Caller, answer, message, refusal, small
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

Code = grpc.StatusCode
SERVICE = "depin.verifier.v1.Verifier"
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    import verifier as verifiers

    one = verifiers.Verifier(
        tmp_path_factory.mktemp("grpc"), "--grpc-port", 0, "--profile", "wireless")
    yield one
    one.stop()


@pytest.fixture(scope="module")
def channel(served):
    with grpc.insecure_channel(served.grpc, [("grpc.enable_http_proxy", 0)]) as channel:
        yield channel


# Health

def test_health_knows_the_server_and_its_service(channel):
    health = health_pb2_grpc.HealthStub(channel)
    for name in ("", SERVICE):
        asked = health_pb2.HealthCheckRequest(service=name)
        assert health.Check(asked, timeout=30).status == SERVING
    unknown = health_pb2.HealthCheckRequest(service="nobody")
    assert refusal(lambda: health.Check(unknown, timeout=30))[0] == Code.NOT_FOUND
    listed = health.List(health_pb2.HealthListRequest(), timeout=30).statuses
    assert {name: one.status for name, one in listed.items()} == {"": SERVING, SERVICE: SERVING}
    watched = health.Watch(unknown, timeout=30)
    assert next(watched).status == health_pb2.HealthCheckResponse.SERVICE_UNKNOWN
    watched.cancel()


# Reflection

def reflect(channel, version, *requests):
    call = channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString)
    asked = [reflection_pb2.ServerReflectionRequest(host="h", **one) for one in requests]
    found = list(call(iter(asked), timeout=30))
    assert [one.original_request for one in found] == asked
    assert {one.valid_host for one in found} <= {"h"}
    return found


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
def test_reflection_lists_services_and_finds_files(channel, version):
    services, by_name, *by_symbol = reflect(
        channel, version, {"list_services": ""},
        {"file_by_filename": "depin/verifier/v1/verifier.proto"},
        *({"file_containing_symbol": name} for name in (
            SERVICE, f"{SERVICE}.VerifyStream", "depin.verifier.v1.VerifyResponse.Verifier",
            "depin.verifier.v1.Reason.share_ppm", "depin.verifier.v1.OUTCOME_PASS")))
    assert [one.name for one in services.list_services_response.service] == [
        SERVICE, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection"]
    for one in (by_name, *by_symbol):
        found = descriptor_pb2.FileDescriptorProto.FromString(
            one.file_descriptor_response.file_descriptor_proto[0])
        assert found.name == "depin/verifier/v1/verifier.proto"


def test_reflection_says_what_it_does_not_know(channel):
    asked = [{"file_by_filename": "no.proto"}, {"file_containing_symbol": "no.Such"},
             {"file_containing_extension": {"containing_type": SERVICE, "extension_number": 1}},
             {"all_extension_numbers_of_type": "no.Such"}]
    for one in reflect(channel, "v1", *asked):
        assert one.error_response.error_code == Code.NOT_FOUND.value[0]
    known, empty = reflect(
        channel, "v1", {"all_extension_numbers_of_type": "depin.verifier.v1.Item"}, {})
    assert known.all_extension_numbers_response.base_type_name == "depin.verifier.v1.Item"
    assert empty.error_response.error_code == Code.INVALID_ARGUMENT.value[0]


def test_a_caller_without_the_proto_asks_with_what_reflection_tells(channel, night):
    pool = descriptor_pool.DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
    service = pool.FindServiceByName(SERVICE)
    assert [method.name for method in service.methods] == ["Describe", "Verify", "VerifyStream"]
    method = service.FindMethodByName("Verify")
    ask, told = (message_factory.GetMessageClass(kind)
                 for kind in (method.input_type, method.output_type))
    call = channel.unary_unary(f"/{SERVICE}/Verify", request_serializer=ask.SerializeToString,
                               response_deserializer=told.FromString)
    asked = ask.FromString(message(small("reflected", 1, night.epoch)).SerializeToString())
    found = call(asked, timeout=60)
    assert answer(found)["results"][0]["outcome"] == "ABSTAIN"


# The end

def test_the_end_is_told_before_it_comes(start):
    one = start("--grpc-port", 0, "--profile", "wireless", "--drain-seconds", 4, model=False)
    rpc = Caller(one.grpc)
    health = health_pb2_grpc.HealthStub(rpc.channel)
    watched = health.Watch(health_pb2.HealthCheckRequest(service=SERVICE), timeout=60)
    assert next(watched).status == SERVING
    one.signal(signal.SIGTERM)
    assert next(watched).status == NOT_SERVING
    assert health.Check(health_pb2.HealthCheckRequest(), timeout=30).status == NOT_SERVING
    # Who has not looked yet is still answered.
    assert answer(rpc.verify(small("meanwhile", 1, 20_000)))
    with pytest.raises(grpc.RpcError) as error:
        next(watched)
    assert error.value.code() == Code.UNAVAILABLE
    one.process.wait(60)
    one.stop()
    rpc.close()


def test_the_end_under_load_loses_no_answer(start, night):
    one = start("--grpc-port", 0, "--profile", "wireless", "--log-level", "warning", model=False)
    running, ends = threading.Event(), []
    running.set()

    def unary(name):
        rpc = Caller(one.grpc)
        done = 0
        try:
            while running.is_set():
                found = rpc.verify(small(f"{name}-{done}", done, night.epoch))
                assert found.request_id == f"{name}-{done}" and len(found.results) == 1
                done += 1
        except grpc.RpcError as error:
            ends.append((name, done, error.code(), error.details()))

    def stream(name):
        rpc = Caller(one.grpc)
        done = 0

        def asked():
            n = 0
            while running.is_set():
                yield small(f"{name}-{n}", n, night.epoch)
                n += 1

        try:
            for found in rpc.stream(asked()):
                assert found.request_id == f"{name}-{done}" and len(found.results) == 1
                done += 1
        except grpc.RpcError as error:
            ends.append((name, done, error.code(), error.details()))

    threads = [threading.Thread(target=work, args=(f"{work.__name__}-{n}",), daemon=True)
               for n in range(4) for work in (unary, stream)]
    for thread in threads:
        thread.start()
    time.sleep(4)
    one.signal(signal.SIGTERM)
    assert one.process.wait(60) == 0
    running.clear()
    for thread in threads:
        thread.join(30)
    # Every call that was taken was answered; every other was told to go elsewhere.
    assert len(ends) == len(threads)
    assert {code for _, _, code, _ in ends} == {Code.UNAVAILABLE}, ends
    assert all(done > 0 for _, done, _, _ in ends), ends
