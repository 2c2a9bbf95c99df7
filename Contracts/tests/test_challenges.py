"""The challenge window, the arbiter, and where the bond goes."""

import pytest
from registry import *

TREE = Tree(leaves())
DAYS_7 = 7 * 86_400


@pytest.fixture
def posted(registry):
    registry.post(TREE)
    return registry


def test_a_challenge_blocks_the_root_beyond_its_window(posted, refuses):
    receipt = posted.challenge()
    time = posted.chain.inner.get_canonical_head().timestamp
    event = {"epoch": EPOCH, "revision": 0, "challenger": CHALLENGER.address.lower()}
    assert posted.logs(receipt) == [("Challenged", event | {"deadline": time + DAYS_7})]
    assert posted.read("challengeOf", EPOCH, 0) == (CHALLENGER.address.lower(), time + DAYS_7)
    posted.chain.travel(WINDOW)
    assert posted.status() == CHALLENGED and not posted.verify(leaf(0), TREE)
    with refuses("challenge open"):
        posted.consume(leaf(0), TREE)


def test_upheld_revokes_for_ever_and_returns_the_bond(posted, refuses):
    posted.challenge()
    receipt = posted.resolve(True)
    [(name, event)] = posted.logs(receipt)
    assert name == "Resolved" and event["upheld"] and not event["timedOut"]
    assert event["bondTo"] == CHALLENGER.address.lower()
    assert posted.status() == REVOKED
    assert posted.read("rootOf", EPOCH, 0)[:2] == (TREE.root, len(leaves()))
    assert posted.read("challengeOf", EPOCH, 0) == ("0x" + "00" * 20, 0)
    posted.chain.travel(10 * WINDOW)
    assert posted.status() == REVOKED and not posted.verify(leaf(0), TREE)
    assert posted.read("credit", CHALLENGER.address) == BOND
    assert posted.read("credit", OWNER.address) == 0
    with refuses("epoch order"):
        posted.post(TREE)
    with refuses("revoked"):
        posted.challenge()


def test_a_revoked_root_is_replaced_by_the_next_revision(posted):
    posted.challenge()
    posted.resolve(True)
    head = posted.read("head")
    better = Tree([leaf(seq, units_micro=3) for seq in range(9)])
    assert posted.message(better, revision=1)["parent"] == head != ZERO
    posted.accept(better, revision=1)
    assert posted.verify(leaf(0, units_micro=3), better, 1)
    assert not posted.verify(leaf(0), TREE)
    assert posted.consume(leaf(0, units_micro=3), better, 1).ok


def test_rejected_gives_the_bond_to_the_owner_and_the_root_stands(posted):
    posted.challenge()
    posted.chain.travel(WINDOW)
    [(name, event)] = posted.logs(posted.resolve(False))
    assert name == "Resolved" and not event["upheld"] and not event["timedOut"]
    assert event["bondTo"] == OWNER.address.lower()
    assert posted.status() == ACCEPTED and posted.verify(leaf(0), TREE)
    assert posted.read("credit", OWNER.address) == BOND
    assert posted.read("credit", CHALLENGER.address) == 0
    assert posted.read("challengeOf", EPOCH, 0) == ("0x" + "00" * 20, 0)


def test_a_root_rejected_early_still_waits_for_its_window(posted):
    posted.challenge()
    posted.resolve(False)
    assert posted.status() == WINDOW_OPEN
    posted.chain.travel(WINDOW)
    assert posted.status() == ACCEPTED


def test_challenges_end_with_the_window(registry, refuses):
    registry.post(TREE)
    time = registry.chain.inner.get_canonical_head().timestamp
    registry.chain.travel_to(time + WINDOW)
    with refuses("window over"):
        registry.challenge()
    registry.post(TREE, EPOCH + 1)
    time = registry.chain.inner.get_canonical_head().timestamp
    registry.chain.travel_to(time + WINDOW - 1)
    assert registry.challenge(EPOCH + 1).ok


def test_one_challenge_at_a_time(posted, refuses):
    posted.challenge()
    with refuses("challenge open"):
        posted.challenge(sender=ANYONE)
    posted.resolve(False)
    assert posted.challenge(sender=ANYONE).ok
    assert posted.read("challengeOf", EPOCH, 0)[0] == ANYONE.address.lower()


@pytest.mark.parametrize("value", [0, BOND - 1, BOND + 1])
def test_the_bond_is_exact(posted, refuses, value):
    with refuses("wrong bond"):
        posted.challenge(value=value)


def test_only_posted_roots_can_be_challenged(posted, refuses):
    for epoch, revision in ((EPOCH, 1), (EPOCH + 1, 0)):
        with refuses("no such root"):
            posted.challenge(epoch, revision)


def test_only_the_arbiter_resolves(posted, refuses):
    posted.challenge()
    for person in (OWNER, CHALLENGER, ANYONE, KEYS[0]):
        for upheld in (True, False):
            with refuses("not arbiter"):
                posted.resolve(upheld, sender=person)


def test_there_must_be_a_challenge_to_resolve(posted, refuses):
    with refuses("no challenge"):
        posted.resolve(True)
    with refuses("no challenge"):
        posted.send(ANYONE, "timeOut", EPOCH, 0)
    posted.challenge()
    posted.resolve(True)
    with refuses("no challenge"):
        posted.resolve(True)
    posted.chain.travel(DAYS_7)
    with refuses("no challenge"):
        posted.send(ANYONE, "timeOut", EPOCH, 0)


def test_a_silent_arbiter_loses_the_root(posted, refuses):
    posted.challenge()
    deadline = posted.read("challengeOf", EPOCH, 0)[1]
    posted.chain.travel_to(deadline - 1)
    with refuses("arbiter has time"):
        posted.send(ANYONE, "timeOut", EPOCH, 0)
    posted.chain.travel_to(deadline)
    for upheld in (True, False):
        with refuses("time over"):
            posted.resolve(upheld)
    [(_, event)] = posted.logs(posted.send(ANYONE, "timeOut", EPOCH, 0))
    assert event["upheld"] and event["timedOut"]
    assert event["bondTo"] == CHALLENGER.address.lower()
    assert posted.status() == REVOKED and posted.read("credit", CHALLENGER.address) == BOND


def test_the_arbiter_may_use_his_last_second(posted):
    posted.challenge()
    posted.chain.travel_to(posted.read("challengeOf", EPOCH, 0)[1] - 1)
    assert posted.resolve(False).ok and posted.status() == ACCEPTED


def test_challenges_of_two_roots_are_apart(posted):
    other = Tree(leaves(epoch=EPOCH + 1))
    posted.post(other, EPOCH + 1)
    posted.challenge(EPOCH + 1)
    posted.resolve(True, EPOCH + 1)
    posted.chain.travel(WINDOW)
    assert posted.verify(leaf(0), TREE) and not posted.verify(leaf(0, EPOCH + 1), other)


def test_credit_adds_up_and_is_paid_out_once_where_the_owner_of_it_says(posted, refuses):
    posted.post(TREE, EPOCH + 1)
    for epoch in (EPOCH, EPOCH + 1):
        posted.challenge(epoch)
        posted.resolve(True, epoch)
    assert posted.chain.balance(posted.address) == 2 * BOND
    assert posted.read("credit", CHALLENGER.address) == 2 * BOND
    target = "0x" + "7e" * 20
    [(name, event)] = posted.logs(posted.send(CHALLENGER, "withdraw", target))
    assert name == "Withdrawn" and event["amount"] == 2 * BOND and event["to"] == target
    assert posted.chain.balance(target) == 2 * BOND
    assert posted.chain.balance(posted.address) == 0
    with refuses("no credit"):
        posted.send(CHALLENGER, "withdraw", target)


def test_withdrawing_takes_credit_and_a_place_to_go(posted, refuses):
    with refuses("no credit"):
        posted.send(ANYONE, "withdraw", ANYONE.address)
    posted.challenge()
    posted.resolve(True)
    with refuses("zero address"):
        posted.send(CHALLENGER, "withdraw", "0x" + "00" * 20)
    with refuses("transfer failed"):
        posted.send(CHALLENGER, "withdraw", posted.address)
    assert posted.read("credit", CHALLENGER.address) == BOND


REENTRANT = """
interface Registry:
    def withdraw(to: address): nonpayable
    def challenge(epoch: uint64, revision: uint32): payable

registry: Registry
tries: public(uint256)

@deploy
@payable
def __init__(at: address):
    self.registry = Registry(at)

@external
def challenge(epoch: uint64, bond: uint256):
    extcall self.registry.challenge(epoch, 0, value=bond)

@external
def take():
    extcall self.registry.withdraw(self)

@external
@payable
def __default__():
    self.tries += 1
    again: bool = raw_call(
        self.registry.address,
        abi_encode(self, method_id=method_id("withdraw(address)")),
        revert_on_failure=False,
    )
"""


def test_withdrawing_again_from_inside_a_withdrawal_takes_nothing_more(posted):
    """The thief has one bond in the contract, another challenger a second."""
    thief = Contract.deploy(
        posted.chain, ANYONE, compile_code(REENTRANT, output_formats=["abi", "bytecode"]),
        posted.address,
    )  # fmt: skip
    posted.post(TREE, EPOCH + 1)
    posted.challenge()
    posted.chain.send(ANYONE, thief.address, value=BOND)
    thief.send(ANYONE, "challenge", EPOCH + 1, BOND)
    for epoch in (EPOCH, EPOCH + 1):
        posted.resolve(True, epoch)
    thief.send(ANYONE, "take")
    assert thief.read("tries") == 2
    assert posted.chain.balance(thief.address) == BOND
    assert posted.chain.balance(posted.address) == BOND
