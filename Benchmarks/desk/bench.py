#!/usr/bin/env python3
"""Time and weight of the desk's pages over a store of many items."""

import argparse
import html
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
from html.parser import HTMLParser
from pathlib import Path

PASSWORD = "correct horse battery"
# Aims, in milliseconds and bytes.
FAST, LIGHT = 100, 200_000


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True,
                          text=True).stdout


def timed(words, act):
    begin = time.monotonic()
    result = act()
    print(f"{words}: {time.monotonic() - begin:.1f} s", file=sys.stderr)
    return result


def make_bundle(assay, folder, nodes):
    """A night whose every node with a q-value is held."""
    out = folder / f"out-{nodes}"
    found = list(out.glob("wireless/epoch-*-r0"))
    if found:
        return found[0]
    logs = folder / f"logs-{nodes}"
    shutil.rmtree(logs, ignore_errors=True)
    timed(f"simulating {nodes} nodes", lambda: run(
        assay, "simulate", "wireless", "--nodes", nodes, "--seed", 11, "--out", logs))
    policy = folder / "policy.json"
    policy.write_text(json.dumps({"hold_q_ppb": 1_000_000_000}))
    timed("judging them", lambda: run(
        assay, "run", "--profile", "wireless", "--out", out, "--policy", policy,
        *sorted(logs.glob("epoch-*.ndjson*"))))
    shutil.rmtree(logs)
    return next(out.glob("wireless/epoch-*-r0"))


class Fields(HTMLParser):
    """The hidden fields of the form with this action."""

    def __init__(self, text, action):
        super().__init__()
        self.action, self.inside, self.values = action, False, {}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("action") == self.action
        if tag == "input" and self.inside and attrs.get("type") == "hidden":
            self.values[attrs["name"]] = attrs.get("value") or ""


class Visitor:
    """One connection that is kept, and a session."""

    def __init__(self, port):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.cookies = {}

    def ask(self, method, path, fields=None):
        """(milliseconds, status, bytes)"""
        body = urllib.parse.urlencode(fields, doseq=True) if fields else None
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begin = time.perf_counter()
        self.http.request(method, path, body, headers)
        answer = self.http.getresponse()
        content = answer.read()
        took = (time.perf_counter() - begin) * 1000
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        self.location = answer.headers.get("Location")
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status}")
        return took, answer.status, content

    def text(self, path):
        return self.ask("GET", path)[2].decode()

    def send(self, at, action, **values):
        """Fills a form of the page AT. Returns the milliseconds of the answer."""
        fields = Fields(self.text(at), action).values
        return self.ask("POST", action, {**fields, **values})[0]

    def welcome(self, link, name):
        path = urllib.parse.urlparse(link).path
        self.send(path, path, password=PASSWORD, again=PASSWORD)
        self.send("/login", "/login", name=name, password=PASSWORD)


def items(text):
    return list(dict.fromkeys(re.findall(r'href="(/items/\d+)"', text)))


def next_page(text):
    found = re.search(r'href="([^"]*)" rel="next"', text)
    return html.unescape(found.group(1)) if found else None


class Table:
    def __init__(self, visitor, process):
        self.visitor = visitor
        self.process = process
        self.rows = []

    def processor(self):
        """Seconds of processor time that the desk has used."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def add(self, name, milliseconds, weight, aims=True, used=None):
        times = sorted(milliseconds)
        at = lambda share: times[min(int(share * len(times)), len(times) - 1)]
        over = aims and (at(0.99) > FAST or weight > LIGHT)
        used = "" if used is None else f"{used / len(times) * 1000:.1f}"
        self.rows.append((name, len(times), at(0.5), at(0.99), times[-1], used, weight, over))

    def pages(self, name, paths, aims=True):
        times, weight, before = [], 0, self.processor()
        for path in paths:
            took, _, content = self.visitor.ask("GET", path)
            times.append(took)
            weight = max(weight, len(content))
        self.add(name, times, weight, aims, self.processor() - before)

    def show(self):
        print("| page | asked | median ms | p99 ms | worst ms | processor ms | bytes | over an aim |\n"
              "|---|---|---|---|---|---|---|---|")
        for name, count, median, late, worst, used, weight, over in self.rows:
            print(f"| {name} | {count} | {median:.1f} | {late:.1f} | {worst:.1f} | {used} | "
                  f"{weight:,} | {'yes' if over else ''} |")


def work(visitor, table, pages):
    """Decides and puts off what some pages of the queue show, so that there is history."""
    bulk, decide, take = [], [], []
    for number in range(pages):
        text = visitor.text("/")
        seen = re.findall(r'name="pick"\s+value="(\d+:\d+)"', text)
        fields = Fields(text, "/queue/bulk").values
        act = ({"act": "decide", "outcome": "faulty/hold"} if number % 3 else
               {"act": "snooze", "until": "2099-01-01"})
        bulk.append(visitor.ask("POST", "/queue/bulk",
                                {**fields, "pick": seen, "comment": "By the benchmark.", **act})[0])
    for _ in range(40):
        took = visitor.send("/", "/queue/next")
        path = visitor.location.split("?")[0]
        take.append(took)
        decide.append(visitor.send(path, path + "/decide", outcome="faulty/hold",
                                   comment="By the benchmark."))
    table.add("act: 50 picked at once", bulk, 0, aims=False)
    table.add("act: take next", take, 0)
    table.add("act: decide", decide, 0)


def measure(visitor, table, repeats):
    first = visitor.text("/")
    deep, path = [], "/"
    for _ in range(60):
        path = next_page(visitor.text(path))
        if path is None:
            break
        deep.append(path)
    flagged = items(first) + [i for path in deep[::6] for i in items(visitor.text(path))]
    node = re.search(r"<h1>.*?>([^<]+)<", visitor.text(flagged[0])).group(1)
    reason = re.search(r'name="reason">.*?<option value="([A-Z][^"]*)"', first, re.S).group(1)
    group = re.search(r'name="group">.*?<option value="([^"]+)"', first, re.S).group(1)
    query = urllib.parse.urlencode
    table.pages("queue, first page", ["/"] * repeats)
    table.pages("queue, further pages", (deep * repeats)[:repeats])
    table.pages("queue, every state", ["/?state=any"] * repeats)
    table.pages("queue, decided", ["/?state=decided"] * repeats)
    table.pages("queue, a reason", ["/?" + query({"reason": reason})] * repeats)
    table.pages("queue, a peer group", ["/?" + query({"group": group})] * repeats)
    table.pages("queue, a node's name", ["/?" + query({"text": node[:12]})] * repeats)
    table.pages("queue, a name that is nowhere", ["/?text=nowhere-at-all"] * repeats)
    table.pages("node", (flagged * repeats)[:repeats])
    table.pages("node, decided", (items(visitor.text("/?state=decided")) * repeats)[:repeats])
    ties = [f"/cluster/{path.rsplit('/', 1)[1]}" for path in flagged]
    table.pages("ties", (ties * repeats)[:repeats])
    ids = [path.rsplit("/", 1)[1] for path in flagged]
    five = ["/compare?ids=" + ",".join(ids[i:i + 5]) for i in range(0, len(ids) - 5, 5)]
    table.pages("five side by side", (five * repeats)[:repeats])
    for name, path in (("appeals", "/appeals"), ("quality", "/quality"), ("bundles", "/bundles"),
                       ("audit trail", "/audit"), ("people", "/people")):
        table.pages(name, [path] * repeats)
    nights = re.findall(r'href="(/nights/\d+)"', visitor.text("/bundles"))
    if nights:
        table.pages("night", nights[:1] * repeats)
    table.pages("run report", ["/bundles/1/report"] * 10, aims=False)
    for path in ("/exports/queue.csv?state=any", "/exports/decisions.csv", "/exports/labels.csv"):
        table.pages("file " + path.split("/")[-1], [path] * 2, aims=False)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assay", default=".build/release/assay")
    parser.add_argument("--assayd", default=".build/release/assayd")
    parser.add_argument("--folder", type=Path, default=Path(".build/bench-desk"))
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=200)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    bundle = make_bundle(options.assay, options.folder, options.nodes)
    store = options.folder / "desk.db"
    for old in options.folder.glob("desk.db*"):
        old.unlink()
    print(timed("importing", lambda: run(
        options.assayd, "import", "--store", store, bundle)).strip(), file=sys.stderr)
    server = subprocess.Popen(
        [options.assayd, "serve", "--store", store, "--port", "0", "--requests-per-minute",
         "100000000", "--bundles", bundle.parents[1]],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = int(server.stdout.readline().rstrip("/\n").rsplit(":", 1)[1])
        visitor = Visitor(port)
        visitor.welcome(server.stdout.readline().split(": ", 1)[1].strip(), "admin")
        table = Table(visitor, server.pid)
        work(visitor, table, 30)
        measure(visitor, table, options.repeats)
        table.show()
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text())
        print(f"\nPeak memory of the desk: {int(peak.group(1)) // 1024} MB; "
              f"the store: {store.stat().st_size / 1e6:.0f} MB.")
    finally:
        server.terminate()
        server.wait(60)


if __name__ == "__main__":
    main()
