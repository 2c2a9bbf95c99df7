"""Fixtures of the end-to-end tests, and which of them run by default."""

import os

import harness
import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes minutes; runs with ASSAY_FULL=1")
    if not os.access(harness.BINARY, os.X_OK):
        pytest.exit(f"{harness.BINARY} is not there: build with `swift build -c release`, "
                    "or name the binary with ASSAY_BIN", returncode=4)


def pytest_collection_modifyitems(config, items):
    if harness.FULL or "slow" in (config.option.markexpr or ""):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]


@pytest.fixture
def out(tmp_path):
    """Where a test's bundles go; not there yet."""
    return tmp_path / "out"


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    """An unsigned bundle of the compute dataset. Not to be changed."""
    return harness.judge("compute", tmp_path_factory.mktemp("shared"),
                         harness.DATASETS["compute"])


@pytest.fixture(scope="session")
def key_files(tmp_path_factory):
    """Two key files and their public keys: [(path, hexadecimal)]."""
    folder = tmp_path_factory.mktemp("keys")
    paths = [folder / "first.pem", folder / "second.pem"]
    return [(p, harness.succeed("keys", "generate", "--out", p).stdout.strip()) for p in paths]


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """{profile: model file} trained on the datasets."""
    folder = tmp_path_factory.mktemp("models")
    made = {}
    for profile in ("wireless", "compute"):
        made[profile] = folder / f"{profile}.safetensors"
        harness.succeed("train", "--profile", profile, "--epoch", "all", "--out", made[profile],
                        harness.DATASETS[profile])
    return made


@pytest.fixture(scope="session")
def signed(tmp_path_factory, key_files):
    """A small bundle with two signatures and a full quarantine. Not to be changed."""
    folder = tmp_path_factory.mktemp("signed")
    lines = harness.logged_lines("compute")
    nodes = list(dict.fromkeys(line.split('"node":"')[1].split('"')[0] for line in lines))[:60]
    kept = [line for line in lines if line.split('"node":"')[1].split('"')[0] in nodes]
    log = harness.write_log(folder / "log.ndjson", kept + ["not JSON", '{"ts":1,"node":"x"}'])
    keys = [option for path, _ in key_files for option in ("--key", path)]
    return harness.judge("compute", folder / "out", log, options=keys)
