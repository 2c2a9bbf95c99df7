"""Deployment, the owner's functions, pause, and that nobody else can use them."""

import pytest
from registry import *

TREE = Tree(leaves())
NOBODY = "0x" + "00" * 20


def deploy(**changes):
    usual = {
        "signers": [k.address for k in KEYS[:3]],
        "threshold": 2,
        "arbiter": ARBITER.address,
        "window": WINDOW,
        "bond": BOND,
        "unit_cap": UNIT_CAP,
        "leaf_cap": LEAF_CAP,
    }
    chain = Chain(31337, [OWNER.address])
    return Registry.deploy(chain, OWNER, compiled(), *(usual | changes).values())


def test_deployment_sets_what_it_is_given():
    registry = deploy()
    got = {n: registry.read(n) for n in ("owner", "ARBITER", "settler", "pendingOwner")}
    people = [OWNER.address.lower(), ARBITER.address.lower(), NOBODY, NOBODY]
    assert list(got.values()) == people
    numbers = ("WINDOW_SECONDS", "BOND", "unitCap", "leafCap", "threshold", "configCount")
    values = [WINDOW, BOND, UNIT_CAP, LEAF_CAP, 2, 1]
    assert [registry.read(n) for n in numbers] == values
    assert list(registry.read("signers")) == [k.address.lower() for k in KEYS[:3]]
    assert registry.read("head") == ZERO and registry.read("nextEpoch") == 0
    assert registry.read("paused") is False


@pytest.mark.parametrize(
    "change, text",
    [
        ({"threshold": 0}, "threshold"),
        ({"threshold": 4}, "threshold"),
        ({"signers": [], "threshold": 0}, "threshold"),
        ({"signers": [NOBODY, KEYS[0].address]}, "signer order"),
        ({"signers": [KEYS[1].address, KEYS[0].address]}, "signer order"),
        ({"signers": [KEYS[0].address] * 2}, "signer order"),
        ({"arbiter": NOBODY}, "zero address"),
        ({"window": 0}, "no window"),
    ],
)
def test_deployment_refuses_what_cannot_work(refuses, change, text):
    with refuses(text):
        deploy(**change)


def test_more_than_32_signers_are_refused():
    keys = sorted((account(f"many {i}") for i in range(33)), key=lambda a: int(a.address, 16))
    with pytest.raises(Reverted):
        deploy(signers=[k.address for k in keys], threshold=1)


OWNERS_CALLS = [
    ("rotate", [[KEYS[0].address], 1]),
    ("setCaps", [1, 1]),
    ("setSettler", [ANYONE.address]),
    ("pause", []),
    ("unpause", []),
    ("transferOwnership", [ANYONE.address]),
]


@pytest.mark.parametrize("name, arguments", OWNERS_CALLS)
def test_only_the_owner_may(registry, refuses, name, arguments):
    for person in (ANYONE, ARBITER, SETTLER, KEYS[0]):
        with refuses("not owner"):
            registry.send(person, name, *arguments)
    assert registry.send(OWNER, name, *arguments).ok


def test_rotation_replaces_the_signers_and_leaves_posted_roots(registry, refuses):
    registry.post(TREE)
    before = registry.read("head")
    keys = KEYS[2:7]
    receipt = registry.send(OWNER, "rotate", [k.address for k in keys], 3)
    event = {"configCount": 2, "threshold": 3}
    signers = tuple(k.address.lower() for k in keys)
    assert registry.logs(receipt) == [("Rotated", event | {"signers": signers})]
    assert registry.read("signers") == signers
    assert (registry.read("threshold"), registry.read("configCount")) == (3, 2)
    registry.chain.travel(WINDOW)
    assert registry.verify(leaf(0), TREE) and registry.read("head") == before
    registry.keys, registry.k = keys, 3
    assert registry.read("configDigest") == registry.config_digest()
    gone = sorted([KEYS[0], *keys[:2]], key=lambda k: int(k.address, 16))
    message = registry.message(TREE, EPOCH + 1)
    with refuses("not a signer"):
        registry.send(
            ANYONE, "postRoot", *registry.arguments(message, registry.sign(message, gone))
        )
    assert registry.post(TREE, EPOCH + 1).ok


@pytest.mark.parametrize(
    "signers, threshold, text",
    [
        ([], 0, "threshold"),
        ([KEYS[0].address], 0, "threshold"),
        ([KEYS[0].address], 2, "threshold"),
        ([NOBODY], 1, "signer order"),
        ([KEYS[1].address, KEYS[0].address], 1, "signer order"),
        ([KEYS[0].address, KEYS[0].address], 1, "signer order"),
    ],
)
def test_rotation_refuses_what_cannot_work(registry, refuses, signers, threshold, text):
    with refuses(text):
        registry.send(OWNER, "rotate", signers, threshold)


def test_caps_can_be_changed(registry, refuses):
    receipt = registry.send(OWNER, "setCaps", 5, 8)
    assert registry.logs(receipt) == [("CapsSet", {"unitCap": 5, "leafCap": 8})]
    assert (registry.read("unitCap"), registry.read("leafCap")) == (5, 8)
    with refuses("leaf cap"):
        registry.post(TREE)


def test_the_settler_can_be_changed(registry, refuses):
    receipt = registry.send(OWNER, "setSettler", ANYONE.address)
    assert registry.logs(receipt) == [("SettlerSet", {"settler": ANYONE.address.lower()})]
    registry.accept(TREE)
    with refuses("not settler"):
        registry.consume(leaf(0), TREE)
    assert registry.consume(leaf(0), TREE, sender=ANYONE).ok


def test_pause_stops_posting_consuming_and_superseding(registry, refuses):
    fixed = correction(leaf(1), units_micro=3)
    fixes = Tree([fixed])
    registry.accept(TREE)
    registry.accept(fixes, revision=1)
    assert registry.logs(registry.send(OWNER, "pause")) == [("PauseSet", {"paused": True})]
    assert registry.read("paused") is True
    with refuses("paused"):
        registry.post(TREE, EPOCH + 1)
    with refuses("paused"):
        registry.consume(leaf(0), TREE)
    with refuses("paused"):
        registry.supersede(fixed, fixes, 1, leaf(1))
    assert registry.logs(registry.send(OWNER, "unpause")) == [("PauseSet", {"paused": False})]
    assert registry.read("paused") is False
    assert registry.consume(leaf(0), TREE).ok
    assert registry.supersede(fixed, fixes, 1, leaf(1)).ok
    assert registry.post(TREE, EPOCH + 1).ok


def test_pause_leaves_views_challenges_and_withdrawals(registry):
    registry.accept(TREE)
    registry.post(TREE, EPOCH + 1)
    registry.post(TREE, EPOCH + 2)
    registry.send(OWNER, "pause")
    assert registry.verify(leaf(0), TREE)
    for epoch in (EPOCH + 1, EPOCH + 2):
        registry.challenge(epoch)
    registry.resolve(True, EPOCH + 1)
    registry.chain.travel(7 * 86_400)
    assert registry.send(ANYONE, "timeOut", EPOCH + 2, 0).ok
    assert registry.send(CHALLENGER, "withdraw", CHALLENGER.address).ok


def test_pause_and_rotation_do_not_disturb_each_other(registry, refuses):
    registry.send(OWNER, "pause")
    registry.send(OWNER, "rotate", [k.address for k in KEYS[:3]], 2)
    assert registry.read("paused") is True and registry.read("configCount") == 2
    with refuses("paused"):
        registry.post(TREE)
    registry.send(OWNER, "unpause")
    assert (registry.read("threshold"), registry.read("configCount")) == (2, 2)
    assert registry.post(TREE).ok


def test_ownership_passes_in_two_steps(registry, refuses):
    receipt = registry.send(OWNER, "transferOwnership", ANYONE.address)
    both = {"owner": OWNER.address.lower(), "candidate": ANYONE.address.lower()}
    assert registry.logs(receipt) == [("OwnershipOffered", both)]
    with refuses("not owner"):
        registry.send(ANYONE, "pause")
    with refuses("not candidate"):
        registry.send(ARBITER, "acceptOwnership")
    receipt = registry.send(ANYONE, "acceptOwnership")
    both = {"previous": OWNER.address.lower(), "owner": ANYONE.address.lower()}
    assert registry.logs(receipt) == [("OwnershipTransferred", both)]
    assert registry.read("owner") == ANYONE.address.lower()
    assert registry.read("pendingOwner") == NOBODY
    with refuses("not owner"):
        registry.send(OWNER, "pause")
    with refuses("not candidate"):
        registry.send(ANYONE, "acceptOwnership")
    assert registry.send(ANYONE, "pause").ok


def test_an_offer_can_be_taken_back(registry, refuses):
    registry.send(OWNER, "transferOwnership", ANYONE.address)
    registry.send(OWNER, "transferOwnership", NOBODY)
    with refuses("not candidate"):
        registry.send(ANYONE, "acceptOwnership")


def test_a_rejected_bond_goes_to_the_owner_at_that_time(registry):
    registry.post(TREE)
    registry.challenge()
    registry.send(OWNER, "transferOwnership", ANYONE.address)
    registry.send(ANYONE, "acceptOwnership")
    registry.resolve(False)
    assert registry.read("credit", ANYONE.address) == BOND
    assert registry.read("credit", OWNER.address) == 0


def test_only_a_challenge_takes_money(registry, refuses):
    for name, arguments in OWNERS_CALLS:
        with refuses("without a reason"):
            registry.send(OWNER, name, *arguments, value=1)
    with refuses("without a reason"):
        registry.chain.send(OWNER, registry.address, value=1)
