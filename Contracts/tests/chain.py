"""A chain in this process: py-evm under Prague rules, one block a transaction, its own clock."""

from typing import NamedTuple

from eth import constants
from eth.chains.base import MiningChain
from eth.consensus.noproof import NoProofConsensus
from eth.db.atomic import AtomicDB
from eth.db.backends.memory import MemoryDB
from eth.vm.forks import PragueVM
from eth_abi import decode, encode
from eth_account import Account
from eth_hash.auto import keccak
from eth_utils import to_canonical_address

START = 1_763_596_800
GAS_LIMIT = 30_000_000
FUNDS = 10**24


class Reverted(Exception):
    """A transaction or call that failed; its text is the contract's reason."""


class Receipt(NamedTuple):
    ok: bool
    gas: int
    output: bytes
    logs: list
    contract: bytes
    hash: bytes


def account(name: str):
    """A funded account: the same for the same name."""
    return Account.from_key(keccak(name.encode()))


def reason(output: bytes) -> str:
    if output[:4] == keccak(b"Error(string)")[:4]:
        return decode(["string"], output[4:])[0]
    return "without a reason"


def chain_class(chain_id: int):
    rules = PragueVM.configure(consensus_class=NoProofConsensus)
    return MiningChain.configure(
        "Chain", vm_configuration=((constants.GENESIS_BLOCK_NUMBER, rules),), chain_id=chain_id
    )


class Chain:
    def __init__(self, chain_id: int = 31337, funded=()):
        plain = {"nonce": 0, "code": b"", "storage": {}}
        state = {to_canonical_address(a): {"balance": FUNDS, **plain} for a in funded}
        genesis = {
            "difficulty": 0,
            "gas_limit": GAS_LIMIT,
            "timestamp": START,
            "coinbase": b"\x0c" * 20,
        }
        database = AtomicDB(MemoryDB())
        self.id = chain_id
        self.inner = chain_class(chain_id).from_genesis(database, genesis, state)
        self.next_time = START + 12

    def fork(self, chain_id: int) -> "Chain":
        """The same history, going on under another chain id."""
        other = object.__new__(Chain)
        other.id = chain_id
        store = self.inner.chaindb.db.wrapped_db.kv_store
        other.inner = chain_class(chain_id)(AtomicDB(MemoryDB(dict(store))))
        other.next_time = self.next_time
        return other

    def travel(self, seconds: int):
        self.next_time += seconds

    def travel_to(self, time: int):
        assert time > self.inner.get_canonical_head().timestamp
        self.next_time = time

    def pending(self):
        """The machine at the state as it is, for the next block's time."""
        # mine_all(timestamp=...) would run the transactions at the wall clock's time.
        self.inner.header = self.inner.header.copy(timestamp=self.next_time)
        return self.inner.get_vm(self.inner.header)

    def balance(self, address) -> int:
        return self.pending().state.get_balance(to_canonical_address(address))

    def nonce(self, address) -> int:
        return self.pending().state.get_nonce(to_canonical_address(address))

    def code(self, address) -> bytes:
        return self.pending().state.get_code(to_canonical_address(address))

    def base_fee(self) -> int:
        return self.pending().state.base_fee

    def sign(self, sender, to, data: bytes = b"", value: int = 0, gas: int = 15_000_000) -> bytes:
        return bytes(
            sender.sign_transaction(
                {
                    "type": 2,
                    "chainId": self.id,
                    "nonce": self.nonce(sender.address),
                    "maxPriorityFeePerGas": 0,
                    "maxFeePerGas": 10**12,
                    "gas": gas,
                    "value": value,
                    "data": data,
                    **({"to": to} if to else {}),
                }
            ).raw_transaction
        )

    def apply(self, raw: bytes) -> Receipt:
        """Mines one signed transaction in a block of its own, failed or not."""
        vm = self.pending()
        transaction = vm.get_transaction_builder().decode(raw)
        before = self.inner.header
        try:
            _, receipt, computation = self.inner.apply_transaction(transaction)
        except Exception:
            self.inner.header = before
            raise
        self.inner.mine_block()
        self.next_time += 12
        return Receipt(
            ok=computation.is_success,
            gas=receipt.gas_used,
            output=bytes(computation.output),
            logs=list(receipt.logs),
            contract=computation.msg.storage_address if not transaction.to else b"",
            hash=transaction.hash,
        )

    def send(self, sender, to, data: bytes = b"", value: int = 0) -> Receipt:
        receipt = self.apply(self.sign(sender, to, data, value))
        if not receipt.ok:
            raise Reverted(reason(receipt.output))
        return receipt

    def call(self, to, data: bytes, sender=b"\x01" * 20, value: int = 0):
        """(succeeded, output, gas used) on the state as it is, at the next block's time."""
        vm = self.pending()
        to, sender = to_canonical_address(to), to_canonical_address(sender)
        computation = vm.execute_bytecode(
            origin=sender,
            gas_price=0,
            gas=GAS_LIMIT,
            to=to,
            sender=sender,
            value=value,
            data=data,
            code=vm.state.get_code(to),
        )
        return computation.is_success, bytes(computation.output), computation.get_gas_used()


class Contract:
    """A deployed contract, called by the names in its ABI."""

    def __init__(self, chain: Chain, address: bytes, abi: list):
        self.chain, self.address = chain, address
        self.functions = {e["name"]: e for e in abi if e["type"] == "function"}
        self.events = {keccak(signature(e)): e for e in abi if e["type"] == "event"}

    @classmethod
    def deploy(cls, chain: Chain, sender, compiled, *arguments):
        constructor = next(e for e in compiled["abi"] if e["type"] == "constructor")
        data = bytes.fromhex(compiled["bytecode"][2:]) + encode(types(constructor), arguments)
        receipt = chain.send(sender, None, data)
        contract = cls(chain, receipt.contract, compiled["abi"])
        contract.deploy_gas = receipt.gas
        return contract

    def data(self, name: str, *arguments) -> bytes:
        entry = self.functions[name]
        return keccak(signature(entry))[:4] + encode(types(entry), arguments)

    def send(self, sender, name: str, *arguments, value: int = 0) -> Receipt:
        return self.chain.send(sender, self.address, self.data(name, *arguments), value)

    def read(self, name: str, *arguments):
        """One value is given as it is, more as a tuple."""
        ok, output, _ = self.chain.call(self.address, self.data(name, *arguments))
        if not ok:
            raise Reverted(reason(output))
        values = decode([abi_type(p) for p in self.functions[name]["outputs"]], output)
        return values[0] if len(values) == 1 else values

    def logs(self, receipt: Receipt) -> list:
        """(event name, {parameter: value}) of every log entry of this contract."""
        return [self._log(entry) for entry in receipt.logs if entry.address == self.address]

    def _log(self, entry):
        event = self.events[entry.topics[0].to_bytes(32, "big")]
        indexed = [p for p in event["inputs"] if p["indexed"]]
        others = [p for p in event["inputs"] if not p["indexed"]]
        values = {
            p["name"]: decode([abi_type(p)], topic.to_bytes(32, "big"))[0]
            for p, topic in zip(indexed, entry.topics[1:])
        }
        decoded = decode([abi_type(p) for p in others], entry.data)
        return event["name"], values | {p["name"]: v for p, v in zip(others, decoded)}


def abi_type(parameter) -> str:
    if not parameter["type"].startswith("tuple"):
        return parameter["type"]
    inside = ",".join(abi_type(p) for p in parameter["components"])
    return f"({inside}){parameter['type'][5:]}"


def types(entry) -> list:
    return [abi_type(p) for p in entry["inputs"]]


def signature(entry) -> bytes:
    return f"{entry['name']}({','.join(types(entry))})".encode()
