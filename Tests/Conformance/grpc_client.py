"""The verifier over gRPC: the proto compiled on the spot, and answers as JSON has them."""

import functools
import importlib
import json
import pathlib
import sys
import tempfile

import grpc
import grpc_tools
from grpc_tools import protoc
from verifier import API, ROOT

PROTO = "depin/verifier/v1/verifier.proto"
SERVICE = "depin.verifier.v1.Verifier"
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@functools.cache
def modules():
    """The compiled proto: messages, stubs."""
    folder = tempfile.mkdtemp(prefix="assay-proto-")
    standard = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    done = protoc.main(["protoc", f"-I{ROOT / 'Protos'}", f"-I{standard}", f"--python_out={folder}",
                        f"--grpc_python_out={folder}", PROTO])
    assert done == 0
    sys.path.insert(0, folder)
    return (importlib.import_module("depin.verifier.v1.verifier_pb2"),
            importlib.import_module("depin.verifier.v1.verifier_pb2_grpc"))


def message(request):
    """A JSON request as a message; records may be objects or their text."""
    pb, _ = modules()
    made = pb.VerifyRequest()
    for name in ("api_version", "request_id", "epoch", "as_of", "deadline_ms"):
        if request.get(name) is not None:
            setattr(made, name, request[name])
    if "mode" in request:
        made.mode = pb.Mode.Value("MODE_" + request["mode"])
    for item in request.get("items", []):
        lines = [record if isinstance(record, str) else json.dumps(record)
                 for record in item.get("records", [])]
        made.items.add(item_id=item.get("item_id", ""), profile=item.get("profile", ""),
                       records="\n".join(lines).encode())
    return made


def answer(response):
    """A response message as the JSON of HTTP."""
    pb, _ = modules()

    def word(kind, value):
        name = kind.Name(value)
        word = name.split("_", 1)[1]
        return None if word == "UNSPECIFIED" else word

    def optional(owner, name):
        return {name: getattr(owner, name)} if owner.HasField(name) else {}

    def reason(one):
        found = {"code": one.code, "class": getattr(one, "class"), "share_ppm": one.share_ppm}
        for name in ("feature", "observed_micro", "low_micro", "high_micro", "unit"):
            found |= optional(one, name)
        return found | ({"peers": list(one.peers)} if one.peers else {})

    def node(one):
        plain = ("node", "verdict", "score_ppm", "raw_micro", "p_ppb", "q_ppb", "units_micro",
                 "group", "evidence")
        return {name: getattr(one, name) for name in plain} | {
            "outcome": word(pb.Outcome, one.outcome), "reasons": [reason(r) for r in one.reasons]}

    def result(one):
        counts = ("used", "duplicate", "quarantined", "other_epochs", "later_than_as_of")
        return {
            "item_id": one.item_id, "status": word(pb.Status, one.status),
            "outcome": word(pb.Outcome, one.outcome), "nodes": [node(n) for n in one.nodes],
            "counts": {name: getattr(one.counts, name) for name in counts},
            "quarantined": [{"index": q.index, "reason": q.reason, "detail": q.detail}
                            for q in one.quarantined]} | optional(one, "message")

    return {
        "api_version": response.api_version, "request_id": response.request_id,
        "mode": word(pb.Mode, response.mode), "epoch": response.epoch,
        "as_of": response.as_of if response.HasField("as_of") else None,
        "verifier": {"name": response.verifier.name, "version": response.verifier.version},
        "profiles": {name: {"policy": judge.policy, "rules": judge.rules,
                            "model": judge.model if judge.HasField("model") else None}
                     for name, judge in response.profiles.items()},
        "results": [result(one) for one in response.results],
        "result_digest": response.result_digest}


def description(response):
    """A description message as the JSON of HTTP."""
    reasons = ("code", "bit", "class", "severity", "text")
    return {
        "name": response.name, "version": response.version, "determinism": response.determinism,
        "api_versions": list(response.api_versions),
        "limits": {name: getattr(response.limits, name)
                   for name in ("max_items", "max_records", "max_bytes", "max_deadline_ms")},
        "profiles": [{
            "name": one.name, "policy": one.policy, "rules": one.rules,
            "minimum_records": one.minimum_records, "kinds": list(one.kinds),
            "model": {name: getattr(one.model, name) for name in ("name", "version", "digest")}
            if one.HasField("model") else None,
            "reasons": [{name: getattr(r, name) for name in reasons} for r in one.reasons],
        } for one in response.profiles]}


class Caller:
    """A channel to a verifier with a key, and the stubs of its service."""

    def __init__(self, address, key=None, credentials=None, options=()):
        options = [*UNLIMITED, ("grpc.enable_http_proxy", 0), *options]
        self.channel = (grpc.secure_channel(address, credentials, options) if credentials
                        else grpc.insecure_channel(address, options))
        self.metadata = [("authorization", f"Bearer {key}")] if key else []
        self.stub = modules()[1].VerifierStub(self.channel)

    def describe(self, timeout=60, **options):
        return self.stub.Describe(modules()[0].DescribeRequest(), timeout=timeout,
                                  metadata=self.metadata, **options)

    def verify(self, request, timeout=120, **options):
        made = message(request) if isinstance(request, dict) else request
        return self.stub.Verify(made, timeout=timeout, metadata=self.metadata, **options)

    def stream(self, requests, timeout=600, **options):
        return self.stub.VerifyStream(
            (message(one) if isinstance(one, dict) else one for one in requests),
            timeout=timeout, metadata=self.metadata, **options)

    def raw(self, method, data, timeout=60):
        """A call of one message of any bytes."""
        return self.channel.unary_unary(f"/{SERVICE}/{method}")(
            data, timeout=timeout, metadata=self.metadata)

    def close(self):
        self.channel.close()


def refusal(call):
    """The status, the verifier's code and the metadata that a call ends with."""
    try:
        found = call()
        if hasattr(found, "__next__"):
            list(found)
    except grpc.RpcError as error:
        trailing = dict(error.trailing_metadata() or ())
        return error.code(), trailing.get("assay-code"), trailing
    raise AssertionError("the call was not refused")


def small(identity, number, epoch, records=2):
    """A request for a node of its own with a few records: it is ABSTAIN, quickly."""
    start = epoch * 86_400_000
    lines = [json.dumps({"ts": start + 1000 * place + number, "node": f"n{number}",
                         "kind": "heartbeat", "lat": 47.5, "lon": 8.5,
                         "location_source": "gps"}) for place in range(records)]
    return {"api_version": API, "request_id": identity, "epoch": epoch,
            "items": [{"item_id": f"i{number}", "profile": "wireless", "records": lines}]}
