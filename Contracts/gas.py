"""Prints what each of the registry's functions costs: py-evm, Prague rules, as Markdown.

Leaves lie 20 siblings below the root, as in a tree of a million. Transactions are counted whole
(21,000, calldata, execution), views as execution alone.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "tests"))

from registry import *  # noqa: E402

DEPTH = 20
SIBLINGS = [keccak(b"sibling %d" % i) for i in range(DEPTH)]


class Deep(Tree):
    """A few leaves at the bottom of a tree as deep as a million leaves make it."""

    def __init__(self, leaves):
        super().__init__(leaves)
        self.above = SIBLINGS[: DEPTH - len(super().proof(leaves[0]))]
        self.top = self.nodes[0]
        for sibling in self.above:
            self.top = parent(self.top, sibling)

    @property
    def root(self):
        return self.top

    def proof(self, leaf):
        return super().proof(leaf) + self.above


def row(name, gas):
    print(f"| {name} | {gas:,} |")


def posting():
    for k, n in ((1, 1), (2, 3), (3, 5), (5, 7)):
        registry = Registry.new(KEYS[:n], k)
        gas = [registry.accept(Tree(leaves(4, e)), e).gas for e in range(EPOCH, EPOCH + 3)]
        if n == 1:
            row("deploy, one signer", registry.deploy_gas)
        row(f"postRoot {k} of {n}, the first ever", gas[0])
        row(f"postRoot {k} of {n}", gas[-1])
        if (k, n) == (5, 7):
            row("deploy, seven signers", registry.deploy_gas)


def settling(registry):
    rows = [leaf(seq) for seq in range(4)]
    tree = Deep(rows)
    registry.accept(tree)
    _, output, gas = registry.chain.call(
        registry.address, registry.data("verify", rows[0], 0, tree.proof(rows[0]))
    )
    assert int.from_bytes(output, "big") == 1
    row("verify (view)", gas)
    row("consume, first of its epoch", registry.consume(rows[0], tree).gas)
    row("consume", registry.consume(rows[1], tree).gas)
    fixes = [correction(row, units_micro=3) for row in rows]
    more = Deep(fixes)
    row("postRoot 2 of 3, a first revision of corrections", registry.post(more, revision=1).gas)
    row("supersede", registry.supersede(fixes[2], more, 1, rows[2]).gas)
    registry.chain.travel(WINDOW)
    _, output, gas = registry.chain.call(
        registry.address, registry.data("verify", fixes[2], 1, more.proof(fixes[2]))
    )
    assert int.from_bytes(output, "big") == 1
    row("verify (view), of a correction", gas)
    row("consume, of a correction", registry.consume(fixes[2], more, 1).gas)


def disputing(registry):
    for i, upheld in enumerate((True, False)):
        epoch = EPOCH + 1 + i
        registry.post(Tree(leaves(4, epoch)), epoch)
        gas = registry.challenge(epoch).gas
        if upheld:
            row("challenge", gas)
        name = f"resolve, {'upheld' if upheld else 'rejected'}, first credit"
        row(name, registry.resolve(upheld, epoch).gas)
    row("withdraw", registry.send(CHALLENGER, "withdraw", CHALLENGER.address).gas)


def governing(registry):
    same = [k.address for k in registry.keys]
    row("rotate, three signers, two of them new", registry.send(
        OWNER, "rotate", [k.address for k in KEYS[2:5]], 2).gas)  # fmt: skip
    row("rotate, three signers, none new", registry.send(OWNER, "rotate", same, 2).gas)


if __name__ == "__main__":
    print("| call | gas |\n|---|---|")
    posting()
    registry = Registry.new()
    settling(registry)
    disputing(registry)
    governing(registry)
