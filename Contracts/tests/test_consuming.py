"""consume settles a contribution once, and no epoch beyond its cap."""

import pytest
from registry import *

LEAVES = [
    leaf(0), leaf(1, units_micro=7), leaf(2, units_micro=0), leaf(3, verdict=REJECT),
    leaf(4, verdict=HOLD), leaf(5, verdict=ABSTAIN), leaf(6, verdict=77),
]  # fmt: skip
TREE = Tree(LEAVES)


@pytest.fixture
def accepted(registry):
    registry.accept(TREE)
    return registry


def paid(receipt) -> int:
    return int.from_bytes(receipt.output, "big")


def test_an_accepted_contribution_is_paid_its_units(accepted):
    receipt = accepted.consume(LEAVES[1], TREE)
    assert paid(receipt) == 7 and accepted.read("unitsPaid", EPOCH) == 7
    assert accepted.read("consumed", LEAVES[1].contribution)
    assert accepted.logs(receipt) == [
        (
            "Consumed",
            {
                "epoch": EPOCH,
                "contribution": LEAVES[1].contribution,
                "subject": LEAVES[1].subject,
                "revision": 0,
                "leaf": LEAVES[1].hash,
                "verdict": ACCEPT,
                "paidMicro": 7,
            },
        )
    ]


@pytest.mark.parametrize("seq", [2, 3, 4, 5, 6])
def test_no_other_verdict_pays(accepted, seq):
    receipt = accepted.consume(LEAVES[seq], TREE)
    assert paid(receipt) == 0 and accepted.read("unitsPaid", EPOCH) == 0
    [(_, event)] = accepted.logs(receipt)
    assert event["paidMicro"] == 0 and event["verdict"] == LEAVES[seq].verdict


def test_a_leaf_is_consumed_once(accepted, refuses):
    accepted.consume(LEAVES[0], TREE)
    accepted.consume(LEAVES[3], TREE)
    for row in (LEAVES[0], LEAVES[3]):
        with refuses("already consumed"):
            accepted.consume(row, TREE)
    assert accepted.read("unitsPaid", EPOCH) == 1_000_000


def test_a_contribution_is_consumed_once_whatever_the_leaf_or_revision(accepted, refuses):
    again = leaf(0, units_micro=999)
    other = Tree([again, leaf(9)])
    accepted.accept(other, revision=1)
    accepted.consume(LEAVES[0], TREE)
    with refuses("already consumed"):
        accepted.consume(again, other, 1)
    with refuses("already consumed"):
        accepted.consume(LEAVES[0], TREE)


def test_nor_through_a_correction(accepted, refuses):
    accepted.consume(LEAVES[0], TREE)
    fixed = correction(LEAVES[0], units_micro=2_000_000)
    tree = Tree([fixed])
    accepted.accept(tree, revision=1)
    accepted.supersede(fixed, tree, 1, LEAVES[0])
    with refuses("already consumed"):
        accepted.consume(fixed, tree, 1)


def test_nor_in_a_later_epoch(accepted, refuses):
    moved = LEAVES[0]._replace(epoch=EPOCH + 1)
    tree = Tree([moved])
    accepted.accept(tree, EPOCH + 1)
    accepted.consume(LEAVES[0], TREE)
    with refuses("already consumed"):
        accepted.consume(moved, tree)


def test_only_the_settler_consumes(accepted, refuses):
    for person in (OWNER, ANYONE, ARBITER, KEYS[0]):
        with refuses("not settler"):
            accepted.consume(LEAVES[0], TREE, sender=person)


def test_nobody_consumes_before_a_settler_is_named(refuses):
    registry = Registry.new()
    registry.send(OWNER, "setSettler", "0x" + "00" * 20)
    registry.accept(TREE)
    with refuses("not settler"):
        registry.consume(LEAVES[0], TREE)


def test_only_what_stands_is_consumed(registry, refuses):
    with refuses("no such root"):
        registry.consume(LEAVES[0], TREE)
    registry.post(TREE)
    with refuses("window open"):
        registry.consume(LEAVES[0], TREE)
    registry.challenge()
    with refuses("challenge open"):
        registry.consume(LEAVES[0], TREE)
    registry.resolve(True)
    with refuses("revoked"):
        registry.consume(LEAVES[0], TREE)
    registry.chain.travel(WINDOW)
    with refuses("revoked"):
        registry.consume(LEAVES[0], TREE)


@pytest.mark.parametrize("field", Leaf._fields)
def test_a_leaf_with_one_field_changed_is_not_consumed(accepted, field):
    good = LEAVES[0]
    old = getattr(good, field)
    new = bytes([old[0] ^ 1]) + old[1:] if isinstance(old, bytes) else old ^ 1
    ok, output, _ = accepted.chain.call(
        accepted.address,
        accepted.data("consume", good._replace(**{field: new}), 0, TREE.proof(good)),
        SETTLER.address,
    )
    assert not ok and reason(output) == ("no such root" if field == "epoch" else "bad proof")


def test_a_wrong_proof_is_refused(accepted, refuses):
    with refuses("bad proof"):
        accepted.send(SETTLER, "consume", LEAVES[0], 0, TREE.proof(LEAVES[1]))


def test_the_sentinel_is_not_consumed(registry, refuses):
    sentinel = Leaf(EPOCH, 0, ZERO, ZERO, 1, 0, 0, 5, ZERO, ZERO)
    tree = Tree([sentinel])
    registry.accept(tree)
    with refuses("empty leaf"):
        registry.consume(sentinel, tree)


def test_the_cap_can_be_reached_exactly_but_not_passed(refuses):
    registry = Registry.new(unit_cap=1_000_007)
    rows = [*LEAVES, leaf(8, units_micro=1)]
    tree = Tree(rows)
    registry.accept(tree)
    registry.consume(rows[0], tree)
    registry.consume(rows[1], tree)
    assert registry.read("unitsPaid", EPOCH) == 1_000_007
    with refuses("unit cap"):
        registry.consume(rows[7], tree)
    assert not registry.read("consumed", rows[7].contribution)
    registry.consume(rows[3], tree)
    registry.send(OWNER, "setCaps", 1_000_008, LEAF_CAP)
    assert registry.consume(rows[7], tree).ok


def test_one_micro_unit_over_the_cap_is_refused_at_once(refuses):
    registry = Registry.new(unit_cap=999_999)
    registry.accept(TREE)
    with refuses("unit cap"):
        registry.consume(LEAVES[0], TREE)


def test_the_cap_is_of_the_epoch_over_all_its_revisions(refuses):
    registry = Registry.new(unit_cap=1_500_000)
    registry.accept(TREE)
    added, later = leaf(8), leaf(0, EPOCH + 1)
    more, next_tree = Tree([added]), Tree([later])
    registry.accept(more, revision=1)
    registry.accept(next_tree, EPOCH + 1)
    registry.consume(LEAVES[0], TREE)
    with refuses("unit cap"):
        registry.consume(added, more, 1)
    assert registry.consume(later, next_tree).ok
    assert registry.read("unitsPaid", EPOCH + 1) == 1_000_000


def test_the_largest_units_do_not_overflow(refuses):
    most = 2**64 - 1
    registry = Registry.new(unit_cap=2 * most)
    rows = [leaf(seq, units_micro=most) for seq in range(3)]
    tree = Tree(rows)
    registry.accept(tree)
    registry.consume(rows[0], tree)
    assert paid(registry.consume(rows[1], tree)) == most
    assert registry.read("unitsPaid", EPOCH) == 2 * most
    with refuses("unit cap"):
        registry.consume(rows[2], tree)


def test_after_a_further_revision_consuming_waits_an_hour(accepted, refuses):
    accepted.consume(LEAVES[1], TREE)
    assert accepted.read("consumeFrom", EPOCH) == 0
    accepted.post(Tree([leaf(8)]), revision=1)
    until = accepted.chain.inner.get_canonical_head().timestamp + 3600
    assert accepted.read("consumeFrom", EPOCH) == until
    assert accepted.read("unitsPaid", EPOCH) == 7
    accepted.chain.travel_to(until - 1)
    with refuses("corrections pending"):
        accepted.consume(LEAVES[0], TREE)
    accepted.chain.travel_to(until)
    accepted.consume(LEAVES[0], TREE)
    assert accepted.read("consumeFrom", EPOCH) == until
    assert accepted.read("unitsPaid", EPOCH) == 1_000_007


def test_other_epochs_do_not_wait(accepted):
    later = Tree(leaves(epoch=EPOCH + 1))
    accepted.accept(later, EPOCH + 1)
    accepted.post(Tree([leaf(8)]), revision=1)
    assert accepted.consume(leaf(0, EPOCH + 1), later).ok
