"""A simulated night and its verdicts, and verifiers over its model."""

import gzip
import json
import os

import pytest
import verifier as verifiers


def pytest_configure(config):
    for binary in (verifiers.VERIFIER, verifiers.ASSAY):
        if not os.access(binary, os.X_OK):
            pytest.exit(f"{binary} is not there: build it, or name it with ASSAY_VERIFIER_BIN and "
                        "ASSAY_BIN", returncode=4)


class Night:
    """One epoch of a simulated network of 200 nodes with attacks: records and nightly verdicts."""

    def __init__(self, folder):
        verifiers.run(verifiers.ASSAY, "simulate", "wireless", "--nodes", 200, "--epochs", 1,
                      "--seed", 11, "--out", folder / "logs")
        self.log = next((folder / "logs").glob("*.ndjson"))
        self.lines = self.log.read_text().splitlines()
        self.records = [json.loads(line) for line in self.lines]
        self.nodes = verifiers.by_node(self.records)
        self.epoch = int(self.log.stem.split("-")[1])
        verifiers.run(verifiers.ASSAY, "run", "--profile", "wireless", "--model", verifiers.MODEL,
                      "--out", folder / "out", self.log)
        self.bundle = next((folder / "out/wireless").glob("epoch-*"))
        self.verdicts = {}
        for file in sorted(self.bundle.glob("verdicts/*.ndjson.gz")):
            for line in gzip.open(file, "rt"):
                verdict = json.loads(line)
                self.verdicts[verdict["node"]] = verdict

    def request(self, identity, nodes=None, **more):
        """A request for some nodes, one item each, in the log's own text."""
        wanted = self.nodes if nodes is None else nodes
        return verifiers.request(identity, {node: self.nodes[node] for node in wanted},
                                 self.epoch, **more)

    def small(self, identity, count=1, **more):
        """A request for the first nodes, with ten records each."""
        items = {node: self.nodes[node][:10] for node in list(self.nodes)[:count]}
        return verifiers.request(identity, items, self.epoch, **more)


@pytest.fixture(scope="session")
def night(tmp_path_factory):
    return Night(tmp_path_factory.mktemp("night"))


@pytest.fixture
def start(tmp_path):
    """Starts verifiers with options, and ends them with the test."""
    running = []

    def begin(*options, model=True, **more):
        models = ["--model", f"wireless={verifiers.MODEL}"] if model else []
        running.append(verifiers.Verifier(tmp_path, *models, *options, **more))
        return running[-1]

    yield begin
    for one in running:
        if one.process.poll() is None:
            one.stop()


def session(tmp_path_factory, name, **limits):
    folder = tmp_path_factory.mktemp(name)
    one = verifiers.Verifier(
        folder, "--model", f"wireless={verifiers.MODEL}", "--profile", "wireless", "--intake",
        folder / "intake",
        environment={f"ASSAY_VERIFIER_LIMITS_{limit.upper()}": str(value)
                     for limit, value in limits.items()})
    yield one
    one.stop()


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A verifier without keys for tests that leave it as it was."""
    yield from session(tmp_path_factory, "shared", max_bytes=16_000_000,
                       max_deadline_ms=300_000)


@pytest.fixture(scope="session")
def hasty(tmp_path_factory):
    """The same with little patience: 3 s for a body, 5 s for a connection without a request."""
    yield from session(tmp_path_factory, "hasty", max_bytes=16_000_000, body_seconds=3,
                       idle_seconds=5)


@pytest.fixture
def client(shared):
    return shared.client()
