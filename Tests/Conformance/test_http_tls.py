"""TLS, certificates of callers, and a certificate that is changed while it runs."""

import datetime
import ipaddress
import signal
import socket
import ssl
import subprocess

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from verifier import VERIFIER, key, wait_until


class Authority:
    """Signs certificates for tests."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.subject = subject
        self.path = self.write(name, self.sign(subject, self.key, authority=True), self.key)[0]

    def sign(self, subject, own, authority=False):
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.subject)
            .public_key(own.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True))
        if not authority:
            builder = builder.add_extension(x509.SubjectAlternativeName([
                x509.DNSName("localhost"),
                x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def write(self, name, certificate, own):
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        paths[1].write_bytes(own.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        return tuple(str(path) for path in paths)

    def issue(self, name):
        """(certificate, key) files."""
        own = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        return self.write(name, self.sign(subject, own), own)


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path, "root")


def options(pair):
    return ["--tls-certificate", pair[0], "--tls-key", pair[1]]


def test_tls_is_spoken_and_nothing_else(start, authority, night):
    verifier = start("--profile", "wireless", *options(authority.issue("server")), scheme="https")
    client = verifier.client(verify=authority.path)
    assert client.verify(night.small("tls")).status_code == 200
    assert client.get("/healthz").headers["Strict-Transport-Security"]
    with socket.create_connection(("127.0.0.1", verifier.port), timeout=10) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert not connection.recv(1_000).startswith(b"HTTP/1.1 200")
    assert client.get("/healthz").status_code == 200


def test_old_versions_of_tls_are_refused(start, authority):
    verifier = start("--profile", "wireless", *options(authority.issue("server")), scheme="https")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority.path)
    for version, is_good in [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True),
                             (ssl.TLSVersion.TLSv1_3, True)]:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", verifier.port), timeout=10) as plain:
            if is_good:
                context.wrap_socket(plain, server_hostname="localhost").close()
            else:
                with pytest.raises((ssl.SSLError, ConnectionError)):
                    context.wrap_socket(plain, server_hostname="localhost")


def test_callers_need_a_certificate_of_their_authority(start, authority, tmp_path, night):
    folder = tmp_path / "other"
    folder.mkdir()
    stranger = Authority(folder, "stranger").issue("caller")
    keys = tmp_path / "keys.json"
    text = key(keys, "caller", "--scope", "verify")
    verifier = start("--profile", "wireless", "--keys", keys, *options(authority.issue("server")),
                     "--client-ca", authority.path, scheme="https")
    good = authority.issue("caller")
    # The description is fetched first by one who may.
    client = verifier.client(text, verify=authority.path, cert=good)
    assert client.verify(night.small("mtls")).status_code == 200
    # A certificate is no key.
    assert verifier.client(verify=authority.path, cert=good).verify(
        night.small("mtls")).status_code == 401
    for cert in [None, stranger]:
        with pytest.raises(requests.exceptions.ConnectionError):
            verifier.client(text, verify=authority.path, cert=cert).verify(night.small("no"))


def test_a_new_certificate_is_taken_up_without_a_restart(start, authority):
    pair = authority.issue("server")
    verifier = start("--profile", "wireless", *options(pair), scheme="https")

    def serial():
        text = ssl.get_server_certificate(("127.0.0.1", verifier.port))
        return x509.load_pem_x509_certificate(text.encode()).serial_number

    before = serial()
    assert authority.issue("server") == pair
    verifier.signal(signal.SIGHUP)
    wait_until(lambda: serial() != before)
    # One that cannot be used changes nothing.
    now = serial()
    open(pair[0], "w").write("no certificate")
    client = verifier.client(verify=authority.path)
    assert client.post("/v1/reload").status_code == 409
    assert serial() == now
    assert client.metrics()[("assay_reloads_total", (("result", "refused"),))] == 1
    assert "reload refused" in verifier.log()


def test_files_that_are_not_a_pair_are_refused(authority, tmp_path):
    one, two = authority.issue("one"), authority.issue("two")
    for arguments, code in [
            (["--tls-certificate", one[0], "--tls-key", two[1]], 3),
            (["--tls-certificate", tmp_path / "none", "--tls-key", one[1]], 3),
            (["--tls-certificate", one[0]], 2), (["--client-ca", authority.path], 2),
            ([*options(one), "--client-ca", one[1]], 3)]:
        done = subprocess.run([VERIFIER, "serve", "--port", "0", *map(str, arguments)],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == code, done.stderr
