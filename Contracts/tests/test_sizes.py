"""Root, proofs, digest and signers of bundles of every size, against eth-abi, eth-account and our own tree."""

import json
import random

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from test_cycle import assay, leaf_of, result, root_file, tree_of, verdicts
from tree import Leaf, Tree

DAY = 20_000
CONTRACT = "0x" + "c0" * 20


def write_log(path, nodes):
    with open(path, "w") as log:
        for node in range(nodes):
            row = {"ts": DAY * 86_400_000 + node, "node": f"node {node:06}", "kind": "claim", "capacity_gib": 4000}
            log.write(json.dumps(row) + "\n")
        if not nodes:
            log.write('{"ts":1,"node":"of another day","kind":"claim","capacity_gib":1}\n')


def sentinel():
    zero = bytes(32)
    return Leaf(DAY, 0, zero, zero, 0, 0, 0, 0, zero, zero)


@pytest.mark.parametrize("nodes", [0, 1, 2, 3, 1_000, 100_000])
def test_a_bundle_of(nodes, tmp_path):
    write_log(tmp_path / "log.ndjson", nodes)
    made = result("run", "--profile", "storage", "--epoch", DAY, "--out", tmp_path / "out", tmp_path / "log.ndjson")
    bundle = next((tmp_path / "out/storage").iterdir())
    assert made["nodes"] == nodes if "nodes" in made else True
    tree = tree_of(bundle) if nodes else Tree([sentinel()])
    file = root_file(bundle)
    assert file["root"] == "0x" + tree.root.hex() and file["leaf_count"] == max(nodes, 1)
    signed_by_eth_account_too(bundle, tmp_path, max(nodes, 1))
    names = sorted(verdicts(bundle))
    for name in random.Random(nodes).sample(names, min(3, nodes)):
        proof = json.loads(assay("prove", bundle, "--node", name))
        assert [bytes.fromhex(p[2:]) for p in proof["proof"]] == tree.proof(leaf_of(proof))


def signed_by_eth_account_too(bundle, folder, count):
    """Our signature is the one that eth-account makes with the same key, over the same digest."""
    key = folder / "key"
    address = assay("keys", "generate", "--type", "secp256k1", "--out", key).strip()
    config = folder / "ledger.json"
    config.write_text(
        json.dumps(
            {"chain_id": 10, "contract": CONTRACT, "config_count": 3, "threshold": 1, "signers": [address]}
        )
    )
    parent = "0x" + keccak(b"parent").hex()
    status = result("sign", bundle, "--ledger", config, "--parent", parent, "--key", key)
    file = root_file(bundle)
    signable = encode_typed_data(full_message=file["typed_data"])
    account = Account.from_key(bytes.fromhex(key.read_text().strip()))
    expected = account.sign_message(signable)
    assert status["digest"] == "0x" + bytes(expected.message_hash).hex()
    assert file["signatures"] == ["0x" + bytes(expected.signature).hex()]
    assert Account.recover_message(signable, signature=file["signatures"][0]) == address
    assert file["typed_data"]["message"]["leafCount"] == count
    assert result("verify", bundle, "--ledger", config)["root_signers"] == [address]
