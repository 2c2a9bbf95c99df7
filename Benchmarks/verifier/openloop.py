"""An open-loop load generator: requests leave at a constant rate whatever the answers do, and each
latency counts from when its request was due, so that a stall is not hidden by requests that wait
for it."""

import select
import socket
import time
from dataclasses import dataclass, field


@dataclass
class Outcome:
    sent: int = 0
    latencies: list = field(default_factory=list)
    failures: dict = field(default_factory=dict)
    seconds: float = 0
    processor: float = 0

    def quantile(self, share):
        """Milliseconds."""
        ordered = sorted(self.latencies)
        if not ordered:
            return float("nan")
        return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]

    def fail(self, why):
        self.failures[why] = self.failures.get(why, 0) + 1


class Connection:
    """One kept-alive connection with at most one request on its way."""

    def __init__(self, port):
        self.port = port
        self.open()

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.due = None
        self.received = b""
        self.rest = b""

    def send(self, request, due):
        self.due = due
        self.received = b""
        self.rest = request
        self.flush()

    def flush(self):
        try:
            self.rest = self.rest[self.socket.send(self.rest):]
        except BlockingIOError:
            pass

    def receive(self):
        """The status of the answer once it is whole; None before; 0 when the connection is gone."""
        try:
            data = self.socket.recv(1 << 18)
        except BlockingIOError:
            return None
        except OSError:
            return 0
        if not data:
            return 0
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return None
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                return int(head[9:12]) if len(body) >= int(value) else None
        return 0


def run(port, requests, rate, seconds, connections=64):
    """Sends `rate` requests a second for `seconds`; `requests(n)` makes the n-th.

    A request that is due while every connection is busy waits, and its latency with it.
    """
    outcome = Outcome()
    poll = select.epoll()
    idle = [Connection(port) for _ in range(connections)]
    by_number = {connection.socket.fileno(): connection for connection in idle}
    for number in by_number:
        poll.register(number, select.EPOLLIN)
    total = int(rate * seconds)
    begun = time.perf_counter()
    processor = time.process_time()
    answered = 0
    while answered < total:
        now = time.perf_counter()
        while idle and outcome.sent < total and begun + outcome.sent / rate <= now:
            connection = idle.pop()
            connection.send(requests(outcome.sent), begun + outcome.sent / rate)
            if connection.rest:
                poll.modify(connection.socket.fileno(), select.EPOLLIN | select.EPOLLOUT)
            outcome.sent += 1
        wait = 0.02
        if idle and outcome.sent < total:
            wait = max(begun + outcome.sent / rate - time.perf_counter(), 0)
        for number, event in poll.poll(wait):
            connection = by_number[number]
            if event & select.EPOLLOUT and connection.rest:
                connection.flush()
                if not connection.rest:
                    poll.modify(number, select.EPOLLIN)
            if not event & ~select.EPOLLOUT:
                continue
            status = connection.receive()
            if status is None:
                continue
            if connection.due is not None:
                answered += 1
                if status == 200:
                    outcome.latencies.append(time.perf_counter() - connection.due)
                else:
                    outcome.fail(status or "connection lost")
            if status == 0:
                poll.unregister(number)
                connection.socket.close()
                del by_number[number]
                connection.open()
                by_number[connection.socket.fileno()] = connection
                poll.register(connection.socket.fileno(), select.EPOLLIN)
            connection.due = None
            idle.append(connection)
        if time.perf_counter() - begun > seconds + 120:
            outcome.fail("never answered")
            break
    outcome.seconds = time.perf_counter() - begun
    outcome.processor = time.process_time() - processor
    for connection in by_number.values():
        connection.socket.close()
    return outcome
