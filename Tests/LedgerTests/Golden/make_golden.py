"""Makes golden.json: what eth-account, eth-abi, rlp and pycryptodome say.

    python -m venv venv && venv/bin/pip install eth-account==0.14.0 eth-abi==6.0.0 rlp==5.0.0 \
        "eth-hash[pycryptodome]==0.8.0"
    venv/bin/python make_golden.py > golden.json

The output is the same in every run: all choices come from one seed.
"""

import json
import random
from importlib.metadata import version

import eth_abi
import rlp
from eth_account import Account
from eth_account.messages import _hash_eip191_message, encode_typed_data
from eth_utils import keccak, to_checksum_address

PACKAGES = ["eth-account", "eth-abi", "rlp", "eth-keys", "pycryptodome"]
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
SAFE = 2**53 - 1
LEAF = "(uint64,uint32,bytes32,bytes32,uint8,uint32,uint64,uint64,bytes32,bytes32)"

rng = random.Random(712)


def hexed(data):
    return "0x" + bytes(data).hex()


def random_bytes(count):
    return rng.randbytes(count)


def random_address():
    return to_checksum_address(random_bytes(20))


def some_integer(bits, signed=False):
    """Short and long numbers, and the ends of the range."""
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    number = rng.choice([low, high, 0, 1, rng.getrandbits(rng.randint(1, bits))])
    return max(low, min(high, number if not signed or rng.random() < 0.5 else -number))


def portable(value):
    """Integers that JSON readers might round, as text."""
    if isinstance(value, dict):
        return {key: portable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [portable(item) for item in value]
    if isinstance(value, bytes):
        return hexed(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > SAFE:
        return str(value)
    return value


def canonical(value):
    """JSON text as RFC 8785 has it, as long as names are ASCII."""
    return json.dumps(portable(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Keys and signatures


def keys():
    secrets = [1, 2, ORDER - 1, 2**255] + [rng.randrange(1, ORDER) for _ in range(12)]
    out = []
    for secret in secrets:
        account = Account.from_key(secret.to_bytes(32, "big"))
        signed = []
        for digest in [bytes(32), b"\xff" * 32] + [random_bytes(32) for _ in range(4)]:
            signature = Account._sign_hash(digest, account.key).signature
            signed.append({"digest": hexed(digest), "signature": hexed(signature)})
        out.append({"secret": hexed(account.key), "address": account.address, "signed": signed})
    return out


# Typed data


def typed_case(types, primary, domain, message):
    full = {"types": types, "primaryType": primary, "domain": domain, "message": message}
    signable = encode_typed_data(full_message=full)
    key = b"\x07" * 32
    return {
        "json": canonical(full),
        "domain_separator": hexed(signable.header),
        "message_hash": hexed(signable.body),
        "digest": hexed(_hash_eip191_message(signable)),
        "signature": hexed(Account.sign_message(signable, key).signature),
        "secret": hexed(key),
    }


DOMAIN_MEMBERS = [
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
    ("salt", "bytes32"),
]


def random_domain():
    values = {
        "name": "Δ " + hexed(random_bytes(3)),
        "version": str(rng.randint(1, 9)),
        "chainId": some_integer(256),
        "verifyingContract": random_address(),
        "salt": random_bytes(32),
    }
    chosen = [member for member in DOMAIN_MEMBERS if rng.random() < 0.7] or DOMAIN_MEMBERS[:1]
    return [{"name": n, "type": t} for n, t in chosen], {n: values[n] for n, _ in chosen}


def random_elementary():
    bits = 8 * rng.randint(1, 32)
    sized = [f"bytes{rng.randint(1, 32)}", f"uint{bits}", f"int{bits}"]
    return rng.choice(["bool", "address", "string", "bytes"] + sized)


def random_value(kind, types):
    if kind.endswith("]"):
        element, _, count = kind[:-1].rpartition("[")
        return [random_value(element, types) for _ in range(int(count or rng.randint(0, 3)))]
    if kind in types:
        return {member["name"]: random_value(member["type"], types) for member in types[kind]}
    if kind == "bool":
        return rng.random() < 0.5
    if kind == "address":
        return random_address()
    if kind == "string":
        return rng.choice(["", "plain", 'quote " and \\ and \n', "Δέλτα 🚀", "x" * 200])
    if kind == "bytes":
        return random_bytes(rng.choice([0, 1, 31, 32, 33, 200]))
    if kind.startswith("bytes"):
        return random_bytes(int(kind[5:]))
    if kind.startswith("uint"):
        return some_integer(int(kind[4:]))
    return some_integer(int(kind[3:]), signed=True)


def reachable(name, types):
    """eth-account refuses types that nothing refers to."""
    found = [name]
    for known in found:
        kinds = [member["type"].partition("[")[0] for member in types[known]]
        found += [kind for kind in dict.fromkeys(kinds) if kind in types and kind not in found]
    return found


def random_typed_case():
    """Structs that refer to earlier ones only, so that values end."""
    names = rng.sample(["Alpha", "Beta", "Gamma", "a_Node", "Zeta$1"], rng.randint(1, 5))
    types = {}
    for name in names:
        members = []
        for index in range(rng.randint(1, 6)):
            kind = rng.choice(list(types)) if types and rng.random() < 0.4 else random_elementary()
            for _ in range(rng.choice([0, 0, 0, 1, 2])):
                kind += rng.choice(["[]", f"[{rng.randint(1, 3)}]"])
            members.append({"name": f"m{index}", "type": kind})
        types[name] = members
    members, domain = random_domain()
    message = random_value(names[-1], types)
    types = {name: types[name] for name in reachable(names[-1], types)}
    return typed_case({"EIP712Domain": members, **types}, names[-1], domain, message)


# eth-account refuses a primary type that another type refers to, so trees are wrapped.
TREE_TYPES = {
    "EIP712Domain": [{"name": "name", "type": "string"}],
    "Tree": [{"name": "label", "type": "string"}, {"name": "children", "type": "Tree[]"}],
    "Forest": [{"name": "trees", "type": "Tree[]"}],
}


def tree(depth):
    return {"label": f"depth {depth}", "children": [tree(depth - 1) for _ in range(depth)]}


ROOT_MEMBERS = [
    ("epoch", "uint64"),
    ("revision", "uint32"),
    ("root", "bytes32"),
    ("leafCount", "uint64"),
    ("manifestHash", "bytes32"),
    ("parent", "bytes32"),
    ("configDigest", "bytes32"),
]


def verdict_root_case(index):
    types = {
        "EIP712Domain": [{"name": n, "type": t} for n, t in DOMAIN_MEMBERS[:4]],
        "VerdictRoot": [{"name": n, "type": t} for n, t in ROOT_MEMBERS],
    }
    domain = {
        "name": "DePIN Verdict Registry",
        "version": "1",
        "chainId": [1, 31337, 420042, 2**64 - 1][index % 4],
        "verifyingContract": random_address(),
    }
    message = {n: random_value(t, types) for n, t in ROOT_MEMBERS}
    return typed_case(types, "VerdictRoot", domain, message)


def typed_data():
    trees = {"trees": [tree(2), tree(1), tree(3)]}
    return {
        "general": [typed_case(TREE_TYPES, "Forest", {"name": "trees"}, trees)]
        + [random_typed_case() for _ in range(40)],
        "roots": [verdict_root_case(index) for index in range(8)],
    }


# ABI


def random_abi_type(depth=0):
    choice = rng.random()
    if depth < 3 and choice < 0.2:
        return random_abi_type(depth + 1) + rng.choice(["[]", f"[{rng.randint(1, 3)}]"])
    if depth < 3 and choice < 0.4:
        return "(" + ",".join(random_abi_type(depth + 1) for _ in range(rng.randint(1, 4))) + ")"
    return random_elementary()


def split_tuple(text):
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return parts + [text[start:]]


def abi_value(kind):
    """A random value for eth-abi, and its shape without type names."""
    if kind.endswith("]"):
        element, _, count = kind[:-1].rpartition("[")
        pairs = [abi_value(element) for _ in range(int(count or rng.randint(0, 3)))]
        return [p[0] for p in pairs], {"tuple" if count else "array": [p[1] for p in pairs]}
    if kind.startswith("("):
        pairs = [abi_value(part) for part in split_tuple(kind[1:-1])]
        return tuple(p[0] for p in pairs), {"tuple": [p[1] for p in pairs]}
    value = random_value(kind, {})
    if kind in ("string", "bytes"):
        return value, {"bytes": hexed(value.encode() if kind == "string" else value)}
    return value, {"word": hexed(eth_abi.encode([kind], [value]))}


def abi_cases():
    cases = []
    for _ in range(60):
        kinds = [random_abi_type() for _ in range(rng.randint(0, 5))]
        pairs = [abi_value(kind) for kind in kinds]
        encoded = eth_abi.encode(kinds, [p[0] for p in pairs])
        cases.append({"types": kinds, "shape": [p[1] for p in pairs], "encoded": hexed(encoded)})
    return cases


# Merkle trees


def tree_root(leaves):
    """The root of OpenZeppelin's StandardMerkleTree, from its definition."""
    nodes = [b""] * (len(leaves) - 1) + sorted(leaves, reverse=True)
    for index in reversed(range(len(leaves) - 1)):
        nodes[index] = keccak(b"".join(sorted(nodes[2 * index + 1 : 2 * index + 3])))
    return nodes[0]


def trees():
    """Leaf i is the double hash of the four bytes of i, low byte first."""
    leaves = [keccak(keccak(index.to_bytes(4, "little"))) for index in range(5001)]
    counts = [2047, 2048, 2049, 4096, 4097, 5001]
    return [{"count": count, "root": hexed(tree_root(leaves[:count]))} for count in counts]


# RLP and transactions


def random_item(depth=0):
    if depth < 4 and rng.random() < 0.4:
        return [random_item(depth + 1) for _ in range(rng.choice([0, 1, 2, 4]))]
    return random_bytes(rng.choice([0, 1, 1, 2, 32, 55, 56, 57, 256]))


def rlp_cases():
    items = [bytes([byte]) for byte in (0, 1, 0x7F, 0x80, 0xFF)] + [random_bytes(257)]
    items += [random_item() for _ in range(30)]
    return [{"item": portable(item), "encoded": hexed(rlp.encode(item))} for item in items]


def transaction_cases():
    cases = []
    for index in range(24):
        key = random_bytes(32)
        fields = {
            "chainId": rng.choice([1, 10, 31337, 2**32 + 5]),
            "nonce": some_integer(32),
            "gas": rng.randint(21_000, 2**40),
            "value": some_integer(96),
            "data": random_bytes(rng.choice([0, 1, 4, 55, 56, 1000])),
        }
        to = random_bytes(20) if index % 4 else b""
        fields["to"] = to_checksum_address(to) if to else b""
        if index % 2:
            fields["gasPrice"] = some_integer(63)
        else:
            fields["maxFeePerGas"] = rng.getrandbits(60)
            fields["maxPriorityFeePerGas"] = rng.randint(0, fields["maxFeePerGas"])
            fields["type"] = 2
        signed = Account.sign_transaction(fields, key)
        out = {name: str(value) for name, value in fields.items() if isinstance(value, int)}
        out |= {
            "data": hexed(fields["data"]),
            "to": hexed(to),
            "secret": hexed(key),
            "raw": hexed(signed.raw_transaction),
            "hash": hexed(signed.hash),
            "sender": Account.from_key(key).address,
        }
        cases.append(out)
    return cases


# The registry


def random_leaf():
    kinds = split_tuple(LEAF[1:-1])
    leaf = [random_value(kind, {}) for kind in kinds]
    leaf[4] = rng.choice([0, 1, 2, 255])
    return tuple(leaf)


def call(signature, values):
    kinds = split_tuple(signature[signature.index("(") + 1 : -1]) if values else []
    return hexed(keccak(signature.encode())[:4] + eth_abi.encode(kinds, values))


def registry():
    leaf, old = random_leaf(), random_leaf()
    proof = [random_bytes(32) for _ in range(20)]
    root = [random_value(kind, {}) for _, kind in ROOT_MEMBERS]
    signatures = random_bytes(65 * 3)
    epoch, revision = 20_412, 3
    calls = {
        "postRoot": (
            "postRoot(uint64,uint32,bytes32,uint64,bytes32,bytes32,bytes)",
            root[:6] + [signatures],
        ),
        "verify": (f"verify({LEAF},uint32,bytes32[])", [leaf, revision, proof]),
        "consume": (f"consume({LEAF},uint32,bytes32[])", [leaf, revision, []]),
        "supersede": (
            f"supersede({LEAF},uint32,bytes32[],{LEAF})",
            [leaf, revision, proof, old],
        ),
        "challenge": ("challenge(uint64,uint32)", [epoch, revision]),
        "resolve": ("resolve(uint64,uint32,bool)", [epoch, revision, True]),
        "timeOut": ("timeOut(uint64,uint32)", [epoch, revision]),
        "rootOf": ("rootOf(uint64,uint32)", [epoch, revision]),
        "supersededBy": ("supersededBy(uint64,bytes32)", [epoch, proof[0]]),
        "consumed": ("consumed(bytes32)", [proof[0]]),
        "consumeFrom": ("consumeFrom(uint64)", [epoch]),
    }
    for name in ["head", "nextEpoch", "configDigest", "configCount", "threshold", "signers"]:
        calls[name] = (f"{name}()", [])
    calls["domainSeparator"] = ("domainSeparator()", [])
    return {
        "leaf": [portable(str(v) if isinstance(v, int) else v) for v in leaf],
        "old": [portable(str(v) if isinstance(v, int) else v) for v in old],
        "proof": portable(proof),
        "root": [portable(str(v) if isinstance(v, int) else v) for v in root],
        "signatures": hexed(signatures),
        "epoch": str(epoch),
        "revision": str(revision),
        "calls": {name: call(*parts) for name, parts in calls.items()},
    }


def configurations():
    cases = []
    kinds = ["uint256", "address", "uint256", "uint256", "address[]"]
    for count in [1, 2, 3, 5, 7, 32]:
        signers = [to_checksum_address(a) for a in sorted(random_bytes(20) for _ in range(count))]
        chain, contract = rng.choice([1, 10, 2**63]), random_address()
        settings, threshold = rng.randint(1, 2**40), rng.randint(1, count)
        encoded = eth_abi.encode(kinds, [chain, contract, settings, threshold, signers])
        cases.append(
            {
                "json": canonical(
                    {
                        "chain_id": chain,
                        "config_count": settings,
                        "contract": contract,
                        "signers": signers,
                        "threshold": threshold,
                    }
                ),
                "digest": hexed(keccak(encoded)),
            }
        )
    return cases


def main():
    golden = {
        "made_with": {name: version(name) for name in PACKAGES},
        "addresses": [random_address() for _ in range(40)],
        "keys": keys(),
        "typed_data": typed_data(),
        "abi": abi_cases(),
        "rlp": rlp_cases(),
        "transactions": transaction_cases(),
        "trees": trees(),
        "registry": registry(),
        "configurations": configurations(),
    }
    print(json.dumps(golden, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


if __name__ == "__main__":
    main()
