"""Corrections: who may replace what, and what is left when a root is revoked."""

import pytest
from registry import *

LEAVES = leaves()
TREE = Tree(LEAVES)
OLD = LEAVES[0]
FIXED = correction(OLD, verdict=REJECT, units_micro=0)
FIXES = Tree([FIXED, correction(LEAVES[1], units_micro=5)])


@pytest.fixture
def corrected(registry):
    """Revision 0 accepted, revision 1 with the corrections just posted."""
    registry.accept(TREE)
    registry.post(FIXES, revision=1)
    return registry


def test_a_correction_takes_the_place_of_what_it_names(corrected):
    receipt = corrected.supersede(FIXED, FIXES, 1, OLD)
    assert corrected.logs(receipt) == [
        (
            "Superseded",
            {
                "epoch": EPOCH,
                "contribution": OLD.contribution,
                "oldLeaf": OLD.hash,
                "newLeaf": FIXED.hash,
                "revision": 1,
                "settled": False,
            },
        )
    ]
    assert corrected.read("supersededBy", EPOCH, OLD.hash) == FIXED.hash
    corrected.chain.travel(WINDOW)
    assert not corrected.verify(OLD, TREE) and corrected.verify(FIXED, FIXES, 1)
    assert corrected.consume(FIXED, FIXES, 1).ok


def test_the_old_verdict_stops_standing_at_once_and_the_new_waits_for_its_window(corrected):
    assert corrected.verify(OLD, TREE)
    corrected.supersede(FIXED, FIXES, 1, OLD)
    assert not corrected.verify(OLD, TREE) and not corrected.verify(FIXED, FIXES, 1)


def test_leaves_that_no_correction_names_go_on_standing(corrected):
    corrected.supersede(FIXED, FIXES, 1, OLD)
    corrected.chain.travel(WINDOW)
    assert all(corrected.verify(row, TREE) for row in LEAVES[1:])


def test_a_superseded_leaf_is_not_consumed(corrected, refuses):
    corrected.supersede(FIXED, FIXES, 1, OLD)
    corrected.chain.travel(WINDOW)
    with refuses("superseded"):
        corrected.consume(OLD, TREE)


def test_a_correction_counts_only_once_it_is_marked(corrected, refuses):
    corrected.chain.travel(WINDOW)
    assert corrected.verify(OLD, TREE) and not corrected.verify(FIXED, FIXES, 1)
    with refuses("supersede first"):
        corrected.consume(FIXED, FIXES, 1)
    corrected.supersede(FIXED, FIXES, 1, OLD)
    assert not corrected.verify(OLD, TREE) and corrected.verify(FIXED, FIXES, 1)


def test_nobody_can_consume_between_posting_and_marking(corrected, refuses):
    """The race is closed for an hour, which is when supersede has to be called."""
    with refuses("corrections pending"):
        corrected.consume(OLD, TREE)
    corrected.chain.travel(3590)
    corrected.supersede(FIXED, FIXES, 1, OLD)
    corrected.chain.travel(WINDOW)
    with refuses("superseded"):
        corrected.consume(OLD, TREE)


def test_an_old_leaf_already_consumed_is_marked_and_the_event_says_so(registry):
    registry.accept(TREE)
    registry.consume(OLD, TREE)
    registry.post(FIXES, revision=1)
    [(_, event)] = registry.logs(registry.supersede(FIXED, FIXES, 1, OLD))
    assert event["settled"] is True
    assert not registry.verify(OLD, TREE)


def test_a_strangers_leaf_cannot_be_superseded(registry, refuses):
    registry.accept(TREE)
    thief = leaf(5, supersedes=OLD.hash)
    tree = Tree([thief])
    registry.accept(tree, revision=1)
    with refuses("other contribution"):
        registry.supersede(thief, tree, 1, OLD)
    with refuses("wrong predecessor"):
        registry.supersede(thief, tree, 1, LEAVES[5])
    assert registry.verify(OLD, TREE)


def test_a_correction_belongs_to_the_epoch_it_corrects(registry, refuses):
    registry.accept(TREE)
    late = correction(OLD, epoch=EPOCH + 1)
    tree = Tree([late])
    registry.accept(tree, EPOCH + 1)
    with refuses("other epoch"):
        registry.supersede(late, tree, 0, OLD)


@pytest.mark.parametrize("field", Leaf._fields)
def test_the_predecessor_is_named_in_all_its_fields(corrected, refuses, field):
    value = getattr(OLD, field)
    new = bytes([value[0] ^ 1]) + value[1:] if isinstance(value, bytes) else value ^ 1
    with refuses("wrong predecessor"):
        corrected.supersede(FIXED, FIXES, 1, OLD._replace(**{field: new}))


def test_only_a_correction_supersedes(corrected, refuses):
    with refuses("not a correction"):
        corrected.supersede(LEAVES[2], TREE, 0, OLD)


def test_a_correction_without_contribution_is_refused(registry, refuses):
    nobody = leaf(0, contribution=ZERO)
    fixed = correction(nobody, units_micro=3)
    tree = Tree([nobody, fixed])
    registry.accept(tree)
    with refuses("empty leaf"):
        registry.supersede(fixed, tree, 0, nobody)


def test_a_correction_must_be_in_a_posted_root(registry, refuses):
    registry.accept(TREE)
    with refuses("no such root"):
        registry.supersede(FIXED, FIXES, 1, OLD)
    registry.post(FIXES, revision=1)
    invented = correction(OLD, units_micro=9)
    for proof in ([], FIXES.proof(FIXED)):
        with refuses("bad proof"):
            registry.send(ANYONE, "supersede", invented, 1, proof, OLD)


def test_a_verdict_is_superseded_once(corrected, refuses):
    rival = correction(OLD, units_micro=9)
    tree = Tree([rival])
    corrected.post(tree, revision=2)
    corrected.supersede(FIXED, FIXES, 1, OLD)
    for fix, its_tree, revision in ((FIXED, FIXES, 1), (rival, tree, 2)):
        with refuses("already superseded"):
            corrected.supersede(fix, its_tree, revision, OLD)
    corrected.chain.travel(WINDOW)
    assert not corrected.verify(rival, tree, 2)
    with refuses("supersede first"):
        corrected.consume(rival, tree, 2)


AGAIN = correction(FIXED, verdict=ACCEPT, units_micro=11)
SECOND = Tree([AGAIN])
THIRD_LEAF = correction(AGAIN, units_micro=12)
THIRD = Tree([THIRD_LEAF])


def stand(registry) -> list:
    """Which of the four of one contribution stand."""
    where = [(OLD, TREE), (FIXED, FIXES), (AGAIN, SECOND), (THIRD_LEAF, THIRD)]
    return [registry.verify(row, tree, r) for r, (row, tree) in enumerate(where)]


def test_a_chain_of_corrections_leaves_the_last_standing(corrected, refuses):
    corrected.supersede(FIXED, FIXES, 1, OLD)
    corrected.post(SECOND, revision=2)
    corrected.supersede(AGAIN, SECOND, 2, FIXED)
    corrected.chain.travel(WINDOW)
    assert stand(corrected) == [False, False, True, False]
    with refuses("superseded"):
        corrected.consume(FIXED, FIXES, 1)
    assert corrected.consume(AGAIN, SECOND, 2).ok
    assert corrected.read("unitsPaid", EPOCH) == 11


def test_a_chain_is_marked_from_its_beginning(corrected, refuses):
    corrected.post(SECOND, revision=2)
    with refuses("supersede first"):
        corrected.supersede(AGAIN, SECOND, 2, FIXED)
    corrected.supersede(FIXED, FIXES, 1, OLD)
    assert corrected.supersede(AGAIN, SECOND, 2, FIXED).ok


def chain_of_three(registry):
    registry.accept(TREE)
    for revision, (row, tree, old) in enumerate(
        [(FIXED, FIXES, OLD), (AGAIN, SECOND, FIXED), (THIRD_LEAF, THIRD, AGAIN)], 1
    ):
        registry.post(tree, revision=revision)
        registry.supersede(row, tree, revision, old)


@pytest.mark.parametrize(
    "revoked, standing",
    [
        ([], [False, False, False, True]),
        ([3], [False, False, True, False]),
        ([2], [False, True, False, False]),
        ([1], [True, False, False, False]),
        ([1, 3], [True, False, False, False]),
        ([2, 3], [False, True, False, False]),
    ],
)
def test_revoking_a_correction_brings_back_what_it_replaced(registry, revoked, standing):
    """Whichever root falls, exactly one verdict of the contribution is left."""
    chain_of_three(registry)
    for revision in revoked:
        registry.challenge(revision=revision)
        registry.resolve(True, revision=revision)
    registry.chain.travel(WINDOW)
    assert stand(registry) == standing
    assert registry.read("supersededBy", EPOCH, OLD.hash) == (ZERO if 1 in revoked else FIXED.hash)


def test_a_leaf_brought_back_can_be_consumed_and_superseded_again(registry, refuses):
    chain_of_three(registry)
    registry.challenge(revision=1)
    registry.resolve(True, revision=1)
    registry.chain.travel(WINDOW)
    with refuses("supersede first"):
        registry.consume(THIRD_LEAF, THIRD, 3)
    new = correction(OLD, units_micro=77)
    tree = Tree([new])
    registry.post(tree, revision=4)
    registry.supersede(new, tree, 4, OLD)
    registry.chain.travel(WINDOW)
    assert stand(registry) == [False] * 4 and registry.verify(new, tree, 4)
    assert registry.consume(new, tree, 4).ok


def test_a_correction_in_a_revoked_root_marks_nothing(corrected, refuses):
    corrected.challenge(revision=1)
    assert corrected.supersede(FIXED, FIXES, 1, OLD).ok
    corrected.resolve(True, revision=1)
    assert corrected.verify(OLD, TREE)
    with refuses("revoked"):
        corrected.supersede(FIXED, FIXES, 1, OLD)


def test_a_correction_may_be_in_the_same_root(registry):
    fixed = correction(OLD, units_micro=4)
    tree = Tree([*LEAVES, fixed])
    registry.accept(tree)
    registry.supersede(fixed, tree, 0, OLD)
    assert not registry.verify(OLD, tree) and registry.verify(fixed, tree)
