"""A desk in the middle of a morning: several nights and profiles, nodes in every state, decisions,
notes, appeals, a kept view, people of every role."""

import json
import re
from pathlib import Path

import desk as desks
from desk import ASSAY, ASSAYD, PASSWORD, REPO, item_paths, run

NIGHTS = {"wireless": ["--nodes", 300, "--epochs", 3, "--seed", 5],
          "compute": ["--nodes", 120, "--epochs", 1, "--seed", 6]}
# Addresses that are no pages, besides those that end as files do.
FILES = {"/healthz", "/readyz", "/metrics", "/items/:id/line", "/items/:id/packet",
         "/appeals/:id/packet", "/appeals/:id/answer"}


class Office:
    def __init__(self, folder):
        self.folder = folder
        out = folder / "out"
        run(ASSAY, "keys", "generate", "--out", folder / "key.pem")
        for profile, options in NIGHTS.items():
            logs = folder / "logs" / profile
            run(ASSAY, "simulate", profile, *options, "--out", logs)
            for log in sorted(logs.glob("*.ndjson*")):
                run(ASSAY, "run", "--profile", profile, "--out", out, "--key",
                    folder / "key.pem", "--state", folder / "state", log)
        self.desk = desks.Desk(folder / "desk.db", "--bundles", out, "--import",
                               "--logs", folder / "logs")
        self.desk.wait_for("items indexed", len(list(out.glob("*/epoch-*"))))
        self.admin = desks.Browser(self.desk)
        self.admin.welcome(self.desk.first_link())
        self.admin.sign_in("admin")
        self.ada = desks.person(self.desk, "Ada Lovelace", "analyst")
        self.lee = desks.person(self.desk, "lee", "lead")
        desks.person(self.desk, "vi", "viewer")
        self.stale = None
        self._work()
        self._shadow(out)

    def _work(self):
        ada, lee, admin = self.ada, self.lee, self.admin
        ada.get("/?verdict=reject&profile=wireless")
        rejected = item_paths(ada.page.text)
        self.decide(ada, rejected[0], "confirmed_spoof/reject",
                    "Its signals are those of its neighbour, to the last decimal, all night.")
        self.decide(ada, rejected[1], "false_positive/accept", "The antenna was moved that day.")
        number = re.search(r"/decisions/(\d+)/withdraw", ada.page.text).group(1)
        lee.get(rejected[1])
        lee.send(f"/decisions/{number}/approve", comment="Agreed: the owner sent photographs.")
        self.pending = rejected[2]
        self.decide(ada, self.pending, "false_positive/accept", "It shares a mast, not a radio.")
        ada.get(self.pending)
        ada.send(self.pending + "/note", text="The owner of the mast wrote to us on Tuesday.")
        ada.get("/?verdict=hold&profile=wireless")
        held = item_paths(ada.page.text)
        self.decide(ada, held[0], "faulty/hold", "Its clock is seconds late: a slow backhaul.")
        ada.get(held[1])
        ada.send(held[1] + "/take")
        ada.get(held[2])
        ada.send(held[2] + "/snooze", comment="After the firmware update.")
        ada.get("/?profile=wireless&verdict=reject")
        ada.send("/views", view="Wireless rejects")
        # Two appeals, one of them answered.
        self.decided, self.held = rejected[0], held[0]
        self.appeals = [self._appeal(rejected[0], "My radio is my own; ask my neighbours."),
                        self._appeal(rejected[3], "It was repaired since.")]
        admin.get(self.appeals[0])
        admin.send(self.appeals[0] + "/answer", upheld="1",
                   text="Both radios report the same receptions at the same microsecond.")

    def _appeal(self, path, statement):
        packet = self.admin.http.get(self.desk.url + path + "/packet", timeout=60)
        assert packet.status_code == 200, packet.text
        self.admin.get("/appeals")
        self.admin.send("/appeals", files={"packet": ("appeal.json", packet.content)},
                        text=statement)
        return self.admin.page.url.split("?")[0].removeprefix(self.desk.url)

    def _shadow(self, out):
        """A shadow run of the compute night by a policy that holds more."""
        policy = self.folder / "policy.json"
        policy.write_text(json.dumps({"hold_q_ppb": 1_000_000_000}))
        log = next((self.folder / "logs/compute").glob("*.ndjson*"))
        run(ASSAY, "run", "--profile", "compute", "--out", self.folder / "candidate", "--policy",
            policy, log)
        (bundle,), (candidate,) = ((folder / "compute").glob("epoch-*")
                                   for folder in (out, self.folder / "candidate"))
        run(ASSAYD, "shadow", bundle, candidate, "--store", self.desk.store)

    def decide(self, browser, path, outcome, comment):
        browser.get(path)
        browser.send(path + "/decide", outcome=outcome, comment=comment)

    def link(self):
        """A one-time link, for the page behind it."""
        link = run(ASSAYD, "people", "add", "grace", "--role", "viewer", "--store",
                   self.desk.store).stdout.decode().strip()
        return link[link.index("/welcome/"):]

    @property
    def tied(self):
        """A node whose reasons name others."""
        for path in item_paths(self.ada.get("/?state=any&verdict=reject").text):
            if "/compare?ids=" in self.ada.get(path).text:
                return path
        raise AssertionError("no node is tied to another")


def route_patterns():
    """The addresses of the desk's route table that are read, as the sources have them."""
    texts = [path.read_text() for path in (REPO / "Sources/Service").rglob("*.swift")]
    patterns = {p for text in texts for p in re.findall(r'\.get\(\s*"(/[^"]*)"', text)}
    assert len(patterns) > 20
    return sorted(patterns)


def pages(office):
    """{name: (who, path)} of every page: each readable address of the route table, filled in, with
    what only some acts lead to."""
    tied = office.tied
    compare = re.search(r'href="(/compare\?ids=[0-9,]+)"', office.ada.get(tied).text).group(1)
    number = tied.rsplit("/", 1)[1]
    filled = {
        "/": "/", "/items/:id": tied, "/compare": compare, "/cluster/:id": f"/cluster/{number}",
        "/appeals/:id": office.appeals[1], "/bundles/:id/report": None,
        "/login": "/login", "/welcome/:token": office.link(),
    }
    found = {}
    for pattern in route_patterns():
        if pattern in filled:
            path = filled[pattern]
        elif pattern in FILES or re.search(r"\.\w+$", pattern):
            continue
        else:
            path = re.sub(r":\w+", number if pattern.startswith("/items/") else "1", pattern)
            answer = office.admin.get(path, status=None)
            assert answer.status_code == 200, f"say in scene.py how to reach {pattern}"
            assert answer.headers["Content-Type"].startswith("text/html"), pattern
        if path:
            name = re.sub(r"\W+", "-", pattern).strip("-") or "queue"
            found[name] = ("guest" if pattern in ("/login", "/welcome/:token") else "admin", path)
    found["queue-every-state"] = ("admin", "/?state=any")
    found["queue-nothing"] = ("admin", "/?text=nothing-like-it")
    found["items-decided"] = ("admin", office.decided)
    found["items-pending"] = ("admin", office.pending)
    found["items-held"] = ("admin", office.held)
    found["appeals-all"] = ("admin", "/appeals?all=1")
    found["appeals-answered"] = ("admin", office.appeals[0])
    found["error-not-here"] = ("admin", "/items/999999999")
    found["error-bad-filter"] = ("admin", "/?epoch=tomorrow")
    return found
