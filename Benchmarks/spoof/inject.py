"""Real logs with documented injections into held-out real nodes, and what Assay says of them.

Injections, each into a few nodes a round, never two into one node:
  claim swap     (compute)  the claim of a host with another GPU model, inventory and benchmarks stay the host's own
  location swap  (wireless) the claimed position of a gateway at least 20 km away
  clone          (both)     a second identity hands in the node's records, seconds later, small changes in the last digit
  replay         (both)     the node's own records of the first half of its time, handed in again in the second half

Rounds differ in the nodes that are injected; nodes with fewer than 12 records are never chosen.
"""

import argparse
import collections
import gzip
import hashlib
import json
import math
import pathlib
import random
import subprocess
import sys
import tempfile


def read(folder):
    records = collections.defaultdict(list)
    for path in sorted(pathlib.Path(folder).glob("*.ndjson.gz")):
        for line in gzip.open(path, "rt"):
            record = json.loads(line)
            records[record["node"]].append(record)
    for node in records.values():
        node.sort(key=lambda record: record["ts"])
    return records


def kilometres(a, b):
    x = math.radians(b[1] - a[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return 6371 * math.hypot(x, math.radians(b[0] - a[0]))


def place(node):
    for record in node:
        if record["kind"] == "claim" and "lat" in record:
            return record["lat"], record["lon"]
    return None


def location_swap(records, node, generator):
    here = place(records[node])
    far = sorted(
        other for other in records
        if place(records[other]) and kilometres(here, place(records[other])) >= 20)
    lat, lon = place(records[generator.choice(far)])
    return {node: [
        {**record, "lat": lat, "lon": lon} if record["kind"] == "claim" else record
        for record in records[node]]}


def claim_swap(records, node, generator):
    def model(other):
        return next((r.get("gpu_model") for r in records[other] if r["kind"] == "claim"), None)
    others = sorted(other for other in records if model(other) and model(other) != model(node))
    claim = next(r for r in records[generator.choice(others)] if r["kind"] == "claim")
    return {node: [
        {**claim, "ts": record["ts"], "node": node} if record["kind"] == "claim" else record
        for record in records[node]]}


def jittered(record, generator):
    record = dict(record)
    record["ts"] += generator.randint(1000, 9000)
    for key, value in record.items():
        if isinstance(value, float) and key not in ("lat", "lon", "device_lat", "device_lon"):
            record[key] = round(value * (1 + generator.uniform(-0.002, 0.002)), 2)
    return record


def clone(records, node, generator):
    twin = hashlib.sha256(f"clone of {node}".encode()).hexdigest()[:40]
    return {node: records[node],
            twin: [{**jittered(record, generator), "node": twin} for record in records[node]]}


def replay(records, node, generator):
    times = [record["ts"] for record in records[node]]
    half = (times[0] + times[-1]) // 2
    early = [record for record in records[node] if record["ts"] <= half and record["kind"] != "claim"]
    shift = half - times[0] + 3_600_000
    again = [{**record, "ts": min(record["ts"] + shift, times[-1])} for record in early]
    return {node: early + [r for r in records[node] if r["kind"] == "claim"] + again}


INJECTIONS = {
    "wireless": {"location swap": location_swap, "clone": clone, "replay": replay},
    "compute": {"claim swap": claim_swap, "clone": clone, "replay": replay},
}


def suits(profile, injection, node):
    if len(node) < 12:
        return False
    if injection == "location swap":
        return place(node) is not None
    if injection == "claim swap":
        return any(r["kind"] == "claim" and r.get("gpu_model") for r in node)
    return True


def round_of(assay, profile, records, seed, per_injection, folder):
    generator = random.Random(seed)
    log = dict(records)
    labels = {}
    for name, inject in INJECTIONS[profile].items():
        suitable = sorted(
            node for node in records if node not in labels and suits(profile, name, records[node]))
        for node in generator.sample(suitable, min(per_injection, len(suitable))):
            changed = inject(records, node, generator)
            # Of a clone the copy is spoofed; its original is a victim.
            spoofed = [other for other in changed if name != "clone" or other != node]
            labels.update({other: name for other in spoofed})
            log.update(changed)
    path = folder / f"{profile}-{seed}.ndjson"
    with open(path, "w") as file:
        for node in log.values():
            for record in node:
                file.write(json.dumps(record) + "\n")
    with open(folder / f"{profile}-{seed}.csv", "w") as file:
        file.write("node,label,attack\n")
        for node in log:
            file.write(f"{node},{int(node in labels)},{labels.get(node, '')}\n")
    out = folder / f"out-{seed}"
    run(assay, "run", "--profile", profile, "--epoch", "all", "--out", out, path)
    bundle = next((out / profile).iterdir())
    card = run(assay, "evaluate", bundle, "--labels", folder / f"{profile}-{seed}.csv", "--json")
    return json.loads(card)


def run(*arguments):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--assay", required=True)
    parser.add_argument("--datasets", default="Datasets")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--seed", type=int, default=9001)
    options = parser.parse_args()
    print("| real log | injection | nodes | rejected | flagged | abstained | honest rejected, held |")
    print("|---|---|---|---|---|---|---|")
    for profile, name in (("wireless", "wireless-campusiot"), ("compute", "compute-crowdsd")):
        records = read(pathlib.Path(options.datasets) / name)
        totals = collections.defaultdict(lambda: [0, 0, 0, 0])
        honest = [0, 0, 0]
        with tempfile.TemporaryDirectory() as folder:
            for number in range(options.rounds):
                card = round_of(options.assay, profile, records, options.seed + number,
                                4 if profile == "wireless" else 12, pathlib.Path(folder))
                for row in card["attacks"]:
                    if row["attack"] == "all" or row["strength"] != "all":
                        continue
                    total = totals[row["attack"]]
                    total[0] += row["nodes"]
                    total[1] += round(row["rejected"]["value"] * row["nodes"])
                    total[2] += round(row["flagged"]["value"] * row["nodes"])
                    total[3] += row["abstained"]
                for kind in card["honest"]:
                    honest[0] += kind["nodes"]
                    honest[1] += round(kind["rejected"]["value"] * kind["nodes"])
                    honest[2] += round(kind["held"]["value"] * kind["nodes"])
        for injection, (nodes, rejected, flagged, abstained) in sorted(totals.items()):
            print(f"| {name} | {injection} | {nodes} | {100 * rejected / nodes:.1f} % "
                  f"| {100 * flagged / nodes:.1f} % | {abstained} "
                  f"| {honest[1]}, {honest[2]} of {honest[0]} |")


main()
