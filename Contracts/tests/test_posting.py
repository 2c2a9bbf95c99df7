"""Which roots postRoot takes, and which it does not."""

import pytest
from chain import account
from eth_hash.auto import keccak
from registry import *

TREE = Tree(leaves())


def post(registry, message, signatures):
    return registry.send(ANYONE, "postRoot", *registry.arguments(message, signatures))


def test_a_signed_root_is_kept_and_announced(registry):
    message = registry.message(TREE)
    receipt = post(registry, message, registry.sign(message))
    [(name, event)] = registry.logs(receipt)
    assert name == "RootPosted"
    struct = registry.struct_hash(message)
    assert event == message | {"structHash": struct}
    time = registry.chain.inner.get_canonical_head().timestamp
    assert registry.read("rootOf", EPOCH, 0) == (TREE.root, len(leaves()), time, WINDOW_OPEN)
    assert registry.read("head") == struct and registry.read("nextEpoch") == EPOCH + 1


def test_the_type_hash_is_the_specified_one():
    names = ",".join(f"{kind} {name}" for name, kind in FIELDS)
    assert keccak(f"VerdictRoot({names})".encode()).hex() == (
        "cc1167f9b1078e6283b1d3b9d04d2c5bc7f6198fdd79664db31fc57e426fed5e"
    )


def test_config_digest_and_domain_are_as_specified(registry):
    assert registry.read("configDigest") == registry.config_digest(count=1)
    signable = encode_typed_data(full_message=registry.typed_data(registry.message(TREE)))
    assert registry.read("domainSeparator") == signable.header


@pytest.mark.parametrize("k, n", [(1, 1), (3, 3), (3, 5), (8, 8)])
def test_takes_k_of_n(k, n):
    registry = Registry.new(KEYS[:n], k)
    assert registry.post(TREE).ok


def test_takes_32_of_32():
    keys = sorted((account(f"many {i}") for i in range(32)), key=lambda a: int(a.address, 16))
    registry = Registry.new(keys, 32)
    assert registry.post(TREE).ok


def test_any_k_of_the_signers_will_do(registry):
    message = registry.message(TREE)
    assert post(registry, message, registry.sign(message, [KEYS[0], KEYS[2]])).ok


def test_genesis_may_be_epoch_zero(registry):
    registry.post(Tree(leaves(epoch=0)), epoch=0)
    assert registry.read("nextEpoch") == 1


def test_the_last_epoch_there_can_be_is_taken(registry):
    last = 2**64 - 1
    registry.post(Tree(leaves(epoch=last)), epoch=last)
    assert registry.read("nextEpoch") == 2**64


def test_roots_are_chained_by_parent(registry):
    for epoch in (EPOCH, EPOCH + 3):
        message = registry.message(TREE, epoch)
        post(registry, message, registry.sign(message))
        assert registry.read("head") == registry.struct_hash(message)


def test_replaying_the_transaction_fails(registry, refuses):
    message = registry.message(TREE)
    signatures = registry.sign(message)
    post(registry, message, signatures)
    with refuses("epoch order"):
        post(registry, message, signatures)
    message = registry.message(TREE, revision=1)
    signatures = registry.sign(message)
    post(registry, message, signatures)
    with refuses("already posted"):
        post(registry, message, signatures)


def test_the_same_signed_bytes_are_not_mined_twice(registry):
    message = registry.message(TREE)
    data = registry.data("postRoot", *registry.arguments(message, registry.sign(message)))
    raw = registry.chain.sign(ANYONE, registry.address, data)
    assert registry.chain.apply(raw).ok
    with pytest.raises(Exception, match="nonce"):
        registry.chain.apply(raw)


@pytest.mark.parametrize("epoch", [0, EPOCH - 1, EPOCH])
def test_an_older_or_equal_epoch_cannot_open(registry, refuses, epoch):
    registry.post(TREE)
    with refuses("epoch order"):
        registry.post(TREE, epoch)


def test_revisions_come_one_after_the_other(registry, refuses):
    with refuses("revision order"):
        registry.post(TREE, revision=1)
    registry.post(TREE)
    with refuses("revision order"):
        registry.post(TREE, revision=2)
    registry.post(TREE, EPOCH + 1)
    registry.post(TREE, revision=1)
    registry.post(TREE, revision=2)
    assert [registry.status(EPOCH, r) for r in range(4)] == [WINDOW_OPEN] * 3 + [0]


def test_there_are_256_revisions_at_most(registry, refuses):
    for revision in range(256):
        registry.post(TREE, revision=revision)
    with refuses("revision limit"):
        registry.post(TREE, revision=256)


def test_needs_a_root_and_leaves_within_the_cap(registry, refuses):
    cases = {"empty root": {"root": ZERO}, "no leaves": {"leafCount": 0},
             "leaf cap": {"leafCount": LEAF_CAP + 1}}  # fmt: skip
    for reason, change in cases.items():
        message = registry.message(TREE, **change)
        with refuses(reason):
            post(registry, message, registry.sign(message))
    message = registry.message(TREE, leafCount=LEAF_CAP)
    assert post(registry, message, registry.sign(message)).ok


def test_the_parent_must_be_the_last_root(registry, refuses):
    message = registry.message(TREE, parent=b"\x01" * 32)
    with refuses("wrong parent"):
        post(registry, message, registry.sign(message))
    registry.post(TREE)
    message = registry.message(TREE, EPOCH + 1, parent=ZERO)
    with refuses("wrong parent"):
        post(registry, message, registry.sign(message))


def test_signatures_for_another_chain_or_contract_are_worthless(registry, refuses):
    message = registry.message(TREE)
    for domain in ({"chain_id": 1}, {"contract": b"\x05" * 20}):
        with refuses("not a signer"):
            post(registry, message, registry.sign(message, **domain))


def test_each_signed_field_is_bound(registry, refuses):
    message = registry.message(TREE)
    signatures = registry.sign(message)
    changes = {"epoch": EPOCH + 1, "root": b"\x01" * 32, "leafCount": 8, "manifestHash": ZERO}
    for field, value in changes.items():
        with refuses("not a signer"):
            post(registry, message | {field: value}, signatures)


def test_each_part_of_the_configuration_is_bound(registry, refuses):
    for part in ({"chain_id": 1}, {"contract": b"\x05" * 20}, {"count": 2}):
        message = registry.message(TREE, configDigest=registry.config_digest(**part))
        with refuses("not a signer"):
            post(registry, message, registry.sign(message))
    registry.k = 3
    message = registry.message(TREE)
    with refuses("not a signer"):
        post(registry, message, registry.sign(message, KEYS[:2]))


def test_signatures_of_the_signers_before_a_rotation_are_worthless(registry, refuses):
    message = registry.message(TREE)
    stale = registry.sign(message)
    registry.send(OWNER, "rotate", [k.address for k in KEYS[:3]], 2)
    with refuses("not a signer"):
        post(registry, message, stale)
    assert registry.post(TREE).ok


def test_the_number_of_signatures_is_exact(registry, refuses):
    message = registry.message(TREE)
    for keys in (KEYS[:1], KEYS[:3]):
        with refuses("signature count"):
            post(registry, message, registry.sign(message, keys))
    for wrong in ([], [b"\x00"], [*registry.sign(message), b"\x00"]):
        with refuses("signature count"):
            post(registry, message, wrong)


def test_a_signer_counts_once_and_the_order_is_fixed(registry, refuses):
    message = registry.message(TREE)
    for keys in ([KEYS[0], KEYS[0]], [KEYS[1], KEYS[0]]):
        with refuses("signature order"):
            post(registry, message, registry.sign(message, keys))


def test_only_signers_count(registry, refuses):
    message = registry.message(TREE)
    for stranger in (KEYS[3], OWNER):
        keys = sorted([KEYS[0], stranger], key=lambda k: int(k.address, 16))
        with refuses("not a signer"):
            post(registry, message, registry.sign(message, keys))


def test_the_high_s_twin_of_a_signature_is_refused(registry, refuses):
    message = registry.message(TREE)
    first, second = registry.sign(message)
    for pair in ([high_s(first), second], [first, high_s(second)]):
        with refuses("signature s"):
            post(registry, message, pair)


def test_the_largest_low_s_is_not_called_high(registry, refuses):
    message = registry.message(TREE)
    first, second = registry.sign(message)
    half = (ORDER // 2).to_bytes(32, "big")
    with refuses("not a signer"):
        post(registry, message, [first[:32] + half + first[64:], second])
    over = (ORDER // 2 + 1).to_bytes(32, "big")
    with refuses("signature s"):
        post(registry, message, [first[:32] + over + first[64:], second])


@pytest.mark.parametrize("v", [0, 1, 26, 29, 255])
def test_v_is_27_or_28(registry, refuses, v):
    message = registry.message(TREE)
    first, second = registry.sign(message)
    with refuses("signature v"):
        post(registry, message, [first, second[:64] + bytes([v])])


def test_a_signature_that_recovers_nobody_is_refused(registry, refuses):
    message = registry.message(TREE)
    first, second = registry.sign(message)
    for nothing in (bytes(64) + b"\x1b", ORDER.to_bytes(32, "big") + first[32:64] + b"\x1b"):
        with refuses("signature invalid"):
            post(registry, message, [nothing, second])


def test_values_wider_than_their_type_are_refused(registry):
    message = registry.message(TREE)
    data = registry.data("postRoot", *registry.arguments(message, registry.sign(message)))
    wide = data[:4] + b"\x01" + data[5:]
    ok, output, _ = registry.chain.call(registry.address, wide)
    assert not ok and output == b""


def test_a_fork_with_another_chain_id_has_another_domain(registry, refuses):
    """The contract itself goes on after a fork; old signatures do not."""
    message = registry.message(TREE)
    signatures = registry.sign(message)
    registry.chain = registry.chain.fork(424_242)
    assert registry.read("configDigest") == registry.config_digest(chain_id=424_242)
    with refuses("not a signer"):
        post(registry, message, signatures)
    message = registry.message(TREE)
    with refuses("not a signer"):
        post(registry, message, registry.sign(message, chain_id=31337))
    assert registry.post(TREE).ok
