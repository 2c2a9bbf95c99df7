"""The in-process chain behind Ethereum's JSON-RPC, for programs that post roots.

As a program it puts a registry on a fresh chain, prints one line of JSON that says where it is and
which key has money, and serves until its standard input ends:

    python rpc.py --signers 0xADDRESS,0xADDRESS --threshold 2
"""

import argparse
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from chain import Chain, account, reason
from eth.estimators.gas import binary_gas_search_exact
from eth.vm.spoof import SpoofTransaction
from eth_utils import ValidationError, to_canonical_address, to_checksum_address


class RPCError(Exception):
    def __init__(self, code: int, message: str, data=None):
        super().__init__(message)
        self.body = {"code": code, "message": message} | ({"data": data} if data else {})


def quantity(number: int) -> str:
    return hex(number)


def blob(data: bytes) -> str:
    return "0x" + data.hex()


def unblob(text) -> bytes:
    return bytes.fromhex((text or "0x")[2:])


class Methods:
    """One method a JSON-RPC method; what it takes and gives is what nodes take and give."""

    def __init__(self, chain: Chain):
        self.chain = chain
        self.receipts = {}

    def eth_chainId(self):
        return quantity(self.chain.id)

    def net_version(self):
        return str(self.chain.id)

    def eth_blockNumber(self):
        return quantity(self.chain.inner.get_canonical_head().block_number)

    def eth_getTransactionCount(self, address, block="latest"):
        return quantity(self.chain.nonce(address))

    def eth_getBalance(self, address, block="latest"):
        return quantity(self.chain.balance(address))

    def eth_getCode(self, address, block="latest"):
        return blob(self.chain.code(address))

    def eth_gasPrice(self):
        return quantity(self.chain.base_fee() + 1)

    def eth_maxPriorityFeePerGas(self):
        return quantity(1)

    def eth_getBlockByNumber(self, block, full=False):
        if block in ("latest", "pending", "safe", "finalized"):
            header = self.chain.inner.get_canonical_head()
        elif (number := 0 if block == "earliest" else int(block, 16)) <= int(
            self.eth_blockNumber(), 16
        ):
            header = self.chain.inner.get_canonical_block_header_by_number(number)
        else:
            return None
        return {
            "number": quantity(header.block_number),
            "hash": blob(header.hash),
            "parentHash": blob(header.parent_hash),
            "stateRoot": blob(header.state_root),
            "miner": to_checksum_address(header.coinbase),
            "timestamp": quantity(header.timestamp),
            "gasLimit": quantity(header.gas_limit),
            "gasUsed": quantity(header.gas_used),
            "baseFeePerGas": quantity(header.base_fee_per_gas),
            "transactions": [
                h for h, r in self.receipts.items() if r["blockHash"] == blob(header.hash)
            ],
        }

    def eth_call(self, call, block="latest"):
        if block not in ("latest", "pending"):
            raise RPCError(-32602, "only the latest state is kept")
        ok, output, _ = self.chain.call(
            call["to"],
            unblob(call.get("data") or call.get("input")),
            call.get("from") or "0x" + "00" * 20,
            int(call.get("value", "0x0"), 16),
        )
        if not ok:
            raise RPCError(3, f"execution reverted: {reason(output)}", blob(output))
        return blob(output)

    def eth_estimateGas(self, call, block="latest"):
        vm = self.chain.pending()
        sender = to_canonical_address(call.get("from") or "0x" + "00" * 20)
        unsigned = vm.create_unsigned_transaction(
            nonce=vm.state.get_nonce(sender),
            gas_price=vm.state.base_fee,
            gas=vm.state.gas_limit,
            to=to_canonical_address(call["to"]) if call.get("to") else b"",
            value=int(call.get("value", "0x0"), 16),
            data=unblob(call.get("data") or call.get("input")),
        )
        transaction = SpoofTransaction(unsigned, from_=sender)
        # An estimate costs nothing, so the sender need not have the gas; the value he must have.
        vm.state.delta_balance(sender, vm.state.gas_limit * vm.state.base_fee)
        snapshot = vm.state.snapshot()
        try:
            computation = vm.state.apply_transaction(transaction)
        except ValidationError as error:
            raise RPCError(-32000, str(error)) from error
        vm.state.revert(snapshot)
        if not computation.is_success:
            output = bytes(computation.output)
            raise RPCError(3, f"execution reverted: {reason(output)}", blob(output))
        return quantity(binary_gas_search_exact(vm.state, transaction))

    def eth_sendRawTransaction(self, raw):
        try:
            transaction = self.chain.pending().get_transaction_builder().decode(unblob(raw))
            sender = transaction.sender
            receipt = self.chain.apply(unblob(raw))
        except Exception as error:
            raise RPCError(-32000, str(error) or type(error).__name__) from error
        block = self.chain.inner.get_canonical_head()
        place = {
            "transactionHash": blob(receipt.hash),
            "transactionIndex": "0x0",
            "blockHash": blob(block.hash),
            "blockNumber": quantity(block.block_number),
        }
        self.receipts[blob(receipt.hash)] = place | {
            "status": quantity(receipt.ok),
            "from": to_checksum_address(sender),
            "to": to_checksum_address(transaction.to) if transaction.to else None,
            "contractAddress": to_checksum_address(receipt.contract) if receipt.contract else None,
            "gasUsed": quantity(receipt.gas),
            "cumulativeGasUsed": quantity(receipt.gas),
            "effectiveGasPrice": quantity(block.base_fee_per_gas),
            "type": quantity(unblob(raw)[0] if unblob(raw)[0] < 0x80 else 0),
            "logs": [
                place
                | {
                    "address": to_checksum_address(log.address),
                    "topics": [f"0x{topic:064x}" for topic in log.topics],
                    "data": blob(log.data),
                    "logIndex": quantity(i),
                    "removed": False,
                }
                for i, log in enumerate(receipt.logs)
            ],
        }
        return blob(receipt.hash)

    def eth_getTransactionReceipt(self, hash):
        return self.receipts.get(hash.lower())

    def eth_getTransactionByHash(self, hash):
        receipt = self.receipts.get(hash.lower())
        return receipt and {
            "hash": receipt["transactionHash"],
            "blockNumber": receipt["blockNumber"],
            "from": receipt["from"],
            "to": receipt["to"],
        }

    def evm_increaseTime(self, seconds):
        """As development chains have it, so that a test can end a challenge window."""
        self.chain.travel(int(seconds, 16) if isinstance(seconds, str) else seconds)
        return True

    def answer(self, request) -> dict:
        answer = {"jsonrpc": "2.0", "id": None}
        try:
            if not isinstance(request, dict) or not isinstance(request.get("method"), str):
                raise RPCError(-32600, "not a request")
            answer["id"] = request.get("id")
            name = request["method"]
            if not name.startswith(("eth_", "net_", "evm_")) or not hasattr(self, name):
                raise RPCError(-32601, f"the method {name} does not exist")
            try:
                return answer | {"result": getattr(self, name)(*request.get("params", []))}
            except (TypeError, ValueError, KeyError, AttributeError) as error:
                raise RPCError(-32602, f"invalid parameters: {error}") from error
        except RPCError as error:
            return answer | {"error": error.body}


class Server:
    """`with Server(chain) as server:` serves the chain at server.url."""

    def __init__(self, chain: Chain):
        methods, lock = Methods(chain), threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                try:
                    request = json.loads(body)
                except ValueError:
                    answer = {"code": -32700, "message": "not JSON"}
                    answer = {"jsonrpc": "2.0", "id": None, "error": answer}
                else:
                    with lock:
                        answer = (
                            [methods.answer(r) for r in request]
                            if isinstance(request, list)
                            else methods.answer(request)
                        )
                data = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def main():
    from registry import ARBITER, BOND, LEAF_CAP, OWNER, PEOPLE, SETTLER, UNIT_CAP, WINDOW
    from registry import Registry, compiled

    parser = argparse.ArgumentParser(description="A registry on a chain in this process.")
    parser.add_argument("--signers", required=True, help="addresses, with commas between them")
    parser.add_argument("--threshold", type=int, default=1)
    parser.add_argument("--chain-id", type=int, default=31337)
    parser.add_argument("--window", type=int, default=WINDOW, help="seconds")
    parser.add_argument("--unit-cap", type=int, default=UNIT_CAP, help="micro units an epoch")
    options = parser.parse_args()

    signers = sorted(options.signers.split(","), key=lambda address: int(address, 16))
    poster = account("poster")
    chain = Chain(options.chain_id, [poster.address, *(p.address for p in PEOPLE)])
    registry = Registry.deploy(
        chain, OWNER, compiled(), signers, options.threshold, ARBITER.address, options.window,
        BOND, options.unit_cap, LEAF_CAP,
    )  # fmt: skip
    registry.send(OWNER, "setSettler", SETTLER.address)
    people = {"poster": poster, "owner": OWNER, "arbiter": ARBITER, "settler": SETTLER}
    with Server(chain) as server:
        place = {
            "url": server.url,
            "chain_id": options.chain_id,
            "contract": to_checksum_address(registry.address),
            "config_digest": blob(registry.read("configDigest")),
            "keys": {name: blob(bytes(person.key)) for name, person in people.items()},
        }
        print(json.dumps(place), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
