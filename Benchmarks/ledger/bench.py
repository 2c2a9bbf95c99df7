"""Speed and memory of Keccak-256 and of the Merkle tree, against other implementations.

    swift build -c release --package-path Benchmarks/ledger
    python Benchmarks/ledger/bench.py Benchmarks/ledger/.build/release/ledger-bench

Every figure and the one it is compared with come from the same run, in turn.
"""

import os
import subprocess
import sys
import time

from Crypto.Hash import keccak

ROUNDS = 5
LENGTH = 1 << 25
TREES = [(1_000_000, 3.0, 400), (10_000_000, None, 1536)]


def run(program, *arguments):
    """The words of what a program prints, its wall seconds, CPU seconds and peak megabytes."""
    start = time.monotonic()
    process = subprocess.Popen([program, *arguments], stdout=subprocess.PIPE, text=True)
    lines = [line.split() for line in process.stdout]
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{program} {' '.join(arguments)} failed")
    cpu = usage.ru_utime + usage.ru_stime
    return lines, time.monotonic() - start, cpu, usage.ru_maxrss / 1024


def value(words, name):
    return words[words.index(name) + 1]


def pycryptodome():
    message = bytes(LENGTH)
    start = time.monotonic()
    keccak.new(digest_bits=256, data=message).digest()
    return LENGTH / 1e6 / (time.monotonic() - start)


def hashing(program):
    best, theirs = {}, 0.0
    for _ in range(ROUNDS):
        lines, *_ = run(program, "keccak")
        theirs = max(theirs, pycryptodome())
        for words in lines:
            length = int(value(words, "length"))
            rates = float(value(words, "ours_mb_s")), float(value(words, "sha3_mb_s"))
            best[length] = tuple(map(max, rates, best.get(length, (0, 0))))
    print("| message bytes | Keccak-256 MB/s | SHA3-256 of BoringSSL MB/s | ratio |")
    print("|---|---|---|---|")
    for length, (ours, sha3) in best.items():
        print(f"| {length} | {ours:.0f} | {sha3:.0f} | {ours / sha3:.2f} |")
    ours = best[max(best)][0]
    print(f"\npycryptodome, {LENGTH} bytes: {theirs:.0f} MB/s, ratio {ours / theirs:.2f}\n")


def trees(program):
    print("| leaves | hash s | tree s | wall s | CPU s | peak MB | target |")
    print("|---|---|---|---|---|---|---|")
    for count, seconds, megabytes in TREES:
        runs = [run(program, "tree", str(count)) for _ in range(3 if seconds else 1)]
        (words, *_), wall, cpu, peak = min(runs, key=lambda each: each[1])
        target = f"< {seconds} s, < {megabytes} MB" if seconds else f"< {megabytes} MB"
        kept = peak < megabytes and (seconds is None or wall < seconds)
        print(
            f"| {count} | {value(words, 'hash_s')} | {value(words, 'tree_s')} | {wall:.2f} |"
            f" {cpu:.2f} | {peak:.0f} | {target}: {'kept' if kept else 'missed'} |"
        )


def signing(program):
    (words, *_), *_ = run(program, "sign")
    print(f"sign {value(words, 'sign_us')} us, recover {value(words, 'recover_us')} us\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    hashing(sys.argv[1])
    signing(sys.argv[1])
    trees(sys.argv[1])
