# pragma version 0.4.3
# pragma evm-version london
"""
@title Verdict registry
@notice Keeps one Merkle root of verdicts per epoch and revision, signed by k of n keys and open to
        challenge for a while, and lets the network's payout settle each contribution once.
@dev Holds no funds but challenge bonds. London's instruction set runs on every EVM chain in use.
"""

# One verdict: the ten fields of the Merkle leaf, in the order of its ABI encoding.
struct Leaf:
    epoch: uint64
    seq: uint32
    contribution: bytes32
    subject: bytes32
    verdict: uint8
    scorePpm: uint32
    reasons: uint64
    unitsMicro: uint64
    evidence: bytes32
    supersedes: bytes32

struct RootView:
    root: bytes32
    leafCount: uint64
    postedAt: uint64
    status: uint8

struct ChallengeView:
    challenger: address
    deadline: uint256

# A leaf's replacement. `roots` has a bit for every revision that the replacement rests on: its own
# and those of the corrections before it. If one of them is revoked, the mark is dead.
struct Mark:
    by: bytes32
    roots: uint256

event RootPosted:
    epoch: indexed(uint64)
    revision: indexed(uint32)
    structHash: indexed(bytes32)
    root: bytes32
    leafCount: uint64
    manifestHash: bytes32
    parent: bytes32
    configDigest: bytes32

event Consumed:
    epoch: indexed(uint64)
    contribution: indexed(bytes32)
    subject: indexed(bytes32)
    revision: uint32
    leaf: bytes32
    verdict: uint8
    paidMicro: uint64

event Superseded:
    epoch: indexed(uint64)
    contribution: indexed(bytes32)
    oldLeaf: indexed(bytes32)
    newLeaf: bytes32
    revision: uint32
    settled: bool

event Challenged:
    epoch: indexed(uint64)
    revision: indexed(uint32)
    challenger: indexed(address)
    deadline: uint256

event Resolved:
    epoch: indexed(uint64)
    revision: indexed(uint32)
    upheld: bool
    timedOut: bool
    bondTo: address

event Rotated:
    configCount: indexed(uint256)
    threshold: uint256
    signers: DynArray[address, 32]

event CapsSet:
    unitCap: uint128
    leafCap: uint64

event SettlerSet:
    settler: indexed(address)

event PauseSet:
    paused: bool

event OwnershipOffered:
    owner: indexed(address)
    candidate: indexed(address)

event OwnershipTransferred:
    previous: indexed(address)
    owner: indexed(address)

event Withdrawn:
    account: indexed(address)
    to: indexed(address)
    amount: uint256

ACCEPT: constant(uint8) = 1

# What `rootOf` calls the states of a root.
UNKNOWN: constant(uint8) = 0
WINDOW: constant(uint8) = 1
CHALLENGED: constant(uint8) = 2
ACCEPTED: constant(uint8) = 3
REVOKED: constant(uint8) = 4

# An arbiter who says nothing for so long has lost the case: see `timeOut`.
ARBITER_TIME: constant(uint256) = 7 * 86400
# For so long after a correcting revision nothing of its epoch is consumed, so that whoever posted
# it can mark the old leaves first.
CORRECTION_PAUSE: constant(uint256) = 3600
# Revisions of an epoch are bits of one word.
REVISION_LIMIT: constant(uint32) = 256

DOMAIN_TYPE_HASH: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
NAME_HASH: constant(bytes32) = keccak256("DePIN Verdict Registry")
VERSION_HASH: constant(bytes32) = keccak256("1")
ROOT_TYPE_HASH: constant(bytes32) = keccak256(
    "VerdictRoot(uint64 epoch,uint32 revision,bytes32 root,uint64 leafCount,bytes32 manifestHash,bytes32 parent,bytes32 configDigest)"
)
# Half the order of secp256k1: of the two signatures (s and its negative) only one counts.
HALF_ORDER: constant(uint256) = (
    57896044618658097711785492504343953926418782139537452191302581570759080747168
)

# A root's word: bits 0-63 posted at, 64-127 leaf count, 128-191 open challenge since, 192 revoked.
MASK_64: constant(uint256) = 2**64 - 1
REVOKED_BIT: constant(uint256) = 2**192
# An epoch's word: bits 0-127 micro units paid, 128 up consume again from.
MASK_128: constant(uint256) = 2**128 - 1
PAUSED_BIT: constant(uint256) = 2**8

ARBITER: public(immutable(address))
WINDOW_SECONDS: public(immutable(uint256))
BOND: public(immutable(uint256))
DEPLOY_CHAIN: immutable(uint256)

owner: public(address)
pendingOwner: public(address)
settler: public(address)
unitCap: public(uint128)
leafCap: public(uint64)
# Struct hash of the last root posted: the parent of the next.
head: public(bytes32)
# Least epoch that may still open with revision 0.
nextEpoch: public(uint256)
# What an account may withdraw.
credit: public(HashMap[address, uint256])
# Contributions settled, for ever.
consumed: public(HashMap[bytes32, bool])

# Bits 0-7 threshold, 8 paused, 9 up configCount: one read instead of three.
_config: uint256
_digest: bytes32
_signers: DynArray[address, 32]
# The configCount under which an address last was a signer: rotation need not clear anything.
_member: HashMap[address, uint256]
_roots: HashMap[uint256, bytes32]
_words: HashMap[uint256, uint256]
_challenger: HashMap[uint256, address]
_revoked: HashMap[uint64, uint256]
_epochs: HashMap[uint64, uint256]
_marks: HashMap[bytes32, Mark]


@deploy
def __init__(
    signers: DynArray[address, 32],
    threshold: uint256,
    arbiter: address,
    window: uint256,
    bond: uint256,
    unitCap: uint128,
    leafCap: uint64,
):
    """
    @notice The deployer becomes owner; nobody is settler yet.
    @param signers Keys that sign roots: ascending, distinct, not zero, 32 at most
    @param threshold How many of them must sign, exactly
    @param arbiter Who decides challenges, for ever
    @param window Seconds during which a root can be challenged and does not count
    @param bond Wei that a challenge puts up
    @param unitCap Micro units an epoch may be paid in all
    @param leafCap Leaves a root may have
    """
    assert arbiter != empty(address), "zero address"
    assert window != 0, "no window"
    ARBITER = arbiter
    WINDOW_SECONDS = window
    BOND = bond
    DEPLOY_CHAIN = chain.id
    self.owner = msg.sender
    log OwnershipTransferred(previous=empty(address), owner=msg.sender)
    self._rotate(signers, threshold)
    self._setCaps(unitCap, leafCap)


# Roots

@external
def postRoot(
    epoch: uint64,
    revision: uint32,
    root: bytes32,
    leafCount: uint64,
    manifestHash: bytes32,
    parent: bytes32,
    signatures: Bytes[2080],
):
    """
    @notice Posts a signed root. Anyone may: the signatures count, not the sender.
    @dev Revision 0 opens an epoch later than any before. A further revision adds corrections to the
         epoch, or replaces a revoked root; each needs the one before it.
    @param epoch The epoch judged
    @param revision 0, or one more than the epoch's last revision; below 256
    @param root Merkle root of the leaves (OpenZeppelin standard-v1)
    @param leafCount How many leaves it has
    @param manifestHash keccak256 of the bundle's statement.json
    @param parent Struct hash of the root posted before, of whatever epoch; 0 at first
    @param signatures Exactly `threshold` times r, s, v (65 bytes), ascending by signer address
    """
    config: uint256 = self._config
    assert config & PAUSED_BIT == 0, "paused"
    place: uint256 = self._key(epoch, revision)
    if revision == 0:
        assert convert(epoch, uint256) >= self.nextEpoch, "epoch order"
        self.nextEpoch = convert(epoch, uint256) + 1
    else:
        assert revision < REVISION_LIMIT, "revision limit"
        assert self._words[place] == 0, "already posted"
        assert self._words[place - 1] != 0, "revision order"
        self._epochs[epoch] = (
            (self._epochs[epoch] & MASK_128) | ((block.timestamp + CORRECTION_PAUSE) << 128)
        )
    assert root != empty(bytes32), "empty root"
    assert leafCount != 0, "no leaves"
    assert leafCount <= self.leafCap, "leaf cap"
    assert parent == self.head, "wrong parent"

    digest: bytes32 = self._configDigest()
    hash: bytes32 = keccak256(
        abi_encode(
            ROOT_TYPE_HASH, epoch, revision, root, leafCount, manifestHash, parent, digest
        )
    )
    self._checkSignatures(
        keccak256(concat(x"1901", self._domainSeparator(), hash)), config, signatures
    )
    self.head = hash
    self._roots[place] = root
    self._words[place] = block.timestamp | (convert(leafCount, uint256) << 64)
    log RootPosted(
        epoch=epoch,
        revision=revision,
        structHash=hash,
        root=root,
        leafCount=leafCount,
        manifestHash=manifestHash,
        parent=parent,
        configDigest=digest,
    )


@external
@view
def verify(leaf: Leaf, revision: uint32, proof: DynArray[bytes32, 32]) -> bool:
    """
    @notice Whether a verdict stands: its root is accepted, it is in it, nothing replaces it, and,
            if it is a correction, it has been put in its predecessor's place by `supersede`.
    @dev Never reverts on well-formed input. True says nothing about `consume` having run.
    @param leaf The verdict
    @param revision The revision of leaf.epoch whose root holds it
    @param proof Its siblings from the bottom up
    @return True if it stands now
    """
    place: uint256 = self._key(leaf.epoch, revision)
    if self._status(self._words[place]) != ACCEPTED or leaf.contribution == empty(bytes32):
        return False
    hash: bytes32 = self._leafHash(leaf)
    if leaf.supersedes != empty(bytes32) and not self._replaces(leaf, hash):
        return False
    return not self._replaced(leaf.epoch, hash) and self._climb(hash, proof) == self._roots[place]


@external
def consume(leaf: Leaf, revision: uint32, proof: DynArray[bytes32, 32]) -> uint64:
    """
    @notice Settles a contribution, once for ever, whatever its verdict. Only the settler may call.
    @dev A hold or abstain that may still be corrected to accept must not be consumed: nothing of
         the contribution can be settled after it. Refused for an hour after each revision > 0 of
         the epoch, so that its corrections can be marked first.
    @param leaf The verdict, which must stand as for `verify`
    @param revision The revision of leaf.epoch whose root holds it
    @param proof Its siblings from the bottom up
    @return Micro units to pay: leaf.unitsMicro if the verdict is accept, else 0
    """
    assert self._config & PAUSED_BIT == 0, "paused"
    assert msg.sender == self.settler, "not settler"
    assert leaf.contribution != empty(bytes32), "empty leaf"
    place: uint256 = self._key(leaf.epoch, revision)
    status: uint8 = self._status(self._words[place])
    assert status != UNKNOWN, "no such root"
    assert status != WINDOW, "window open"
    assert status != CHALLENGED, "challenge open"
    assert status != REVOKED, "revoked"
    hash: bytes32 = self._leafHash(leaf)
    assert self._climb(hash, proof) == self._roots[place], "bad proof"
    assert not self.consumed[leaf.contribution], "already consumed"
    assert not self._replaced(leaf.epoch, hash), "superseded"
    if leaf.supersedes != empty(bytes32):
        assert self._replaces(leaf, hash), "supersede first"
    word: uint256 = self._epochs[leaf.epoch]
    assert block.timestamp >= word >> 128, "corrections pending"

    self.consumed[leaf.contribution] = True
    paid: uint64 = 0
    if leaf.verdict == ACCEPT:
        paid = leaf.unitsMicro
        total: uint256 = (word & MASK_128) + convert(paid, uint256)
        assert total <= convert(self.unitCap, uint256), "unit cap"
        self._epochs[leaf.epoch] = (word & ~MASK_128) | total
    log Consumed(
        epoch=leaf.epoch,
        contribution=leaf.contribution,
        subject=leaf.subject,
        revision=revision,
        leaf=hash,
        verdict=leaf.verdict,
        paidMicro=paid,
    )
    return paid


@external
def supersede(leaf: Leaf, revision: uint32, proof: DynArray[bytes32, 32], old: Leaf):
    """
    @notice Puts a correction in the place of the verdict it names. Anyone may, from the moment the
            correction's root is posted; the old verdict stops standing at once.
    @dev Undone if the correction's root, or that of a correction it builds on, is revoked. An old
         verdict already consumed is marked all the same, and the event says so.
    @param leaf The correction
    @param revision The revision of leaf.epoch whose root holds it
    @param proof Its siblings from the bottom up
    @param old The verdict whose leaf hash is leaf.supersedes: same epoch, same contribution
    """
    assert self._config & PAUSED_BIT == 0, "paused"
    assert leaf.contribution != empty(bytes32), "empty leaf"
    assert leaf.supersedes != empty(bytes32), "not a correction"
    oldHash: bytes32 = self._leafHash(old)
    assert oldHash == leaf.supersedes, "wrong predecessor"
    assert old.contribution == leaf.contribution, "other contribution"
    assert old.epoch == leaf.epoch, "other epoch"
    place: uint256 = self._key(leaf.epoch, revision)
    status: uint8 = self._status(self._words[place])
    assert status != UNKNOWN, "no such root"
    assert status != REVOKED, "revoked"
    hash: bytes32 = self._leafHash(leaf)
    assert self._climb(hash, proof) == self._roots[place], "bad proof"
    assert not self._replaced(leaf.epoch, oldHash), "already superseded"

    roots: uint256 = 1 << convert(revision, uint256)
    if old.supersedes != empty(bytes32):
        assert self._replaces(old, oldHash), "supersede first"
        roots |= self._marks[old.supersedes].roots
    self._marks[oldHash] = Mark(by=hash, roots=roots)
    log Superseded(
        epoch=leaf.epoch,
        contribution=leaf.contribution,
        oldLeaf=oldHash,
        newLeaf=hash,
        revision=revision,
        settled=self.consumed[leaf.contribution],
    )


# Challenges

@external
@payable
def challenge(epoch: uint64, revision: uint32):
    """
    @notice Disputes a root inside its window, with exactly the bond. Works while paused too.
    @dev Nothing of the root stands until the challenge is decided. One at a time; after a rejected
         one another may follow while the window lasts.
    @param epoch The root's epoch
    @param revision The root's revision
    """
    place: uint256 = self._key(epoch, revision)
    word: uint256 = self._words[place]
    status: uint8 = self._status(word)
    assert status != UNKNOWN, "no such root"
    assert status != REVOKED, "revoked"
    assert status != CHALLENGED, "challenge open"
    assert status != ACCEPTED, "window over"
    assert msg.value == BOND, "wrong bond"
    self._words[place] = word | (block.timestamp << 128)
    self._challenger[place] = msg.sender
    log Challenged(
        epoch=epoch,
        revision=revision,
        challenger=msg.sender,
        deadline=block.timestamp + ARBITER_TIME,
    )


@external
def resolve(epoch: uint64, revision: uint32, upheld: bool):
    """
    @notice Decides a challenge. Only the arbiter may, within seven days of it.
    @dev Upheld: the root is revoked for ever and the bond credited to the challenger. Rejected: the
         bond is credited to the owner.
    @param epoch The root's epoch
    @param revision The root's revision
    @param upheld Whether the challenger is right
    """
    assert msg.sender == ARBITER, "not arbiter"
    assert block.timestamp < self._deadline(epoch, revision), "time over"
    self._close(epoch, revision, upheld, False)


@external
def timeOut(epoch: uint64, revision: uint32):
    """
    @notice Ends a challenge that the arbiter has not decided in seven days. Anyone may.
    @dev As if upheld: nobody is paid on a disputed root that nobody has judged, and the signers can
         post the next revision. The bond is credited to the challenger.
    @param epoch The root's epoch
    @param revision The root's revision
    """
    assert block.timestamp >= self._deadline(epoch, revision), "arbiter has time"
    self._close(epoch, revision, True, True)


@external
def withdraw(to: address):
    """
    @notice Pays out what the caller is credited with.
    @param to Where the wei go
    """
    amount: uint256 = self.credit[msg.sender]
    assert amount != 0, "no credit"
    assert to != empty(address), "zero address"
    self.credit[msg.sender] = 0
    log Withdrawn(account=msg.sender, to=to, amount=amount)
    # Last, with the credit gone: whatever the receiver calls finds nothing more to take.
    assert raw_call(to, b"", value=amount, revert_on_failure=False), "transfer failed"


# The owner

@external
def rotate(signers: DynArray[address, 32], threshold: uint256):
    """
    @notice Replaces the signers. Signatures made for the old set are void, posted roots stay.
    @param signers Ascending, distinct, not zero, 32 at most
    @param threshold How many of them must sign, exactly
    """
    self._onlyOwner()
    self._rotate(signers, threshold)


@external
def setCaps(unitCap: uint128, leafCap: uint64):
    """
    @notice Sets the limits. Epochs partly paid are held to the new one from here on.
    @param unitCap Micro units an epoch may be paid in all
    @param leafCap Leaves a root may have
    """
    self._onlyOwner()
    self._setCaps(unitCap, leafCap)


@external
def setSettler(settler: address):
    """
    @notice Names the one account that may consume: the network's payout contract.
    @param settler That account; zero for nobody
    """
    self._onlyOwner()
    self.settler = settler
    log SettlerSet(settler=settler)


@external
def pause():
    """
    @notice Stops postRoot, consume and supersede. Views, challenges and withdrawals go on.
    """
    self._onlyOwner()
    self._config |= PAUSED_BIT
    log PauseSet(paused=True)


@external
def unpause():
    """
    @notice Lets postRoot, consume and supersede run again.
    """
    self._onlyOwner()
    self._config &= ~PAUSED_BIT
    log PauseSet(paused=False)


@external
def transferOwnership(candidate: address):
    """
    @notice Offers ownership. Nothing changes until the candidate accepts.
    @param candidate The next owner; zero takes an offer back
    """
    self._onlyOwner()
    self.pendingOwner = candidate
    log OwnershipOffered(owner=msg.sender, candidate=candidate)


@external
def acceptOwnership():
    """
    @notice Takes ownership that was offered to the caller.
    """
    assert msg.sender == self.pendingOwner, "not candidate"
    log OwnershipTransferred(previous=self.owner, owner=msg.sender)
    self.owner = msg.sender
    self.pendingOwner = empty(address)


# Views

@external
@view
def rootOf(epoch: uint64, revision: uint32) -> RootView:
    """
    @notice What was posted under an epoch and revision.
    @param epoch The root's epoch
    @param revision The root's revision
    @return root, leafCount, postedAt, and status: 0 nothing posted, 1 in its window, 2 challenged,
            3 accepted, 4 revoked
    """
    place: uint256 = self._key(epoch, revision)
    word: uint256 = self._words[place]
    return RootView(
        root=self._roots[place],
        leafCount=convert((word >> 64) & MASK_64, uint64),
        postedAt=convert(word & MASK_64, uint64),
        status=self._status(word),
    )


@external
@view
def challengeOf(epoch: uint64, revision: uint32) -> ChallengeView:
    """
    @notice The open challenge of a root.
    @param epoch The root's epoch
    @param revision The root's revision
    @return challenger and the arbiter's deadline; zeros if none is open
    """
    place: uint256 = self._key(epoch, revision)
    since: uint256 = (self._words[place] >> 128) & MASK_64
    if since == 0:
        return empty(ChallengeView)
    return ChallengeView(challenger=self._challenger[place], deadline=since + ARBITER_TIME)


@external
@view
def supersededBy(epoch: uint64, leafHash: bytes32) -> bytes32:
    """
    @notice The leaf that stands in another's place.
    @param epoch The epoch of the leaf
    @param leafHash Its hash
    @return Its replacement's hash; zero if there is none, or its root was revoked
    """
    return self._marks[leafHash].by if self._replaced(epoch, leafHash) else empty(bytes32)


@external
@view
def unitsPaid(epoch: uint64) -> uint128:
    """
    @notice Micro units consumed as accepted in an epoch.
    @param epoch The epoch
    @return The sum, over all its revisions
    """
    return convert(self._epochs[epoch] & MASK_128, uint128)


@external
@view
def consumeFrom(epoch: uint64) -> uint256:
    """
    @notice Until when `consume` is refused for an epoch because corrections were posted.
    @param epoch The epoch
    @return Unix seconds; 0 if it has one revision
    """
    return self._epochs[epoch] >> 128


@external
@view
def signers() -> DynArray[address, 32]:
    """
    @notice The keys that may sign.
    @return Ascending
    """
    return self._signers


@external
@view
def paused() -> bool:
    """
    @notice Whether postRoot, consume and supersede are stopped.
    @return True if so
    """
    return self._config & PAUSED_BIT != 0


@external
@view
def threshold() -> uint256:
    """
    @notice How many signatures a root needs, exactly.
    @return k
    """
    return self._config & 255


@external
@view
def configCount() -> uint256:
    """
    @notice How many sets of signers there have been.
    @return 1 after deployment, one more with each rotation
    """
    return self._count()


@external
@view
def configDigest() -> bytes32:
    """
    @notice What binds a signature to this chain, contract and set of signers.
    @return keccak256(abi.encode(chainId, contract, configCount, threshold, signers))
    """
    return self._configDigest()


@external
@view
def domainSeparator() -> bytes32:
    """
    @notice The EIP-712 domain separator, of the chain as it calls itself now.
    @return keccak256 of the encoded domain
    """
    return self._domainSeparator()


# Inside

@internal
@pure
def _key(epoch: uint64, revision: uint32) -> uint256:
    return (convert(epoch, uint256) << 32) | convert(revision, uint256)


@internal
@view
def _status(word: uint256) -> uint8:
    if word == 0:
        return UNKNOWN
    if word & REVOKED_BIT != 0:
        return REVOKED
    if (word >> 128) != 0:
        return CHALLENGED
    if block.timestamp < (word & MASK_64) + WINDOW_SECONDS:
        return WINDOW
    return ACCEPTED


@internal
@pure
def _leafHash(leaf: Leaf) -> bytes32:
    # Twice, so that no inner node (64 bytes hashed once) can be passed off as a leaf.
    return keccak256(keccak256(abi_encode(leaf)))


@internal
@pure
def _climb(leaf: bytes32, proof: DynArray[bytes32, 32]) -> bytes32:
    node: bytes32 = leaf
    for sibling: bytes32 in proof:
        if convert(node, uint256) < convert(sibling, uint256):
            node = keccak256(abi_encode(node, sibling))
        else:
            node = keccak256(abi_encode(sibling, node))
    return node


@internal
@view
def _replaced(epoch: uint64, hash: bytes32) -> bool:
    if self._marks[hash].by == empty(bytes32):
        return False
    return self._marks[hash].roots & self._revoked[epoch] == 0


@internal
@view
def _replaces(leaf: Leaf, hash: bytes32) -> bool:
    return (
        self._marks[leaf.supersedes].by == hash and self._replaced(leaf.epoch, leaf.supersedes)
    )


@internal
@view
def _count() -> uint256:
    return self._config >> 9


@internal
@view
def _domainSeparator() -> bytes32:
    return keccak256(abi_encode(DOMAIN_TYPE_HASH, NAME_HASH, VERSION_HASH, chain.id, self))


@internal
@view
def _configDigest() -> bytes32:
    # Kept, because reading 32 signers costs more than all the rest; after a fork it is made anew.
    if chain.id == DEPLOY_CHAIN:
        return self._digest
    return self._makeDigest(self._count(), self._config & 255, self._signers)


@internal
@view
def _makeDigest(
    count: uint256, threshold: uint256, signers: DynArray[address, 32]
) -> bytes32:
    return keccak256(abi_encode(chain.id, self, count, threshold, signers))


@internal
@view
def _checkSignatures(digest: bytes32, config: uint256, signatures: Bytes[2080]):
    threshold: uint256 = config & 255
    assert len(signatures) == threshold * 65, "signature count"
    count: uint256 = config >> 9
    last: uint256 = 0
    for i: uint256 in range(threshold, bound=32):
        at: uint256 = i * 65
        s: uint256 = convert(extract32(signatures, at + 32), uint256)
        # The word that ends with the last byte.
        v: uint256 = convert(extract32(signatures, at + 33), uint256) & 255
        assert s <= HALF_ORDER, "signature s"
        assert v == 27 or v == 28, "signature v"
        signer: address = ecrecover(
            digest, v, convert(extract32(signatures, at), uint256), s
        )
        assert signer != empty(address), "signature invalid"
        assert self._member[signer] == count, "not a signer"
        assert convert(signer, uint256) > last, "signature order"
        last = convert(signer, uint256)


@internal
@view
def _deadline(epoch: uint64, revision: uint32) -> uint256:
    word: uint256 = self._words[self._key(epoch, revision)]
    assert self._status(word) == CHALLENGED, "no challenge"
    return ((word >> 128) & MASK_64) + ARBITER_TIME


@internal
def _close(epoch: uint64, revision: uint32, upheld: bool, timedOut: bool):
    place: uint256 = self._key(epoch, revision)
    word: uint256 = self._words[place] & MASK_128
    bondTo: address = self.owner
    if upheld:
        word |= REVOKED_BIT
        self._revoked[epoch] |= 1 << convert(revision, uint256)
        bondTo = self._challenger[place]
    self._words[place] = word
    self._challenger[place] = empty(address)
    self.credit[bondTo] += BOND
    log Resolved(
        epoch=epoch, revision=revision, upheld=upheld, timedOut=timedOut, bondTo=bondTo
    )


@internal
@view
def _onlyOwner():
    assert msg.sender == self.owner, "not owner"


@internal
def _rotate(signers: DynArray[address, 32], threshold: uint256):
    assert threshold != 0 and threshold <= len(signers), "threshold"
    count: uint256 = self._count() + 1
    last: uint256 = 0
    for signer: address in signers:
        assert convert(signer, uint256) > last, "signer order"
        last = convert(signer, uint256)
        self._member[signer] = count
    self._signers = signers
    self._config = (self._config & PAUSED_BIT) | (count << 9) | threshold
    self._digest = self._makeDigest(count, threshold, signers)
    log Rotated(configCount=count, threshold=threshold, signers=signers)


@internal
def _setCaps(unitCap: uint128, leafCap: uint64):
    self.unitCap = unitCap
    self.leafCap = leafCap
    log CapsSet(unitCap=unitCap, leafCap=leafCap)
