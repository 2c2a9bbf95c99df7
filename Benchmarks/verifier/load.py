"""Verify under load: one item of ten records a request, at a constant rate, over loopback.

    load.py [--rates 500,1000,2000] [--seconds 20] [--profile]

Prints latency from when each request was due (p50, p99, p99.9), processor seconds of the verifier
and of the generator, and memory. Then, where h2load is installed, what the verifier reaches at
most. With --profile and perf, where the verifier's time goes at the last rate.
"""

import argparse
import re
import shutil
import subprocess
import tempfile
import threading

import openloop
import service


def numbered(bodies):
    """The n-th request: bodies in turn, each with an id of its own. An id that was used before would
    be answered from memory."""
    wire = [service.http(body) for body in bodies]
    mark = service.ID_MARK.encode()
    cut = [request.partition(mark) for request in wire]

    def request(number):
        head, _, tail = cut[number % len(cut)]
        return head + b"load-%010d" % (number + request.base) + tail

    request.base = 0
    return request


def measure(verifier, request, rate, seconds):
    before, _ = verifier.figures()
    outcome = openloop.run(verifier.port, request, rate, seconds)
    after, resident = verifier.figures()
    request.base += outcome.sent
    answered = len(outcome.latencies)
    print(f"{rate:>6} {answered / outcome.seconds:>9.0f} {outcome.quantile(.5):>8.2f}"
          f" {outcome.quantile(.99):>8.2f} {outcome.quantile(.999):>8.2f}"
          f" {(after - before) / outcome.seconds:>9.2f} {outcome.processor / outcome.seconds:>9.2f}"
          f" {resident / 1e6:>7.0f}  {outcome.failures or ''}", flush=True)
    return outcome


def most(verifier, bodies, seconds):
    """Closed loop by h2load: as fast as answers come, over 16 connections.

    h2load sends one body again and again, so every answer but the first is the stored one of that
    id: this is what HTTP and the store of answers cost, without any judging.
    """
    if not shutil.which("h2load"):
        return print("h2load is not installed (Debian: nghttp2-client)")
    with tempfile.NamedTemporaryFile() as file:
        file.write(bodies[0])
        file.flush()
        done = subprocess.run(
            ["h2load", "--h1", "-c", "16", "-D", str(seconds), "-d", file.name,
             "-H", "content-type: application/json",
             f"http://127.0.0.1:{verifier.port}/v1/verify"],
            capture_output=True, text=True, check=True)
    print("stored answers, closed loop, h2load:",
          re.search(r"finished in .*", done.stdout)[0], flush=True)


def profile(verifier, seconds):
    """Samples the verifier with perf while the load runs; prints its most costly functions."""
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(["perf", "record", "-q", "-F", "499", "-g", "-p", str(verifier.process.pid),
                        "-o", file.name, "--", "sleep", str(seconds)], check=True,
                       stderr=subprocess.DEVNULL)
        report = subprocess.run(
            ["perf", "report", "-i", file.name, "--no-children", "--stdio", "-g", "none",
             "--percent-limit", "0.7"], capture_output=True, text=True, check=True)
        names = subprocess.run(["swift", "demangle", "--simplified"], input=report.stdout,
                               capture_output=True, text=True, check=True).stdout
    for line in names.splitlines():
        if line.strip() and not line.startswith("#"):
            print("  ", line[:150])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", default="500,1000,2000")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bodies = service.verify_requests(folder)
        request = numbered(bodies)
        verifier = service.Verifier(
            folder, "--profile", "wireless", "--model", f"wireless={service.MODEL}")
        try:
            print(f"{len(bodies)} nodes, {sum(map(len, bodies)) // len(bodies)} bytes a request")
            openloop.run(verifier.port, request, 200, 3)
            request.base = 1000
            print("  rate  answered   p50 ms   p99 ms p99.9 ms  verifier generator  RSS MB"
                  "    (processors busy)")
            for rate in map(int, given.rates.split(",")):
                measure(verifier, request, rate, given.seconds)
            most(verifier, bodies, 5)
            if given.profile:
                sampler = threading.Thread(target=profile, args=(verifier, 10))
                sampler.start()
                measure(verifier, request, int(given.rates.split(",")[-1]), 12)
                sampler.join()
        finally:
            verifier.stop()


if __name__ == "__main__":
    main()
