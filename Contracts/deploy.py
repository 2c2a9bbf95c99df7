"""Deploys the registry through a node's JSON-RPC and prints the configuration that Assay signs for.

The key file holds the deployer's secp256k1 key as 64 hexadecimal digits. The deployer becomes the
owner; hand ownership to a multi-signature account afterwards with transferOwnership.
"""

import argparse
import json
import sys
import time
import urllib.request
from pathlib import Path

from eth_abi import decode, encode
from eth_account import Account
from eth_hash.auto import keccak
from eth_utils import to_checksum_address
from vyper import compile_code

SOURCE = Path(__file__).parent / "VerdictRegistry.vy"
KINDS = ["address[]", "uint256", "address", "uint256", "uint256", "uint128", "uint64"]
DIGEST_KINDS = ["uint256", "address", "uint256", "uint256", "address[]"]


class Node:
    def __init__(self, url: str):
        self.url = url

    def ask(self, method: str, *params):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        request = urllib.request.Request(
            self.url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            answer = json.load(reply)
        if "error" in answer:
            sys.exit(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def fees(self) -> dict:
        """A transaction with a base fee where the chain has one, else a legacy one."""
        base = self.ask("eth_getBlockByNumber", "latest", False).get("baseFeePerGas")
        if base is None:
            return {"gasPrice": int(self.ask("eth_gasPrice"), 16)}
        tip = int(self.ask("eth_maxPriorityFeePerGas"), 16)
        fee = 2 * int(base, 16) + tip
        return {"type": 2, "maxPriorityFeePerGas": tip, "maxFeePerGas": fee}

    def send(self, sender, call: dict) -> dict:
        call = {"from": sender.address} | call
        transaction = self.fees() | {
            "chainId": int(self.ask("eth_chainId"), 16),
            "nonce": int(self.ask("eth_getTransactionCount", sender.address, "pending"), 16),
            "gas": int(self.ask("eth_estimateGas", call), 16) * 11 // 10,
            "value": 0,
            **{name: call[name] for name in ("to", "data") if name in call},
        }
        raw = sender.sign_transaction(transaction).raw_transaction
        hash = self.ask("eth_sendRawTransaction", "0x" + raw.hex())
        for _ in range(150):
            if receipt := self.ask("eth_getTransactionReceipt", hash):
                if int(receipt["status"], 16) != 1:
                    sys.exit(f"transaction {hash} failed")
                return receipt
            time.sleep(2)
        sys.exit(f"transaction {hash} is not mined after five minutes")


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rpc", required=True, help="URL of a node")
    parser.add_argument("--key", required=True, type=Path, help="file with the deployer's key")
    parser.add_argument("--signers", required=True, help="addresses, with commas between them")
    parser.add_argument("--threshold", required=True, type=int)
    parser.add_argument("--arbiter", required=True, help="address")
    parser.add_argument("--window", required=True, type=int, help="seconds")
    parser.add_argument("--bond", required=True, type=int, help="wei")
    parser.add_argument("--unit-cap", required=True, type=int, help="micro units an epoch")
    parser.add_argument("--leaf-cap", required=True, type=int, help="leaves a root")
    parser.add_argument("--settler", help="address of the network's payout contract")
    return parser.parse_args()


def main():
    given = options()
    node = Node(given.rpc)
    sender = Account.from_key(given.key.read_text().strip())
    signers = sorted(
        (to_checksum_address(text) for text in given.signers.split(",")), key=lambda a: int(a, 16)
    )
    values = (signers, given.threshold, given.arbiter, given.window, given.bond, given.unit_cap,
              given.leaf_cap)  # fmt: skip
    code = compile_code(SOURCE.read_text(), output_formats=["bytecode"])["bytecode"]
    receipt = node.send(sender, {"data": code + encode(KINDS, values).hex()})
    contract = to_checksum_address(receipt["contractAddress"])
    if given.settler:
        data = keccak(b"setSettler(address)")[:4] + encode(["address"], [given.settler])
        node.send(sender, {"to": contract, "data": "0x" + data.hex()})

    chain_id = int(node.ask("eth_chainId"), 16)
    read = {"to": contract, "data": "0x" + keccak(b"configDigest()")[:4].hex()}
    [digest] = decode(["bytes32"], bytes.fromhex(node.ask("eth_call", read, "latest")[2:]))
    whole = encode(DIGEST_KINDS, (chain_id, contract, 1, given.threshold, signers))
    if digest != keccak(whole):
        sys.exit(f"the contract at {contract} gives another configuration digest than expected")
    print(
        json.dumps(
            {
                "chain_id": chain_id,
                "config_count": 1,
                "contract": contract,
                "signers": signers,
                "threshold": given.threshold,
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
