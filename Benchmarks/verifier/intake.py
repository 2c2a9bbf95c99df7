"""A million records through intake, the process killed five times on the way: every record that was
acknowledged has to be in the night's run exactly once.

    intake.py [--records 1000000] [--batch 500] [--clients 8] [--kills 5]

Clients send each batch until it is acknowledged, with the same id each time. The verifier is ended
by SIGKILL while they do, and started again. Then the epoch is sealed, which checks every byte
against the journal, and `assay run` counts what it reads, uses and finds twice.
"""

import argparse
import http.client
import json
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import service

# The day before this one, so that it is over and can be sealed.
EPOCH = service.TODAY - 1


def batch(number, size):
    """Records that no other batch has; nodes of 200 records each."""
    start = EPOCH * 86_400_000
    lines = []
    for index in range(number * size, (number + 1) * size):
        lines.append(
            f'{{"ts":{start + index % 86_000_000},"node":"n{index // 200:06d}","kind":"packet",'
            f'"device":"d{index % 977}","payload_hash":"h{index:010d}","rssi_dbm":{-60 - index % 60},'
            f'"snr_db":{index % 20 - 10},"freq_mhz":868.1,"datarate":"SF9BW125"}}')
    return ("\n".join(lines) + "\n").encode()


class Clients:
    """Senders that share the batches, and what they were told."""

    def __init__(self, port, batches, size, count):
        self.port, self.batches, self.size = port, batches, size
        self.lock = threading.Lock()
        self.next = 0
        self.acknowledged = 0
        self.records = 0
        self.duplicates = 0
        self.retries = 0
        self.refused = []
        self.latencies = []
        self.threads = [threading.Thread(target=self.work) for _ in range(count)]

    def take(self):
        with self.lock:
            self.next += 1
            return self.next - 1 if self.next <= self.batches else None

    def work(self):
        connection = None
        while (number := self.take()) is not None:
            body = batch(number, self.size)
            while True:
                try:
                    if connection is None:
                        connection = http.client.HTTPConnection(
                            "127.0.0.1", self.port, timeout=60)
                    begun = time.perf_counter()
                    connection.request(
                        "POST", f"/v1/records?profile=wireless&epoch={EPOCH}", body,
                        {"Content-Type": "application/x-ndjson", "Idempotency-Key": f"b{number}"})
                    answer = connection.getresponse()
                    text = answer.read()
                except (OSError, http.client.HTTPException):
                    connection = None
                    with self.lock:
                        self.retries += 1
                    time.sleep(0.05)
                    continue
                if answer.status == 503:
                    time.sleep(0.05)
                    continue
                with self.lock:
                    if answer.status != 200:
                        self.refused.append((number, answer.status, text))
                    else:
                        receipt = json.loads(text)
                        self.acknowledged += 1
                        self.records += receipt["accepted"]
                        self.duplicates += receipt["duplicate"]
                        self.latencies.append(time.perf_counter() - begun)
                break


def start(folder, port=0):
    return service.Verifier(folder, "--profile", "wireless", "--intake", Path(folder) / "intake",
                            port=port)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--kills", type=int, default=5)
    given = parser.parse_args()
    batches = given.records // given.batch
    with tempfile.TemporaryDirectory() as folder:
        verifier = start(folder)
        clients = Clients(verifier.port, batches, given.batch, given.clients)
        begun = time.perf_counter()
        for thread in clients.threads:
            thread.start()
        for kill in range(given.kills):
            while clients.acknowledged < (kill + 1) * batches // (given.kills + 1):
                time.sleep(0.01)
            at = clients.acknowledged
            verifier.kill()
            down = time.perf_counter()
            verifier = start(folder, verifier.port)
            print(f"killed after {at} batches, back in {time.perf_counter() - down:.2f} s",
                  flush=True)
        for thread in clients.threads:
            thread.join()
        seconds = time.perf_counter() - begun
        _, resident = verifier.figures()
        code = verifier.stop()
        ordered = sorted(clients.latencies)
        print(f"{clients.records} records in {seconds:.1f} s ({clients.records / seconds:.0f}/s), "
              f"{clients.acknowledged} batches, {clients.retries} retries, "
              f"{clients.duplicates} were there already, p50 "
              f"{1000 * ordered[len(ordered) // 2]:.1f} ms, p99 "
              f"{1000 * ordered[int(len(ordered) * .99)]:.1f} ms, RSS {resident / 1e6:.0f} MB, "
              f"drained with exit code {code}")
        assert not clients.refused, clients.refused[:3]
        check(folder, clients.records)


def check(folder, expected):
    intake = Path(folder) / "intake"
    begun = time.perf_counter()
    seal = json.loads(subprocess.run(
        [service.VERIFIER, "intake", "seal", "--folder", intake, "--profile", "wireless",
         "--epoch", str(EPOCH)], check=True, capture_output=True, env=service.QUIET).stdout)
    print(f"sealed in {time.perf_counter() - begun:.1f} s: {seal['accepted']} records, "
          f"{sum(part['bytes'] for part in seal['parts']) / 1e6:.0f} MB")
    begun = time.perf_counter()
    run = subprocess.run(
        [service.ASSAY, "run", "--profile", "wireless", "--epoch", str(EPOCH), "--json", "--out",
         Path(folder) / "out", intake / "wireless" / f"epoch-{EPOCH:06d}"], check=True,
        capture_output=True, env=service.QUIET)
    records = json.loads(run.stdout)["records"]
    print(f"run in {time.perf_counter() - begun:.1f} s: {records}")
    assert seal["accepted"] == expected and seal["quarantined"] == 0, (seal, expected)
    assert records == {"read": expected, "used": expected, "duplicate": 0, "quarantined": 0}
    shutil.rmtree(intake)
    print("every acknowledged record is there exactly once")


if __name__ == "__main__":
    main()
