"""A verifier under test, and a client that holds every answer against the service's own description."""

import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

import jsonschema
import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERIFIER = os.environ.get("ASSAY_VERIFIER_BIN", str(ROOT / ".build/debug/assay-verifier"))
ASSAY = os.environ.get("ASSAY_BIN", str(ROOT / ".build/release/assay"))
MODEL = ROOT / "Models/wireless.safetensors"
API = "depin.verifier.v1"
QUIET = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}


def run(*command, code=0, **options):
    """Runs a command that must end with `code`; its output."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          env=QUIET, timeout=600, **options)
    assert done.returncode == code, f"{command}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def key(file, name, *options):
    """Adds a key to a key file; its text ID.SECRET."""
    return run(VERIFIER, "keys", "add", "--file", file, name, *options).strip()


class Verifier:
    """A running `assay-verifier serve`."""

    def __init__(self, folder, *options, environment=None, scheme="http", **wanted):
        self.log_path = pathlib.Path(folder) / f"verifier-{time.monotonic_ns()}.log"
        self.log_file = open(self.log_path, "w")
        command = [VERIFIER, "serve", "--port", "0", *map(str, options)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=self.log_file, text=True,
            env={**QUIET, **(environment or {})})
        self.addresses = {}
        count = 2 if "--grpc-port" in command else 1
        while len(self.addresses) < count:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"ended with {self.process.wait()}: {self.log()}")
            found = re.match(r"listening: (\w+)://(.+)$", line)
            if found:
                self.addresses[found[1]] = found[2]
        self.url = f"{scheme}://{self.addresses[scheme]}"
        self.port = int(self.url.rsplit(":", 1)[1])
        # Nobody reads what it prints later.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    @property
    def grpc(self):
        """HOST:PORT of gRPC."""
        return self.addresses["grpc"]

    def client(self, key=None, **options):
        return Client(self.url, key, **options)

    def log(self):
        return self.log_path.read_text()

    def signal(self, number):
        self.process.send_signal(number)

    def resident(self):
        """Bytes of memory in use."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) * 1024

    def stop(self, code=0):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise AssertionError(f"SIGTERM did not end it: {self.log()[-2000:]}")
        self.log_file.close()
        assert self.process.returncode == code, self.log()[-2000:]


class Client:
    """Requests, each answer of which must be what the OpenAPI document says."""

    document = None

    def __init__(self, url, key=None, **options):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        for name, value in options.items():
            setattr(self.session, name, value)
        if key:
            self.session.headers["Authorization"] = f"Bearer {key}"

    def __call__(self, method, path, timeout=300, **options):
        answer = self.session.request(method, self.url + path, timeout=timeout, **options)
        self.check(method, path, answer)
        return answer

    def get(self, path, **options):
        return self("GET", path, **options)

    def post(self, path, **options):
        return self("POST", path, **options)

    def verify(self, request, **options):
        return self.post("/v1/verify", json=request, **options)

    def records(self, profile, epoch, batch, data, **options):
        return self.post(
            f"/v1/records?profile={profile}&epoch={epoch}", data=data,
            headers={"Idempotency-Key": batch, "Content-Type": "application/x-ndjson"}, **options)

    def metrics(self):
        """{name{labels}: value} of the metrics page."""
        from prometheus_client.parser import text_string_to_metric_families

        return {(sample.name, tuple(sorted(sample.labels.items()))): sample.value
                for family in text_string_to_metric_families(self.get("/metrics").text)
                for sample in family.samples}

    # Is the description true?

    def description(self):
        if Client.document is None:
            Client.document = self.session.get(f"{self.url}/v1/openapi.json", timeout=60).json()
        return Client.document

    def check(self, method, path, answer):
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        document = self.description()
        operations = document["paths"].get(path.split("?")[0])
        if operations is None:
            assert answer.status_code in (403, 404), f"{path} is not in the document"
            return self.validate(document, "Problem", answer)
        verb = "get" if method == "HEAD" else method.lower()
        if verb not in operations:
            assert answer.status_code in (403, 405), f"{method} {path} is not in the document"
            return self.validate(document, "Problem", answer) if method != "HEAD" else None
        responses = operations[verb]["responses"]
        described = responses.get(str(answer.status_code))
        assert described is not None, f"{method} {path}: {answer.status_code} is not in the document"
        if "$ref" in described:
            described = document["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
        for name in described.get("headers", {}):
            assert name in answer.headers, f"{answer.status_code} without {name}"
        if method == "HEAD":
            assert not answer.content
            return None
        kind = answer.headers["Content-Type"].split(";")[0]
        schema = described["content"][kind]["schema"]
        if kind.endswith("json"):
            self.validator(document, schema).validate(answer.json())
        return None

    def validate(self, document, name, answer):
        if answer.request.method != "HEAD":
            self.validator(document, {"$ref": f"#/components/schemas/{name}"}).validate(
                answer.json())

    @staticmethod
    def validator(document, schema):
        return jsonschema.Draft202012Validator({**schema, "components": document["components"]})


def wait_until(condition, seconds=30):
    """Waits until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


# Requests

def request(identity, items, epoch, **more):
    """A request; `items` are {item_id: [record]} of the profile wireless, or whole items."""
    if isinstance(items, dict):
        items = [{"item_id": name, "profile": "wireless", "records": records}
                 for name, records in items.items()]
    return {"api_version": API, "request_id": identity, "epoch": epoch, "items": items, **more}


def by_node(records):
    """Records by node, in the order of the log."""
    nodes = {}
    for record in records:
        nodes.setdefault(record["node"], []).append(record)
    return nodes


def compact(value):
    return json.dumps(value, separators=(",", ":")).encode()
