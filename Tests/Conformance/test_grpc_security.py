"""Keys, scopes, quotas, TLS and client certificates over gRPC."""

import datetime
import ipaddress
import queue

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from grpc_client import Caller, answer, description, refusal, small
from verifier import key, run, wait_until

import verifier as verifiers

Code = grpc.StatusCode


# Keys

@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    made = {name: key(file, name, *(word for scope in scopes for word in ("--scope", scope)), *more)
            for name, scopes, more in [
                ("all", ["verify", "describe", "metrics"], []),
                ("looks", ["describe"], []),
                ("asks", ["verify"], []),
                ("slow", ["verify"], ["--requests-per-second", 1]),
                ("few", ["verify"], ["--records-per-day", 5]),
                ("leaving", ["verify"], [])]}
    return file, made


@pytest.fixture(scope="module")
def guarded(tmp_path_factory, keys):
    one = verifiers.Verifier(tmp_path_factory.mktemp("guarded"), "--grpc-port", 0, "--profile",
                             "wireless", "--keys", keys[0])
    yield one
    one.stop()


def test_a_key_is_needed_and_must_be_right(guarded, keys):
    good = keys[1]["all"]
    assert description(Caller(guarded.grpc, good).describe())["name"] == "assay"
    for wrong in (None, good[:-1], good + "x", "nobody." + good.split(".")[1], "all", "."):
        rpc = Caller(guarded.grpc, wrong)
        assert refusal(rpc.describe)[:2] == (Code.UNAUTHENTICATED, "unauthenticated")
        asked = small("key", 1, 20_000)
        assert refusal(lambda: rpc.verify(asked))[:2] == (Code.UNAUTHENTICATED, "unauthenticated")
        assert refusal(lambda: rpc.stream([asked]))[0] == Code.UNAUTHENTICATED
        rpc.close()
    twice = Caller(guarded.grpc, good)
    twice.metadata *= 2
    assert refusal(twice.describe)[0] == Code.UNAUTHENTICATED


def test_a_key_does_what_its_scopes_say(guarded, keys):
    looks, asks = (Caller(guarded.grpc, keys[1][name]) for name in ("looks", "asks"))
    assert looks.describe().name and answer(asks.verify(small("scope", 1, 20_000)))
    assert refusal(asks.describe)[:2] == (Code.PERMISSION_DENIED, "forbidden")
    for call in (lambda: looks.verify(small("scope", 1, 20_000)), lambda: looks.stream([])):
        assert refusal(call)[:2] == (Code.PERMISSION_DENIED, "forbidden")


def test_request_ids_belong_to_a_key(guarded, keys):
    one, two = (Caller(guarded.grpc, keys[1][name]) for name in ("all", "asks"))
    one.verify(small("own", 1, 20_000))
    two.verify(small("own", 2, 20_000))
    assert refusal(lambda: one.verify(small("own", 2, 20_000)))[0] == Code.ALREADY_EXISTS


def test_quotas_say_when_to_come_again(guarded, keys):
    slow, few = (Caller(guarded.grpc, keys[1][name]) for name in ("slow", "few"))

    def hurry():
        for n in range(20):
            slow.verify(small(f"fast-{n}", n, 20_000))

    code, reason, trailing = refusal(hurry)
    assert (code, reason) == (Code.RESOURCE_EXHAUSTED, "too_many_requests")
    assert int(trailing["retry-after"]) >= 1
    few.verify(small("few-1", 1, 20_000, records=4))
    code, reason, trailing = refusal(lambda: few.verify(small("few-2", 2, 20_000, records=4)))
    assert (code, reason) == (Code.RESOURCE_EXHAUSTED, "quota_spent")
    assert 1 <= int(trailing["retry-after"]) <= 86_400
    # On a stream both are answers in their place.
    found = list(few.stream([small("few-3", 3, 20_000), small("few-4", 4, 20_000, records=1)]))
    assert [one.error.code for one in found] == ["quota_spent", ""]
    assert found[0].error.retry_after_s >= 1


def test_a_revoked_key_ends_its_stream(guarded, keys):
    file, made = keys
    waiting = queue.Queue()
    rpc = Caller(guarded.grpc, made["leaving"])
    found = rpc.stream(iter(waiting.get, None))
    waiting.put(small("leave-1", 1, 20_000))
    assert next(found).request_id == "leave-1"
    run(verifiers.VERIFIER, "keys", "revoke", "--file", file, "leaving")
    guarded.signal(1)
    wait_until(lambda: "reloaded" in guarded.log())
    waiting.put(small("leave-2", 2, 20_000))
    with pytest.raises(grpc.RpcError) as error:
        next(found)
    assert error.value.code() == Code.UNAUTHENTICATED
    waiting.put(None)


def test_health_and_reflection_need_no_key(guarded):
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    channel = Caller(guarded.grpc).channel
    health = health_pb2_grpc.HealthStub(channel)
    assert health.Check(health_pb2.HealthCheckRequest(), timeout=30).status == 1


def test_without_keys_it_is_served_to_this_machine_only():
    verifiers.run(verifiers.VERIFIER, "serve", "--port", 0, "--grpc-port", 0, "--profile",
                  "wireless", "--host", "0.0.0.0", code=3)


# TLS

class Authority:
    """Signs certificates for 127.0.0.1 and for clients, as PEM files."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self.sign(name, self.key.public_key(), x509.BasicConstraints(True, None))
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def sign(self, name, public, constraints):
        now = datetime.datetime.now(datetime.timezone.utc)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
                .public_key(public).serial_number(x509.random_serial_number())
                .not_valid_before(now - datetime.timedelta(days=1))
                .not_valid_after(now + datetime.timedelta(days=2))
                .add_extension(x509.SubjectAlternativeName([address]), False)
                .add_extension(constraints, True).sign(self.key, hashes.SHA256()))

    def issue(self, name):
        """The files of a new certificate and its key."""
        own = ec.generate_private_key(ec.SECP256R1())
        signed = self.sign(name, own.public_key(), x509.BasicConstraints(False, None))
        files = (self.folder / f"{name}.crt", self.folder / f"{name}.key")
        files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        return files


def credentials(authority, files=None):
    chain = [file.read_bytes() for file in files] if files else [None, None]
    return grpc.ssl_channel_credentials(authority.file.read_bytes(), chain[1], chain[0])


def refused(address, credentials=None):
    rpc = Caller(address, credentials=credentials)
    assert refusal(lambda: rpc.describe(timeout=10))[0] in (Code.UNAVAILABLE,
                                                             Code.DEADLINE_EXCEEDED)
    rpc.close()


def test_tls_is_spoken_and_nothing_else(start, tmp_path):
    authority, stranger = Authority(tmp_path, "root"), Authority(tmp_path, "other")
    certificate, own = authority.issue("server")
    one = start("--grpc-port", 0, "--profile", "wireless", "--tls-certificate", certificate,
                "--tls-key", own, model=False, scheme="https")
    rpc = Caller(one.grpc, credentials=credentials(authority))
    assert rpc.describe().name == "assay"
    assert len(list(rpc.stream(small(f"tls-{n}", n, 20_000) for n in range(50)))) == 50
    refused(one.grpc)
    refused(one.grpc, credentials(stranger))
    rpc.close()


def test_a_new_certificate_is_used_by_the_next_connection(start, tmp_path):
    old, new = Authority(tmp_path, "old"), Authority(tmp_path, "new")
    files = old.issue("server")
    one = start("--grpc-port", 0, "--profile", "wireless", "--tls-certificate", files[0],
                "--tls-key", files[1], model=False, scheme="https")
    first = Caller(one.grpc, credentials=credentials(old))
    assert first.describe().name == "assay"
    # Half of the change: certificate and key do not belong together, so the old ones stay.
    pem = new.issue("next")
    files[0].write_bytes(pem[0].read_bytes())
    wait_until(lambda: "keeps its certificate" in one.log())
    assert Caller(one.grpc, credentials=credentials(old)).describe().name == "assay"
    files[1].write_bytes(pem[1].read_bytes())
    wait_until(lambda: "uses the new certificate" in one.log())
    assert Caller(one.grpc, credentials=credentials(new)).describe().name == "assay"
    assert first.describe().name == "assay"
    first.close()


def test_with_mtls_a_client_needs_a_certificate(start, tmp_path):
    authority, stranger = Authority(tmp_path, "root"), Authority(tmp_path, "other")
    certificate, own = authority.issue("server")
    one = start("--grpc-port", 0, "--profile", "wireless", "--tls-certificate", certificate,
                "--tls-key", own, "--client-ca", authority.file, model=False, scheme="https")
    good = credentials(authority, authority.issue("client"))
    rpc = Caller(one.grpc, credentials=good)
    assert rpc.describe().name == "assay"
    refused(one.grpc, credentials(authority))
    refused(one.grpc, credentials(authority, stranger.issue("stranger")))
    assert rpc.describe().name == "assay"
    rpc.close()
