"""A simulated network, its bundle, and desks over it."""

import os
import shutil

import desk as desks
import pytest


def pytest_configure(config):
    for binary in (desks.ASSAYD, desks.ASSAY):
        if not os.access(binary, os.X_OK):
            pytest.exit(f"{binary} is not there: build it, or name it with ASSAYD_BIN and "
                        "ASSAY_BIN", returncode=4)


@pytest.fixture(scope="session")
def night(tmp_path_factory):
    """{out, log, key, bundle, labels} of a judged night with spoofed nodes. Not to be changed."""
    folder = tmp_path_factory.mktemp("night")
    desks.run(desks.ASSAY, "simulate", "wireless", "--nodes", 300, "--epochs", 1, "--seed", 5,
              "--out", folder / "logs")
    desks.run(desks.ASSAY, "keys", "generate", "--out", folder / "key.pem")
    log = next((folder / "logs").glob("*.ndjson*"))
    desks.run(desks.ASSAY, "run", "--profile", "wireless", "--out", folder / "out", "--key",
              folder / "key.pem", log)
    return {"out": folder / "out", "log": log, "key": folder / "key.pem",
            "bundle": next((folder / "out/wireless").glob("epoch-*"))}


@pytest.fixture
def out(night, tmp_path):
    """A copy of the night's output folder."""
    return shutil.copytree(night["out"], tmp_path / "out")


@pytest.fixture
def start(tmp_path):
    """Starts desks, and ends them with the test."""
    running = []

    def begin(*options, store=tmp_path / "desk.db"):
        desk = desks.Desk(store, *options)
        running.append(desk)
        return desk

    yield begin
    for desk in running:
        desk.stop()


@pytest.fixture
def desk(start, out, night):
    """A desk with the night imported; its first administrator is not welcomed yet."""
    return start("--bundles", out, "--import", "--logs", night["log"])


@pytest.fixture(scope="module")
def office(night, tmp_path_factory):
    """A desk for many small tests, with somebody of each role: (desk, {role: browser})."""
    folder = tmp_path_factory.mktemp("office")
    desk = desks.Desk(folder / "desk.db", "--bundles", night["out"], "--import")
    yield desk, {role: desks.person(desk, f"{role} one", role) for role in desks.ROLES}
    desk.stop()
