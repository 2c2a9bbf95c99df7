"""A whole morning at the desk, over HTTP and without scripts."""

import json
import re
import signal

import desk as desks
from desk import ASSAY, ASSAYD, Browser, item_paths, person, run

REJECTED = "/?verdict=reject&state=any"


def path_of(browser):
    return browser.page.url.split("?")[0].removeprefix(browser.desk.url)


def decide(browser, path, outcome, comment="Looked at the records.", status=200):
    browser.get(path)
    return browser.send(path + "/decide", outcome=outcome, comment=comment, status=status)


def test_a_morning_from_the_first_link_to_a_corrected_bundle(desk, out, night, tmp_path):
    admin = Browser(desk)
    admin.welcome(desk.first_link())
    admin.sign_in("admin")
    ada, bo = person(desk, "ada", "analyst"), person(desk, "bo", "analyst")

    # Ada takes the node most at risk, and reads why.
    ada.get("/")
    first = item_paths(ada.page.text)[0]
    ada.send("/queue/next")
    assert path_of(ada) == first
    for word in ("Reasons", "units at stake", "History", "Evidence", "would have passed"):
        assert word in ada.page.text
    ada.send(first + "/note", text="Looks copied.")
    assert "Looks copied." in ada.page.text

    # Overturning a reject waits for a second person; Ada cannot be that one.
    ada.get(REJECTED)
    wrong, right = item_paths(ada.page.text)[:2]
    decide(ada, wrong, "false_positive/accept", "The antenna was moved that day.")
    assert "waits for a second person" in ada.page.text
    number = re.search(r"/decisions/(\d+)/withdraw", ada.page.text).group(1)
    assert not ada.has_form(f"/decisions/{number}/approve")
    ada.post(f"/decisions/{number}/approve",
             ada.form(f"/decisions/{number}/withdraw")["fields"], status=403)
    bo.get(wrong)
    bo.send(f"/decisions/{number}/approve", comment="Agreed.")
    assert "second person" in bo.page.text and "Agreed." in bo.page.text
    decide(bo, right, "confirmed_spoof/reject", "Copied from its neighbour.")

    # Bo puts two nodes off at once; what was not picked stays.
    bo.get("/?state=open")
    before = item_paths(bo.page.text)
    seen = re.findall(r'name="pick"\s+value="(\d+:\d+)"', bo.page.text)[:2]
    bo.post("/queue/bulk", {**bo.form("/queue/bulk")["fields"], "pick": seen, "act": "snooze",
                            "comment": "After the update."})
    assert "2 of 2 done" in bo.page.text
    bo.get("/?state=open")
    gone = {f"/items/{text.split(':')[0]}" for text in seen}
    assert item_paths(bo.page.text) == [path for path in before if path not in gone]

    # An owner appeals, with the packet that the desk makes from the logs.
    admin.get(right)
    packet = admin.http.get(desk.url + right + "/packet", timeout=60)
    assert packet.status_code == 200 and packet.json()["format"] == "assay-appeal-1"
    admin.get("/appeals")
    admin.send("/appeals", files={"packet": ("appeal.json", packet.content)},
               text="My radio is my own.")
    appeal = path_of(admin)
    assert "My radio is my own." in admin.page.text
    admin.send(appeal + "/answer", upheld="1", text="The shared signals prove otherwise.")
    answer = admin.http.get(desk.url + appeal + "/answer", timeout=60).json()
    assert "The shared signals prove otherwise." in json.dumps(answer)

    # What was decided becomes the next revision, which verifies and comes back in.
    admin.get("/bundles")
    link = re.search(r'href="(/exports/decisions\.ndjson[^"]*)"', admin.page.text).group(1)
    decisions = tmp_path / "decided.ndjson"
    decisions.write_bytes(ada.get(link.replace("&amp;", "&")).content)
    bundle = out / "wireless" / night["bundle"].name
    run(ASSAY, "correct", bundle, "--decisions", decisions, "--key", night["key"])
    revision = bundle.with_name(bundle.name.replace("-r0", "-r1"))
    assert b"1 verdicts are corrections" in run(ASSAY, "verify", revision).stdout
    admin.get("/bundles")
    admin.send("/bundles", path=str(revision))
    admin.get(wrong)
    assert "in revision 1" in admin.page.text and "The run said reject" in admin.page.text
    admin.get("/bundles")
    assert "/exports/decisions.ndjson" not in admin.page.text

    # Quality, labels and the trail agree with what was done.
    admin.get("/quality")
    assert "1 of 2" in admin.page.text
    labels = admin.get("/exports/labels.csv").text
    assert labels.splitlines()[0].startswith("node,label")
    admin.get("/audit")
    assert "decision" in admin.page.text
    assert desk.stop() == 0
    assert b"good: " in run(ASSAYD, "audit", "verify", "--store", desk.store).stdout


def test_two_analysts_on_one_node_decide_it_once(desk):
    ada, bo = person(desk, "ada", "analyst"), person(desk, "bo", "analyst")
    ada.get("/?verdict=hold")
    path = item_paths(ada.page.text)[0]
    ada.get(path)
    bo.get(path)
    ada.send(path + "/decide", outcome="faulty/hold", comment="The antenna is broken.")
    bo.send(path + "/decide", outcome="false_positive/accept", comment="All is well.", status=409)
    # Bo sees what changed, keeps what was written, and can look again.
    for word in ("changed meanwhile", "The antenna is broken", "All is well.", "Look at it again"):
        assert word in bo.page.text, word
    bo.get(path)
    assert "faulty" in bo.page.text and "All is well." not in bo.page.text


def test_a_taken_node_is_not_decided_by_another(desk):
    ada, bo = person(desk, "ada", "analyst"), person(desk, "bo", "analyst")
    ada.get("/")
    ada.send("/queue/next")
    path = path_of(ada)
    bo.get(path)
    assert not bo.has_form(path + "/decide")
    version = ada.form(path + "/decide")["fields"]["version"]
    bo.post(path + "/decide", {"csrf": bo.token(), "version": version, "comment": "x",
                               "outcome": "faulty/hold"}, status=409)
    assert "ada" in bo.words()


def test_bulk_leaves_what_changed_since_it_was_seen(desk):
    ada, bo = person(desk, "ada", "analyst"), person(desk, "bo", "analyst")
    bo.get("/?verdict=hold")
    fields = bo.form("/queue/bulk")["fields"]
    seen = re.findall(r'name="pick"\s+value="(\d+:\d+)"', bo.page.text)[:3]
    decide(ada, f"/items/{seen[1].split(':')[0]}", "faulty/hold")
    bo.post("/queue/bulk", {**fields, "pick": seen, "act": "decide", "comment": "Checked.",
                            "outcome": "needs_evidence/hold"})
    assert "2 of 3 done" in bo.page.text and "changed meanwhile" in bo.page.text


def test_what_was_answered_survives_a_kill(desk, start):
    ada = person(desk, "ada", "analyst")
    ada.get("/?verdict=hold")
    paths = item_paths(ada.page.text)[:6]
    for path in paths:
        decide(ada, path, "faulty/hold", f"Broken {path}.")
    assert desk.stop(signal.SIGKILL) == -signal.SIGKILL
    again = start(store=desk.store)
    ada.desk = again
    for path in paths:
        assert f"Broken {path}." in ada.get(path).text
    again.stop()
    assert b"good: " in run(ASSAYD, "audit", "verify", "--store", desk.store).stdout


def test_a_request_that_has_begun_is_answered_after_sigterm(desk):
    ada = person(desk, "ada", "analyst")
    cookie = "; ".join(f"{c.name}={c.value}" for c in ada.http.cookies)
    import socket
    with socket.create_connection(("127.0.0.1", desk.port), timeout=20) as connection:
        body = f"csrf={ada.token()}&view=late".encode()
        head = (f"POST /views HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nCookie: {cookie}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode()
        connection.sendall(head + body[:5])
        import time
        time.sleep(0.5)
        desk.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(body[5:])
        assert connection.recv(4096).startswith(b"HTTP/1.1 303")
    assert desk.process.wait(timeout=30) == 0


def test_a_backup_restores_what_was_decided(desk, tmp_path):
    ada = person(desk, "ada", "analyst")
    ada.get("/?verdict=hold")
    path = item_paths(ada.page.text)[0]
    decide(ada, path, "faulty/hold", "Kept in the copy.")
    run(ASSAYD, "backup", tmp_path / "copy.db", "--store", desk.store)
    desk.stop()
    run(ASSAYD, "restore", tmp_path / "copy.db", "--store", tmp_path / "new.db")
    again = desks.Desk(tmp_path / "new.db")
    try:
        bo = person(again, "bo", "viewer")
        assert "Kept in the copy." in bo.get(path).text
    finally:
        again.stop()
