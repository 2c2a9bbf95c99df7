"""What verify calls true."""

import pytest
from registry import *

LEAVES = [
    *leaves(6),
    leaf(6, verdict=REJECT, reasons=0b1001),
    leaf(7, verdict=HOLD),
    leaf(8, verdict=ABSTAIN),
]
TREE = Tree(LEAVES)


@pytest.fixture
def accepted(registry):
    registry.accept(TREE)
    return registry


def test_every_leaf_of_an_accepted_root_stands_whatever_its_verdict(accepted):
    assert all(accepted.verify(leaf, TREE) for leaf in LEAVES)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 33])
def test_trees_of_any_size_are_proved(registry, count):
    rows = leaves(count)
    tree = Tree(rows)
    registry.accept(tree)
    assert all(registry.verify(row, tree) for row in rows)


def test_proves_a_leaf_of_the_deepest_tree(registry):
    row = leaf(0)
    proof = [bytes([i + 1]) * 32 for i in range(32)]
    node = row.hash
    for sibling in proof:
        node = parent(node, sibling)
    message = registry.message(TREE, root=node)
    registry.send(ANYONE, "postRoot", *registry.arguments(message, registry.sign(message)))
    registry.chain.travel(WINDOW)
    assert registry.read("verify", row, 0, proof)
    assert not registry.read("verify", row, 0, proof[:31])


@pytest.mark.parametrize("field", Leaf._fields)
def test_a_leaf_with_one_field_changed_proves_nothing(accepted, field):
    good = LEAVES[3]
    old = getattr(good, field)
    new = bytes([old[0] ^ 1]) + old[1:] if isinstance(old, bytes) else old ^ 1
    proof = TREE.proof(good)
    assert accepted.read("verify", good, 0, proof)
    assert not accepted.read("verify", good._replace(**{field: new}), 0, proof)


def test_a_changed_leaf_proves_nothing_in_its_own_epoch_either(registry):
    """Where the epoch is changed to one that has an accepted root."""
    registry.accept(TREE)
    registry.accept(Tree(leaves(epoch=EPOCH + 1)), EPOCH + 1)
    changed = LEAVES[3]._replace(epoch=EPOCH + 1)
    assert not registry.read("verify", changed, 0, TREE.proof(LEAVES[3]))


def test_a_wrong_proof_proves_nothing(accepted):
    good, proof = LEAVES[3], TREE.proof(LEAVES[3])
    wrong = [[], proof[:-1], proof[::-1], proof + [ZERO], TREE.proof(LEAVES[4]),
             [b"\x01" * 32, *proof[1:]]]  # fmt: skip
    for siblings in wrong:
        assert not accepted.read("verify", good, 0, siblings)


def test_a_leaf_proves_nothing_in_another_revision(accepted):
    other = Tree([leaf(0, units_micro=5)])
    accepted.accept(other, revision=1)
    good, proof = LEAVES[0], TREE.proof(LEAVES[0])
    assert accepted.read("verify", good, 0, proof)
    assert not accepted.read("verify", good, 1, proof)
    assert not accepted.read("verify", good, 2, proof)


def test_an_epoch_without_a_root_proves_nothing(registry):
    assert not registry.verify(LEAVES[0], TREE)
    assert not registry.read("verify", LEAVES[0], 0, [])


def test_the_sentinel_of_an_empty_epoch_proves_nothing(registry):
    sentinel = Leaf(EPOCH, 0, ZERO, ZERO, 0, 0, 0, 0, ZERO, ZERO)
    tree = Tree([sentinel])
    registry.accept(tree)
    assert registry.status() == ACCEPTED and tree.root == sentinel.hash
    assert not registry.verify(sentinel, tree)


def test_a_leaf_without_contribution_proves_nothing(registry):
    nobody = leaf(0, contribution=ZERO)
    tree = Tree([nobody, leaf(1)])
    registry.accept(tree)
    assert not registry.verify(nobody, tree) and registry.verify(leaf(1), tree)


def test_nothing_stands_before_the_window_is_over(registry):
    registry.post(TREE)
    posted = registry.chain.inner.get_canonical_head().timestamp
    registry.chain.travel_to(posted + WINDOW - 1)
    assert registry.status() == WINDOW_OPEN and not registry.verify(LEAVES[0], TREE)
    registry.chain.travel_to(posted + WINDOW)
    assert registry.status() == ACCEPTED and registry.verify(LEAVES[0], TREE)


def test_verify_does_not_ask_whether_it_was_consumed(accepted):
    accepted.consume(LEAVES[0], TREE)
    assert accepted.verify(LEAVES[0], TREE)


def test_fields_wider_than_their_type_are_refused(accepted):
    data = bytearray(accepted.data("verify", LEAVES[0], 0, TREE.proof(LEAVES[0])))
    for field, width in ((0, 8), (1, 4), (4, 1), (5, 4), (6, 8), (7, 8)):
        wide = bytearray(data)
        wide[4 + 32 * field + 31 - width] = 1
        ok, output, _ = accepted.chain.call(accepted.address, bytes(wide))
        assert not ok and output == b""
