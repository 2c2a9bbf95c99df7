"""Ten minutes of load: memory has to stay flat, reloads and the drain must lose nothing.

    soak.py [--minutes 10] [--rate 500]

SIGHUP every twenty seconds while requests go on; at the end SIGTERM, and everything that was sent
before it has an answer. Two seconds of draining (`--drain-seconds`) are for requests that were on
their way when the end was told: without them a kept-alive connection may be closed under one.
"""

import argparse
import signal
import tempfile
import threading
import time

import load
import openloop
import service


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        request = load.numbered(service.verify_requests(folder))
        verifier = service.Verifier(
            folder, "--profile", "wireless", "--model", f"wireless={service.MODEL}",
            "--drain-seconds", "2")
        stop = threading.Event()

        def reload():
            while not stop.wait(20):
                verifier.process.send_signal(signal.SIGHUP)

        reloading = threading.Thread(target=reload)
        reloading.start()
        memory, failures, answered = [], {}, 0
        worst = 0
        end = time.monotonic() + 60 * given.minutes
        try:
            while time.monotonic() < end:
                outcome = openloop.run(
                    verifier.port, request, given.rate, min(30, max(end - time.monotonic(), 1)))
                request.base += outcome.sent
                answered += len(outcome.latencies)
                worst = max(worst, outcome.quantile(.99))
                for why, count in outcome.failures.items():
                    failures[why] = failures.get(why, 0) + count
                memory.append(verifier.figures()[1] / 1e6)
                print(f"{answered} answered, RSS {memory[-1]:.1f} MB, p99 "
                      f"{outcome.quantile(.99):.1f} ms, {failures or 'no failure'}", flush=True)
        finally:
            stop.set()
            reloading.join()
        unanswered = drain(verifier, request)
        # The store of answers fills first; from the second quarter on nothing may grow.
        settled = memory[len(memory) // 4:]
        print(f"RSS from {settled[0]:.1f} to {settled[-1]:.1f} MB after the first quarter, worst "
              f"p99 {worst:.1f} ms; drained, without a good answer: {unanswered or 'none'}")
        assert not failures, failures
        assert not unanswered
        assert settled[-1] < settled[0] * 1.1 + 5, memory


def drain(verifier, request):
    """Ends the verifier while requests are on their way; {status: how many} of those not answered
    with 200, and the exit code where it is none. 0 is a connection closed without an answer."""
    connections = [openloop.Connection(verifier.port) for _ in range(32)]
    for number, connection in enumerate(connections):
        connection.socket.setblocking(True)
        connection.send(request(number), 0)
    verifier.process.send_signal(signal.SIGTERM)
    bad = {}
    for connection in connections:
        connection.socket.settimeout(30)
        status = None
        while status is None:
            status = connection.receive()
        if status != 200:
            bad[status] = bad.get(status, 0) + 1
        connection.socket.close()
    code = verifier.process.wait(60)
    return bad if code == 0 else {**bad, "exit code": code}


if __name__ == "__main__":
    main()
