"""The JSON-RPC server answers as a node does, over a real socket."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from eth_utils import to_checksum_address
from registry import *
from rpc import Server

TREE = Tree(leaves())


@pytest.fixture
def node(registry):
    with Server(registry.chain) as server:

        def ask(method, *params):
            body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": list(params)}
            return exchange(server.url, json.dumps(body).encode())

        ask.url = server.url
        yield ask


def exchange(url, body: bytes):
    with urllib.request.urlopen(url, body) as answer:
        return json.load(answer)


def post_data(registry) -> bytes:
    message = registry.message(TREE)
    return registry.data("postRoot", *registry.arguments(message, registry.sign(message)))


def test_a_root_is_posted_and_observed(registry, node):
    data = post_data(registry)
    call = {"from": ANYONE.address, "to": to_checksum_address(registry.address)}
    gas = int(node("eth_estimateGas", call | {"data": "0x" + data.hex()})["result"], 16)
    block = node("eth_getBlockByNumber", "latest", False)["result"]
    tip = int(node("eth_maxPriorityFeePerGas")["result"], 16)
    assert node("eth_getTransactionReceipt", "0x" + "00" * 32)["result"] is None
    transaction = {
        "type": 2,
        "chainId": int(node("eth_chainId")["result"], 16),
        "nonce": int(node("eth_getTransactionCount", ANYONE.address, "pending")["result"], 16),
        "maxPriorityFeePerGas": tip,
        "maxFeePerGas": 2 * int(block["baseFeePerGas"], 16) + tip,
        "gas": gas,
        "to": to_checksum_address(registry.address),
        "value": 0,
        "data": data,
    }
    raw = ANYONE.sign_transaction(transaction).raw_transaction
    hash = node("eth_sendRawTransaction", "0x" + raw.hex())["result"]
    receipt = node("eth_getTransactionReceipt", hash)["result"]
    assert receipt["status"] == "0x1" and int(receipt["gasUsed"], 16) <= gas
    assert receipt["blockNumber"] == node("eth_blockNumber")["result"]
    assert receipt["type"] == "0x2" and receipt["to"] == call["to"]
    [log] = receipt["logs"]
    assert int(log["topics"][1], 16) == EPOCH and log["topics"][3] == (
        "0x" + registry.read("head").hex()
    )
    assert [hash] == node("eth_getBlockByNumber", receipt["blockNumber"])["result"]["transactions"]
    read = call | {"data": "0x" + registry.data("head").hex()}
    assert node("eth_call", read, "latest")["result"] == log["topics"][3]


def test_a_legacy_transaction_is_taken_too(registry, node):
    transaction = {
        "chainId": registry.chain.id, "nonce": registry.chain.nonce(ANYONE.address),
        "gasPrice": int(node("eth_gasPrice")["result"], 16), "gas": 300_000, "value": 0,
        "to": to_checksum_address(registry.address), "data": post_data(registry),
    }  # fmt: skip
    raw = ANYONE.sign_transaction(transaction).raw_transaction
    hash = node("eth_sendRawTransaction", "0x" + raw.hex())["result"]
    receipt = node("eth_getTransactionReceipt", hash)["result"]
    assert (receipt["status"], receipt["type"]) == ("0x1", "0x0")


def test_the_estimate_is_enough_and_one_less_is_not(registry, node):
    data = post_data(registry)
    call = {"from": ANYONE.address, "to": to_checksum_address(registry.address)}
    gas = int(node("eth_estimateGas", call | {"data": "0x" + data.hex()})["result"], 16)
    for limit, status in ((gas - 1, "0x0"), (gas, "0x1")):
        raw = registry.chain.sign(ANYONE, registry.address, data, gas=limit)
        hash = node("eth_sendRawTransaction", "0x" + raw.hex())["result"]
        assert node("eth_getTransactionReceipt", hash)["result"]["status"] == status


def test_a_revert_is_told_with_its_reason_and_mined_as_failed(registry, node):
    data = post_data(registry)
    call = {"to": to_checksum_address(registry.address), "data": "0x" + data.hex()}
    registry.post(TREE)
    for method in ("eth_call", "eth_estimateGas"):
        error = node(method, call)["error"]
        assert (error["code"], error["message"]) == (3, "execution reverted: epoch order")
        assert error["data"].startswith("0x08c379a0")
    raw = registry.chain.sign(ANYONE, registry.address, data)
    hash = node("eth_sendRawTransaction", "0x" + raw.hex())["result"]
    assert node("eth_getTransactionReceipt", hash)["result"]["status"] == "0x0"


def test_an_estimate_takes_no_gas_money_but_the_value(registry, node):
    registry.post(TREE)
    data = "0x" + registry.data("challenge", EPOCH, 0).hex()
    call = {"to": to_checksum_address(registry.address), "data": data, "value": hex(BOND)}
    assert node("eth_estimateGas", call)["error"]["code"] == -32000
    assert "result" in node("eth_estimateGas", call | {"from": CHALLENGER.address})


def test_a_transaction_that_cannot_be_mined_is_an_error_and_changes_nothing(registry, node):
    raw = registry.chain.sign(ANYONE, registry.address, post_data(registry))
    assert "result" in node("eth_sendRawTransaction", "0x" + raw.hex())
    block = node("eth_blockNumber")
    for bad in ("0x" + raw.hex(), "0x02c0", "0x"):
        assert node("eth_sendRawTransaction", bad)["error"]["code"] == -32000
    assert node("eth_blockNumber") == block
    registry.post(TREE, EPOCH + 1)


def test_code_balance_and_time(registry, node):
    address = to_checksum_address(registry.address)
    assert len(node("eth_getCode", address, "latest")["result"]) > 10_000
    assert node("eth_getCode", ANYONE.address, "latest")["result"] == "0x"
    assert int(node("eth_getBalance", ANYONE.address, "latest")["result"], 16) == 10**24
    registry.post(TREE)
    node("evm_increaseTime", WINDOW)
    assert registry.status() == ACCEPTED


def test_errors_have_their_codes(node):
    assert node("eth_mining")["error"]["code"] == -32601
    assert node("__init__")["error"]["code"] == -32601
    assert node("eth_getCode")["error"]["code"] == -32602
    assert node("eth_call", {"to": "0x"})["error"]["code"] == -32602
    assert node("eth_getBlockByNumber", "0xffff")["result"] is None
    assert exchange(node.url, b"{")["error"]["code"] == -32700
    assert exchange(node.url, b"3")["error"]["code"] == -32600


def test_a_batch_is_answered_as_one(node):
    body = [{"jsonrpc": "2.0", "id": i, "method": "eth_chainId", "params": []} for i in (1, 2)]
    answers = exchange(node.url, json.dumps(body).encode())
    assert [(a["id"], a["result"]) for a in answers] == [(1, "0x7a69"), (2, "0x7a69")]


def test_the_program_serves_a_registry_until_its_input_ends():
    signers = ",".join(k.address for k in KEYS[:3])
    command = [sys.executable, Path(__file__).parent / "rpc.py", "--signers", signers]
    with subprocess.Popen(
        [*command, "--threshold", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        place = json.loads(program.stdout.readline())
        call = {"to": place["contract"], "data": "0x" + keccak(b"configDigest()")[:4].hex()}
        body = {"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": [call, "latest"]}
        answer = exchange(place["url"], json.dumps(body).encode())
        assert answer["result"] == place["config_digest"]
        program.stdin.close()
        assert program.wait(10) == 0
