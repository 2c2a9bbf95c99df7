"""A verifier to put load on: started, watched, killed, and requests for it."""

import datetime
import json
import os
import re
import signal
import subprocess
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
ASSAY = os.environ.get("ASSAY_BIN", str(REPO / ".build/release/assay"))
VERIFIER = os.environ.get("ASSAY_VERIFIER_BIN", str(REPO / ".build/release/assay-verifier"))
MODEL = REPO / "Models/wireless.safetensors"
QUIET = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}
TODAY = int(datetime.datetime.now(datetime.timezone.utc).timestamp()) // 86_400


class Verifier:
    """A running `assay-verifier serve` on a free port of this machine."""

    def __init__(self, folder, *options, port=0):
        self.log = open(Path(folder) / "verifier.log", "a", encoding="utf-8")
        self.process = subprocess.Popen(
            [VERIFIER, "serve", "--port", str(port), "--log-level", "error",
             *map(str, options)], stdout=subprocess.PIPE, stderr=self.log, text=True, env=QUIET)
        line = self.process.stdout.readline()
        found = re.match(r"listening: http://(.+):(\d+)$", line)
        if not found:
            raise SystemExit(f"no verifier: {line} see {self.log.name}")
        self.port = int(found[2])

    def figures(self):
        """(seconds of processor, bytes in memory)."""
        base = Path("/proc") / str(self.process.pid)
        fields = (base / "stat").read_text().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        resident = int(re.search(r"VmRSS:\s+(\d+)", (base / "status").read_text())[1]) * 1024
        return ticks / os.sysconf("SC_CLK_TCK"), resident

    def kill(self):
        """Ends it like a power cut: nothing is tidied up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        """Ends it as systemd does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(120)
        self.log.close()
        return code


def simulated(folder, nodes=500, seed=1):
    """{node: its records, as parsed} of one simulated day."""
    log = Path(folder) / "simulated"
    if not log.exists():
        subprocess.run([ASSAY, "simulate", "wireless", "--nodes", str(nodes), "--epochs", "1",
                        "--seed", str(seed), "--out", log], check=True, env=QUIET,
                       stdout=subprocess.DEVNULL)
    path, = log.glob("epoch-*.ndjson")
    epoch = int(path.stem.split("-")[1])
    records = {}
    for line in path.read_text().splitlines():
        record = json.loads(line)
        records.setdefault(record["node"], []).append(record)
    return epoch, records


def verify_requests(folder, records_per_item=10):
    """Requests for /v1/verify without their id, which is filled in at ID_MARK: one item of one node
    each, the first records of its simulated day."""
    epoch, records = simulated(folder)
    bodies = []
    for node, mine in records.items():
        if len(mine) < records_per_item:
            continue
        # Its claim is among them, spread over the day.
        step = len(mine) // records_per_item
        chosen = mine[::step][:records_per_item]
        bodies.append(json.dumps(
            {"api_version": "depin.verifier.v1", "request_id": ID_MARK, "epoch": epoch,
             "items": [{"item_id": node, "profile": "wireless", "records": chosen}]},
            separators=(",", ":")).encode())
    return bodies


ID_MARK = "load-0000000000"


def http(body, path="/v1/verify", kind="application/json", extra=""):
    """A request as it goes over the wire."""
    head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n{extra}\r\n")
    return head.encode() + body
