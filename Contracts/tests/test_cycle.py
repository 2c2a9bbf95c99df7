"""From a night's log to money and back: `assay` and the contract together, each step as its people do it."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from chain import Chain, Reverted
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak
from registry import ARBITER, BOND, LEAF_CAP, OWNER, PEOPLE, SETTLER, WINDOW, Registry, compiled
from rpc import Server
from tree import Leaf, Tree

REPO = Path(__file__).resolve().parents[2]
ASSAY = os.environ.get("ASSAY_BIN", str(REPO / ".build/release/assay"))
PROFILE, SEED = "compute", "5"


def assay(*arguments, code=0, stdin=None):
    done = subprocess.run([ASSAY, *map(str, arguments)], capture_output=True, text=True, input=stdin)
    assert done.returncode == code, f"exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def result(*arguments, **options):
    return json.loads(assay(*arguments, "--json", **options))


def verdicts(bundle):
    return {
        v["node"]: v
        for shard in sorted((bundle / "verdicts").iterdir())
        for v in map(json.loads, gzip.decompress(shard.read_bytes()).splitlines())
    }


def root_file(bundle):
    return json.loads((bundle / "ledger/root.json").read_text())


def leaf_of(proof):
    """The proof's leaf, from its ten texts."""
    texts = proof["value"]
    values = [bytes.fromhex(t[2:]) if t.startswith("0x") else int(t) for t in texts]
    return Leaf(*values)


def tree_of(bundle):
    """The tree, built without Assay from the verdict lines."""
    bits = {r["code"]: r["bit"] for r in json.loads((bundle / "reasons.json").read_text())}
    codes = {"reject": 0, "accept": 1, "hold": 2, "abstain": 255}
    leaves = []
    for v in verdicts(bundle).values():
        hashes = [bytes.fromhex(v[k][2:]) for k in ("contribution", "subject", "evidence", "supersedes")]
        reasons = sum(1 << b for b in {bits[r["code"]] for r in v["reasons"]})
        leaves.append(
            Leaf(
                v["epoch"], v["seq"], hashes[0], hashes[1], codes[v["verdict"]], v["score_ppm"],
                reasons, v["units_micro"], hashes[2], hashes[3],
            )  # fmt: skip
        )
    return Tree(leaves)


class Office:
    """A network's night: a log, an output folder, two key holders, and a contract on a chain."""

    def __init__(self, folder):
        self.folder = folder
        assay("simulate", PROFILE, "--nodes", "200", "--epochs", "1", "--seed", SEED, "--out", folder / "log")
        self.log = next((folder / "log").glob("epoch-*.ndjson"))
        assay("keys", "generate", "--out", folder / "operator.pem")
        self.keys = [folder / "first.key", folder / "second.key", folder / "third.key"]
        addresses = [
            assay("keys", "generate", "--type", "secp256k1", "--out", key).strip() for key in self.keys
        ]
        self.addresses = sorted(addresses, key=lambda a: int(a, 16))
        self.payer = Account.from_key(bytes.fromhex(self.keys[2].read_text().strip()))
        self.chain = Chain(31337, [p.address for p in PEOPLE] + [self.payer.address])
        self.registry = Registry.deploy(
            self.chain, OWNER, compiled(), self.addresses, 2, ARBITER.address, WINDOW, BOND,
            10**15, LEAF_CAP,
        )  # fmt: skip
        self.registry.send(OWNER, "setSettler", SETTLER.address)
        self.config = folder / "ledger.json"
        self.config.write_text(
            json.dumps(
                {
                    "chain_id": 31337,
                    "contract": "0x" + self.registry.address.hex(),
                    "config_count": self.registry.read("configCount"),
                    "threshold": 2,
                    "signers": self.addresses,
                }
            )
        )

    def run(self):
        options = ("--key", self.folder / "operator.pem", "--log-name", "example.org/night")
        assay("run", "--profile", PROFILE, "--out", self.folder / "out", *options, self.log)
        return self.bundle(0)

    def bundle(self, revision):
        return next((self.folder / "out" / PROFILE).glob(f"epoch-*-r{revision}"))

    def sign(self, bundle, parent):
        """Each holder replays a copy and signs it; then the signatures are merged."""
        copies = []
        for number, key in enumerate(self.keys[:2]):
            copy = self.folder / f"holder-{number}" / bundle.name
            shutil.copytree(bundle, copy)
            assert result("replay", copy, self.log)["equal"]
            status = result("sign", copy, "--ledger", self.config, "--parent", parent, "--key", key)
            assert len(status["signers"]) == 1 and not status["complete"]
            copies.append(copy)
        status = result("merge", bundle, *copies)
        assert status["complete"]
        assay("verify", bundle, "--ledger", self.config)
        return status

    def post(self, bundle, **options):
        return result("post", bundle, "--rpc", self.node.url, "--key", self.keys[2], **options)

    def call(self, name, bundle, *, sender=None, node=None):
        """Sends what `assay ledger calldata` prints; without a sender only asks."""
        options = ("--node", node) if node else ()
        data = bytes.fromhex(assay("ledger", "calldata", name, bundle, *options).strip()[2:])
        if sender:
            return self.chain.send(sender, self.registry.address, data)
        ok, output, _ = self.chain.call(self.registry.address, data)
        assert ok
        return bool(int.from_bytes(output, "big"))


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("office"))
    with Server(office.chain) as office.node:
        yield office


def first(found, verdict):
    return next(n for n, v in sorted(found.items()) if v["verdict"] == verdict and v["units_micro"])


def test_the_whole_cycle(office):
    bundle = office.run()
    night = verdicts(bundle)
    honest, accused = first(night, "accept"), first(night, "reject")

    status = office.sign(bundle, "genesis")
    assert [a.lower() for a in status["signers"]] == sorted(
        a.lower() for a in office.addresses if a in status["signers"]
    )
    posted = office.post(bundle)
    assert posted["status"] == "inWindow" and posted["transaction"]
    assert office.registry.read("head") == bytes.fromhex(posted["struct_hash"][2:])
    # Done is seen: a second run sends nothing, and finds the first one's transaction.
    sent = office.chain.nonce(office.payer.address)
    assert office.post(bundle) == posted
    assert office.chain.nonce(office.payer.address) == sent

    # An accepted node proves its verdict and is paid, once the window is over.
    proof = result_of_proof(office, bundle, honest)
    assert leaf_of(proof).hash.hex() == proof["leaf"][2:]
    assert not office.call("verify", bundle, node=honest)
    office.chain.travel(WINDOW)
    assert office.call("verify", bundle, node=honest)
    assert office.call("consume", bundle, sender=SETTLER, node=honest).ok
    assert office.registry.read("unitsPaid", leaf_of(proof).epoch) == night[honest]["units_micro"]

    # The accused is heard: its packet holds, and two people overturn the verdict.
    packet = office.folder / "appeal.json"
    assay("appeal", bundle, "--node", accused, "--logs", office.log, "--out", packet)
    checked = result("verify-proof", packet, "--ledger", office.config)
    assert checked["good"] and checked["records"] > 0 and checked["verdict"] == "reject"
    corrected = correct(office, bundle, accused, "accept")
    assert verdicts(corrected)[accused]["supersedes"] == "0x" + leaf_of(
        result_of_proof(office, bundle, accused)
    ).hash.hex()
    office.sign(corrected, bundle)
    assert office.post(corrected)["status"] == "inWindow"

    # The correction replaces the reject on the chain, and pays.
    assert office.call("verify", bundle, node=accused)
    assert office.call("supersede", corrected, sender=SETTLER, node=accused).ok
    assert not office.call("verify", bundle, node=accused)
    office.chain.travel(WINDOW)
    assert office.call("verify", corrected, node=accused)
    assert office.call("consume", corrected, sender=SETTLER, node=accused).ok
    paid = night[honest]["units_micro"] + night[accused]["units_micro"]
    assert office.registry.read("unitsPaid", leaf_of(proof).epoch) == paid
    # What was not corrected has the same leaf in both revisions, and is paid in one of them.
    assert result_of_proof(office, corrected, honest)["leaf"] == proof["leaf"]
    with pytest.raises(Reverted, match="^already consumed$"):
        office.call("consume", corrected, sender=SETTLER, node=honest)

    history = json.loads(assay("history", accused, office.folder / "out", "--json"))
    assert [(h["revision"], h["verdict"], h["current"]) for h in history] == [
        (0, "reject", False),
        (1, "accept", True),
    ]
    assert history[1]["comment"] == "the serial number was read wrong"


def result_of_proof(office, bundle, node):
    """The proof, checked by Assay and against a tree built without it."""
    path = office.folder / "proof.json"
    assay("prove", bundle, "--node", node, "--out", path)
    assert result("verify-proof", path, "--ledger", office.config)["good"] or not root_file(bundle)["signatures"]
    proof, tree = json.loads(path.read_text()), tree_of(bundle)
    assert proof["root"]["root"] == "0x" + tree.root.hex()
    assert [bytes.fromhex(p[2:]) for p in proof["proof"]] == tree.proof(leaf_of(proof))
    return proof


def correct(office, bundle, node, verdict, **members):
    decision = {
        "node": node, "verdict": verdict, "finding": "false_positive",
        "comment": "the serial number was read wrong", "decided_by": "ada", "approved_by": "bo",
    } | members  # fmt: skip
    path = office.folder / "decisions.ndjson"
    path.write_text(json.dumps(decision) + "\n")
    made = result("correct", bundle, "--decisions", path, "--key", office.folder / "operator.pem")
    assert made["corrected"] == [node]
    return Path(made["bundle"])


def test_what_is_signed_is_what_eth_account_reads(office):
    bundle = office.bundle(0)
    file = root_file(bundle)
    signable = encode_typed_data(full_message=file["typed_data"])
    signers = [Account.recover_message(signable, signature=s) for s in file["signatures"]]
    assert signers == sorted(signers, key=lambda a: int(a, 16)) and set(signers) <= set(office.addresses)
    message = file["typed_data"]["message"]
    assert message["manifestHash"] == "0x" + keccak((bundle / "statement.json").read_bytes()).hex()
    assert message["configDigest"] == "0x" + office.registry.read("configDigest").hex()


def test_the_log_proves_both_statements_and_refuses_another_history(office):
    first_bundle, second = office.bundle(0), office.bundle(1)
    kept = first_bundle / "log/checkpoint"
    assert result("verify", second, "--checkpoint", kept)["good"]
    other = office.folder / "other"
    shutil.copytree(office.folder / "out", other)
    entries = next((other / "log/tile/entries").rglob("2"))
    data = bytearray(entries.read_bytes())
    data[10] ^= 1
    entries.write_bytes(data)
    text = assay("verify", other / PROFILE / second.name, "--checkpoint", kept, code=1)
    assert "FAILED  log:" in text


def test_a_bundle_whose_statement_is_not_logged_is_found(office):
    """The proof of one statement does not serve for another."""
    other = office.folder / "swapped" / office.bundle(0).name
    shutil.copytree(office.bundle(0), other)
    shutil.copytree(office.bundle(1) / "log", other / "log", dirs_exist_ok=True)
    assert "FAILED  log:" in assay("verify", other, code=1)


class TestRefusals:
    def test_a_bundle_that_does_not_verify_is_not_signed(self, office, tmp_path):
        copy = tmp_path / "copy"
        shutil.copytree(office.bundle(0), copy)
        shutil.rmtree(copy / "ledger")
        shutil.copytree(office.bundle(1) / "ledger", copy / "ledger")
        assay("sign", copy, "--ledger", office.config, "--parent", "genesis", "--key", office.keys[0], code=3)

    def test_a_stranger_cannot_sign(self, office, tmp_path):
        stranger = tmp_path / "stranger.key"
        assay("keys", "generate", "--type", "secp256k1", "--out", stranger)
        assay(
            "sign", office.bundle(0), "--ledger", office.config, "--parent", "genesis", "--key", stranger,
            code=3,
        )  # fmt: skip

    def test_another_parent_is_another_thing_to_sign(self, office, tmp_path):
        copy = tmp_path / "copy"
        shutil.copytree(office.bundle(0), copy)
        parent = "0x" + "11" * 32
        assay("sign", copy, "--ledger", office.config, "--parent", parent, "--key", office.keys[0], code=3)

    def test_a_key_that_others_may_read_is_refused(self, office, tmp_path):
        key = tmp_path / "open.key"
        key.write_bytes(office.keys[0].read_bytes())
        key.chmod(0o644)
        assay(
            "sign", office.bundle(0), "--ledger", office.config, "--parent", "genesis", "--key", key, code=3
        )

    def test_a_revision_is_corrected_once(self, office, tmp_path):
        decisions = tmp_path / "decisions.ndjson"
        decisions.write_text(
            '{"node":"x","verdict":"hold","finding":"faulty","comment":"c","decided_by":"a"}\n'
        )
        assay("correct", office.bundle(0), "--decisions", decisions, code=3)

    def test_a_reject_is_overturned_by_two(self, office, tmp_path):
        bundle = office.bundle(1)
        accused = first(verdicts(bundle), "reject")
        decisions = tmp_path / "decisions.ndjson"
        line = {
            "node": accused, "verdict": "accept", "finding": "false_positive", "comment": "c",
            "decided_by": "ada",
        }  # fmt: skip
        for wrong in (line, line | {"approved_by": "ada"}, line | {"comment": " "}):
            decisions.write_text(json.dumps(wrong))
            assay("correct", bundle, "--decisions", decisions, code=3)

    def test_a_proof_that_was_changed_fails(self, office, tmp_path):
        proof = json.loads((office.folder / "proof.json").read_text())
        changes = [
            lambda p: p["verdict"].update(verdict="hold"),
            lambda p: p["verdict"].update(units_micro=p["verdict"]["units_micro"] + 1),
            lambda p: p["proof"].reverse(),
            lambda p: p["proof"].pop(),
            lambda p: p["root"].update(leaf_count=p["root"]["leaf_count"] + 1),
            lambda p: p.update(revision=p["revision"] + 1),
        ]
        for change in changes:
            copy = json.loads(json.dumps(proof))
            change(copy)
            path = tmp_path / "proof.json"
            path.write_text(json.dumps(copy))
            assert "FAILED" in assay("verify-proof", path, code=1)

    def test_a_packet_with_other_records_fails(self, office, tmp_path):
        packet = json.loads((office.folder / "appeal.json").read_text())
        assert keccak(packet["statement"].encode()) == bytes.fromhex(
            packet["proof"]["root"]["typed_data"]["message"]["manifestHash"][2:]
        )
        for change in (lambda r: r.pop(), lambda r: r.append(r[0].replace('"ts":1', '"ts":2'))):
            copy = json.loads(json.dumps(packet))
            change(copy["records"])
            path = tmp_path / "packet.json"
            path.write_text(json.dumps(copy))
            assert "FAILED" in assay("verify-proof", path, code=1)

    def test_the_packet_holds_nobody_elses_records(self, office):
        packet = json.loads((office.folder / "appeal.json").read_text())
        assert {json.loads(line)["node"] for line in packet["records"]} == {packet["node"]}


class TestPosting:
    def test_another_chain_is_refused(self, office):
        with Server(Chain(1, [])) as server:
            assay("post", office.bundle(1), "--rpc", server.url, "--key", office.keys[2], code=1)

    def test_nobody_at_the_address(self, office):
        assay("post", office.bundle(1), "--rpc", "http://127.0.0.1:9", "--key", office.keys[2], code=4)
        assay("post", office.bundle(1), "--rpc", "ftp://127.0.0.1", "--key", office.keys[2], code=2)

    def test_a_root_that_somebody_else_brought_is_not_sent_again(self, office):
        bundle = office.bundle(1)
        corrected = correct(office, bundle, first(verdicts(bundle), "accept"), "hold", finding="needs_evidence")
        office.sign(corrected, bundle)
        before = office.chain.nonce(office.payer.address)
        # The chain gets the root from somebody else meanwhile: there is nothing left to send.
        office.chain.send(OWNER, office.registry.address, posting_data(corrected))
        posted = office.post(corrected)
        assert "transaction" not in posted and office.chain.nonce(office.payer.address) == before


def posting_data(bundle):
    return bytes.fromhex(assay("ledger", "calldata", "post", bundle).strip()[2:])


class TestSignerCommand:
    def test_a_command_signs_with_a_key_kept_elsewhere(self, office, tmp_path):
        key = office.keys[0].read_text().strip()
        address = Account.from_key(bytes.fromhex(key)).address
        script = tmp_path / "hsm.py"
        script.write_text(
            "import json, sys\n"
            "from eth_account import Account\n"
            "from eth_account.messages import encode_typed_data\n"
            "document = json.load(sys.stdin)\n"
            "signable = encode_typed_data(full_message=document)\n"
            f"signed = Account.from_key('{key}').sign_message(signable)\n"
            "assert signed.message_hash.hex().removeprefix('0x') == sys.argv[-1][2:]\n"
            "print('0x' + bytes(signed.signature).hex())\n"
        )
        copy = tmp_path / "copy"
        shutil.copytree(office.bundle(0), copy)
        expected = root_file(copy)["signatures"]
        fresh = root_file(copy) | {"typed_data": None, "signatures": []}
        (copy / "ledger/root.json").write_text(json.dumps(fresh, sort_keys=True, separators=(",", ":")))
        command = f"{sys.executable} {script}"
        assay(
            "sign", copy, "--ledger", office.config, "--parent", "genesis",
            "--signer-command", command, "--signer-address", address,
        )  # fmt: skip
        assert root_file(copy)["signatures"][0] in expected


def test_the_dump_is_the_tree_openzeppelin_would_write(office):
    bundle = office.bundle(0)
    dump, tree = json.loads(assay("ledger", "dump", bundle)), tree_of(bundle)
    assert dump["format"] == "standard-v1" and dump["tree"] == ["0x" + n.hex() for n in tree.nodes]
    assert len(dump["values"]) == len(verdicts(bundle))
    for value in dump["values"]:
        assert tree.places[leaf_of(value).hash] == value["treeIndex"]
