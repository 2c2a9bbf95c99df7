"""Simulator → run → evaluate for every profile, beside generic features with outlier detectors on the same log.

Prints one Markdown table, and with --details every attack at every strength.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

import baselines
import numpy
from sklearn.metrics import roc_auc_score

PROFILES = ["wireless", "compute", "storage", "mobility", "environment"]


def call(*arguments):
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}\n{done.stderr}")
    return done.stdout


def labels(path):
    with open(path, newline="") as file:
        return {row["node"]: row for row in csv.DictReader(file)}


def baseline_rows(log, truth):
    """AUROC and the share of spoofed nodes found at 1 % false positives."""
    nodes, values = baselines.table(sorted(log.glob("*.ndjson")))
    spoofed = numpy.array([truth[node]["label"] == "1" for node in nodes])
    rows = {}
    for name, score in baselines.scores(values).items():
        limit = numpy.quantile(score[~spoofed], 0.99)
        rows[name] = {
            "auroc": roc_auc_score(spoofed, score),
            "found": float((score[spoofed] > limit).mean()),
        }
    return rows


def assay_row(assay, profile, log, work, extra):
    """Runs day by day with a memory; the last day is evaluated."""
    state = work / "state"
    for day in sorted(log.glob("epoch-*.ndjson")):
        out = work / "out"
        call(assay, "run", "--profile", profile, "--out", out, "--state", state, *extra, day)
    bundle = sorted((out / profile).iterdir())[-1]
    return json.loads(call(assay, "evaluate", bundle, "--labels", log / "labels.csv", "--json")), bundle


def found_at(bundle, truth, false_positives=0.01):
    """Share of spoofed nodes that rank above all but 1 % of the honest ones."""
    import gzip
    honest, spoofed = [], []
    for part in sorted((bundle / "verdicts").iterdir()):
        for line in gzip.open(part, "rt"):
            verdict = json.loads(line)
            (spoofed if truth[verdict["node"]]["label"] == "1" else honest).append(verdict["raw_micro"])
    limit = numpy.quantile(honest, 1 - false_positives)
    return float((numpy.array(spoofed) > limit).mean())


def percent(value):
    return "–" if value is None else f"{100 * value:.1f} %"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--assay", required=True)
    parser.add_argument("--nodes", type=int, default=3000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=9001)
    parser.add_argument("--contamination", type=float, default=0.08)
    parser.add_argument("--profiles", default=",".join(PROFILES))
    parser.add_argument("--details", action="store_true")
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument("--keep", help="folder for the logs and bundles")
    parser.add_argument("--out", help="write all results as JSON")
    options = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as temporary:
        for profile in options.profiles.split(","):
            work = pathlib.Path(options.keep or temporary) / f"{profile}-{options.seed}"
            work.mkdir(parents=True)
            log, clean = work / "log", work / "clean"
            settings = ["--nodes", options.nodes, "--epochs", options.epochs]
            call(options.assay, "simulate", profile, "--out", log, *settings, "--seed", options.seed,
                 "--contamination", options.contamination)
            truth = labels(log / "labels.csv")
            card, bundle = assay_row(options.assay, profile, log, work, [])
            row = {"assay": card, "found": found_at(bundle, truth)}
            call(options.assay, "simulate", profile, "--out", clean, *settings, "--seed",
                 options.seed + 1, "--attacks", "none")
            quiet, _ = assay_row(options.assay, profile, clean, work / "quiet", [])
            row["clean"] = quiet
            if not options.no_baselines:
                row["baselines"] = baseline_rows(log, truth)
            results[profile] = row
            print(f"{profile} done", file=sys.stderr)
    report(results, options)
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(results, indent=1))


def report(results, options):
    print("| profile | AUROC | recall | at 1 % fp | honest among rejected | faulty rejected "
          "| sound honest held | clean log rejected | IsolationForest | ECOD | KNN |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for profile, row in results.items():
        card = row["assay"]
        every = card["attacks"][0]
        kinds = {kind["kind"]: kind for kind in card["honest"]}
        quiet = sum(kind["rejected"]["value"] * kind["nodes"] for kind in row["clean"]["honest"])
        cells = [
            profile, f"{card['auroc']['value']:.4f}", percent(every["flagged"]["value"]),
            percent(row["found"]), percent(card["false_discovery_rate"]["value"]),
            percent(kinds["fault"]["rejected"]["value"]) if "fault" in kinds else "–",
            percent(kinds["sound"]["held"]["value"]),
            f"{round(quiet)} of {row['clean']['nodes']}",
        ]
        for name in ("IsolationForest", "ECOD", "KNN"):
            base = row.get("baselines", {}).get(name)
            cells.append(f"{base['auroc']:.3f}, {percent(base['found'])}" if base else "–")
        print("| " + " | ".join(cells) + " |")
    if options.details:
        for profile, row in results.items():
            print(f"\n{profile}: attack, strength, nodes, rejected, flagged, abstained, AUROC")
            for attack in row["assay"]["attacks"]:
                print("  {:5} {:7} {:4} {:>8} {:>8} {:4} {:.3f}".format(
                    attack["attack"], attack["strength"], attack["nodes"],
                    percent(attack["rejected"]["value"]), percent(attack["flagged"]["value"]),
                    attack["abstained"], attack["auroc"]["value"] or float("nan")))


main()
