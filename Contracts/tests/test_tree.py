"""The tests' own tree, before anything is concluded from it."""

from collections import namedtuple

from eth_abi import encode
from eth_hash.auto import keccak
from registry import leaf, leaves
from tree import Leaf, Tree, parent

Hashed = namedtuple("Hashed", "hash")


def test_gives_the_root_in_openzeppelins_readme():
    rows = [("0x" + "11" * 20, 5 * 10**18), ("0x" + "22" * 20, 25 * 10**17)]
    hashed = [Hashed(keccak(keccak(encode(["address", "uint256"], row)))) for row in rows]
    assert Tree(hashed).root.hex() == (
        "d4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77"
    )


def test_gives_the_nodes_of_openzeppelins_sorted_dump():
    """test/dumps/standard-v1.sorted.1_0_6.json of OpenZeppelin merkle-tree: "a" to "f"."""
    hashed = [Hashed(keccak(keccak(encode(["string"], [c])))) for c in "abcdef"]
    nodes = [node.hex() for node in Tree(hashed).nodes]
    assert nodes[0] == "6deb52b5da8fd108f79fab00341f38d2587896634c646ee52e49f845680a70c8"
    assert nodes[4] == "965b92c6cf08303cc4feb7f3e0819c436c2cec17c6f0688a6af139c9a368707c"
    assert nodes[10] == "19ba6c6333e0e9a15bf67523e0676e2f23eb8e574092552d5e888c64a4bb3681"


def test_gives_the_root_of_three_verdicts_that_assay_gives():
    rows = [
        Leaf(1, i, bytes([i + 1]) * 32, b"\x09" * 32, 1, 900_000 - i, 0, 10**6, b"\x07" * 32,
             bytes(32))
        for i in range(3)
    ]  # fmt: skip
    assert Tree(rows).root.hex() == (
        "350c0a285f7b91723e2b24f26dd83cb608503012938fc2801e9cb462787d5485"
    )


def test_every_proof_leads_to_the_root():
    for count in range(1, 34):
        rows = leaves(count)
        tree = Tree(rows)
        for row in rows:
            node = row.hash
            for sibling in tree.proof(row):
                node = parent(node, sibling)
            assert node == tree.root


def test_one_leaf_is_its_own_root():
    assert Tree([leaf(0)]).root == leaf(0).hash and Tree([leaf(0)]).proof(leaf(0)) == []
