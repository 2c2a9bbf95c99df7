"""OpenZeppelin's StandardMerkleTree, format standard-v1, for the ten fields of a verdict."""

from typing import NamedTuple

from eth_abi import encode
from eth_hash.auto import keccak

TYPES = (
    "uint64", "uint32", "bytes32", "bytes32", "uint8", "uint32", "uint64", "uint64", "bytes32",
    "bytes32",
)  # fmt: skip


class Leaf(NamedTuple):
    epoch: int
    seq: int
    contribution: bytes
    subject: bytes
    verdict: int
    score_ppm: int
    reasons: int
    units_micro: int
    evidence: bytes
    supersedes: bytes

    @property
    def hash(self) -> bytes:
        return keccak(keccak(encode(TYPES, self)))


def parent(a: bytes, b: bytes) -> bytes:
    return keccak(min(a, b) + max(a, b))


class Tree:
    """2N-1 nodes, the root first; children of i at 2i+1 and 2i+2; leaf j in order at 2N-2-j."""

    def __init__(self, leaves):
        hashes = sorted(leaf.hash for leaf in leaves)
        count = len(hashes)
        self.nodes = [b""] * (count - 1) + hashes[::-1]
        self.places = {hash: 2 * count - 2 - j for j, hash in enumerate(hashes)}
        for i in reversed(range(count - 1)):
            self.nodes[i] = parent(self.nodes[2 * i + 1], self.nodes[2 * i + 2])

    @property
    def root(self) -> bytes:
        return self.nodes[0]

    def proof(self, leaf: Leaf) -> list:
        place, siblings = self.places[leaf.hash], []
        while place:
            siblings.append(self.nodes[place + 1 if place % 2 else place - 1])
            place = (place - 1) // 2
        return siblings
