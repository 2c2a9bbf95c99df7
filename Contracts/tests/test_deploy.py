"""deploy.py against a node: the contract it leaves takes roots signed for what it prints."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from registry import *
from rpc import Server

SCRIPT = Path(__file__).parent.parent / "deploy.py"


@pytest.fixture
def deploy(tmp_path):
    chain = Chain(420_042, [p.address for p in PEOPLE])
    key = tmp_path / "deployer.key"
    key.write_text(bytes(OWNER.key).hex() + "\n")

    def run(**changes):
        given = {
            "key": key, "signers": f"{KEYS[2].address},{KEYS[0].address}", "threshold": 2,
            "arbiter": ARBITER.address, "window": WINDOW, "bond": BOND, "unit-cap": UNIT_CAP,
            "leaf-cap": LEAF_CAP, "settler": SETTLER.address,
        }  # fmt: skip
        with Server(chain) as server:
            options = [f"--{k}={v}" for k, v in (given | changes | {"rpc": server.url}).items()]
            return subprocess.run(
                [sys.executable, SCRIPT, *options], capture_output=True, text=True, timeout=120
            )

    run.chain = chain
    return run


def test_the_deployed_registry_takes_roots_and_pays(deploy):
    done = deploy()
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    keys = [KEYS[0], KEYS[2]]
    contract = printed.pop("contract")
    assert printed == {
        "chain_id": 420_042,
        "config_count": 1,
        "signers": [k.address for k in keys],
        "threshold": 2,
    }
    registry = Registry(deploy.chain, bytes.fromhex(contract[2:]), compiled()["abi"])
    registry.keys, registry.k = keys, 2
    tree = Tree(leaves())
    registry.accept(tree)
    assert registry.verify(leaf(0), tree) and registry.consume(leaf(0), tree).ok
    assert registry.read("owner") == OWNER.address.lower()


def test_what_the_contract_refuses_is_said(deploy):
    done = deploy(threshold=3)
    assert done.returncode == 1 and done.stdout == ""
    assert "execution reverted: threshold" in done.stderr
