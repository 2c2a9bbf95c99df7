"""A registry on a chain of its own, and the signatures it asks for, made by eth-account."""

import functools
from pathlib import Path

from chain import Chain, Contract, Reverted, account, reason
from eth_abi import encode
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from tree import Leaf, Tree, parent
from vyper import compile_code

SOURCE = Path(__file__).parent.parent / "VerdictRegistry.vy"
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
WINDOW, BOND, UNIT_CAP, LEAF_CAP = 86_400, 10**18, 100_000_000, 1_000_000
EPOCH, MANIFEST, ZERO = 20_412, b"\x33" * 32, bytes(32)
ACCEPT, REJECT, HOLD, ABSTAIN = 1, 0, 2, 255
WINDOW_OPEN, CHALLENGED, ACCEPTED, REVOKED = 1, 2, 3, 4

OWNER, ARBITER, SETTLER = account("owner"), account("arbiter"), account("settler")
ANYONE, CHALLENGER = account("anyone"), account("challenger")
KEYS = sorted((account(f"signer {i}") for i in range(8)), key=lambda k: int(k.address, 16))
PEOPLE = [OWNER, ARBITER, SETTLER, ANYONE, CHALLENGER, *KEYS]

FIELDS = [
    ("epoch", "uint64"), ("revision", "uint32"), ("root", "bytes32"), ("leafCount", "uint64"),
    ("manifestHash", "bytes32"), ("parent", "bytes32"), ("configDigest", "bytes32"),
]  # fmt: skip


@functools.cache
def compiled():
    return compile_code(SOURCE.read_text(), output_formats=["abi", "bytecode"])


def leaf(seq: int, epoch: int = EPOCH, **fields) -> Leaf:
    """Node `seq`'s verdict: accept, of one unit, unless `fields` say otherwise."""
    usual = Leaf(
        epoch=epoch,
        seq=seq,
        contribution=keccak(b"profile\0node %d\0%d" % (seq, epoch)),
        subject=keccak(b"node %d" % seq),
        verdict=ACCEPT,
        score_ppm=900_000 - seq,
        reasons=0,
        units_micro=1_000_000,
        evidence=b"\x07" * 32,
        supersedes=ZERO,
    )
    return usual._replace(**fields)


def leaves(count: int = 9, epoch: int = EPOCH) -> list:
    return [leaf(seq, epoch) for seq in range(count)]


def correction(old: Leaf, **fields) -> Leaf:
    return old._replace(supersedes=old.hash, **fields)


def high_s(signature: bytes) -> bytes:
    """The other signature of the same key over the same bytes, which must not count."""
    s = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])


class Registry(Contract):
    """The contract, with helpers that do what an honest poster does unless told otherwise."""

    @classmethod
    def new(cls, keys=KEYS[:3], threshold=2, chain_id=31337, unit_cap=UNIT_CAP, chain=None):
        chain = chain or Chain(chain_id, [p.address for p in PEOPLE])
        registry = cls.deploy(
            chain, OWNER, compiled(), [k.address for k in keys], threshold, ARBITER.address,
            WINDOW, BOND, unit_cap, LEAF_CAP,
        )  # fmt: skip
        registry.send(OWNER, "setSettler", SETTLER.address)
        registry.keys, registry.k = list(keys), threshold
        return registry

    def config_digest(self, chain_id=None, contract=None, count=None) -> bytes:
        """As the specification defines it, not as the contract computes it."""
        values = (
            chain_id or self.chain.id,
            contract or self.address,
            count or self.read("configCount"),
            self.k,
            [k.address for k in self.keys],
        )
        return keccak(encode(["uint256", "address", "uint256", "uint256", "address[]"], values))

    def typed_data(self, message: dict, chain_id=None, contract=None) -> dict:
        domain = {
            "name": "DePIN Verdict Registry",
            "version": "1",
            "chainId": chain_id or self.chain.id,
            "verifyingContract": "0x" + (contract or self.address).hex(),
        }
        names = ["name", "version", "chainId", "verifyingContract"]
        kinds = ["string", "string", "uint256", "address"]
        return {
            "types": {
                "EIP712Domain": [{"name": n, "type": t} for n, t in zip(names, kinds)],
                "VerdictRoot": [{"name": n, "type": t} for n, t in FIELDS],
            },
            "primaryType": "VerdictRoot",
            "domain": domain,
            "message": message,
        }

    def message(self, tree: Tree, epoch=EPOCH, revision=0, **changes) -> dict:
        usual = {
            "epoch": epoch,
            "revision": revision,
            "root": tree.root,
            "leafCount": len(tree.places),
            "manifestHash": MANIFEST,
            "parent": self.read("head"),
            "configDigest": self.config_digest(),
        }
        return usual | changes

    def sign(self, message: dict, keys=None, chain_id=None, contract=None) -> list:
        signable = encode_typed_data(full_message=self.typed_data(message, chain_id, contract))
        return [bytes(k.sign_message(signable).signature) for k in keys or self.keys[: self.k]]

    def struct_hash(self, message: dict) -> bytes:
        return encode_typed_data(full_message=self.typed_data(message)).body

    def arguments(self, message: dict, signatures) -> tuple:
        return (*[message[name] for name, _ in FIELDS[:6]], b"".join(signatures))

    def post(self, tree: Tree, epoch=EPOCH, revision=0, sender=ANYONE):
        message = self.message(tree, epoch, revision)
        return self.send(
            sender, "postRoot", *self.arguments(message, self.sign(message))
        )

    def accept(self, tree: Tree, epoch=EPOCH, revision=0):
        """Posts a root and waits until its window is over."""
        receipt = self.post(tree, epoch, revision)
        self.chain.travel(WINDOW)
        return receipt

    def verify(self, leaf: Leaf, tree: Tree, revision=0) -> bool:
        return self.read("verify", leaf, revision, tree.proof(leaf))

    def consume(self, leaf: Leaf, tree: Tree, revision=0, sender=SETTLER):
        return self.send(sender, "consume", leaf, revision, tree.proof(leaf))

    def supersede(self, leaf: Leaf, tree: Tree, revision: int, old: Leaf, sender=ANYONE):
        return self.send(sender, "supersede", leaf, revision, tree.proof(leaf), old)

    def challenge(self, epoch=EPOCH, revision=0, sender=CHALLENGER, value=BOND):
        return self.send(sender, "challenge", epoch, revision, value=value)

    def resolve(self, upheld: bool, epoch=EPOCH, revision=0, sender=ARBITER):
        return self.send(sender, "resolve", epoch, revision, upheld)

    def status(self, epoch=EPOCH, revision=0) -> int:
        return self.read("rootOf", epoch, revision)[3]
