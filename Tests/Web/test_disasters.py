"""A full disk, kills in the middle of answers, a restored backup: nothing is lost that was answered,
and nothing is decided twice."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from desk import ASSAY, ASSAYD, Browser, item_paths, person, run


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder],
                          capture_output=True, text=True)
    if made.returncode != 0:
        pytest.skip(f"this user may not mount a file system: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder):
    """Leaves no byte free."""
    with open(folder / "filler", "wb", buffering=0) as file:
        for size in (1 << 16, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def attempt(browser, path, comment, outcome="faulty/hold"):
    """Decides; returns the status, or None when no answer came."""
    try:
        page = browser.http.get(browser.desk.url + path, timeout=30)
        if page.status_code != 200:
            return page.status_code
        browser.page = page
        if not browser.has_form(path + "/decide"):
            return 409
        fields = browser.form(path + "/decide")["fields"]
        answer = browser.http.post(
            browser.desk.url + path + "/decide", timeout=30, allow_redirects=False,
            data={**fields, "outcome": outcome, "comment": comment})
        return answer.status_code
    except requests.RequestException:
        return None


def decisions(store):
    """{item: [comments of its decisions]}"""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        found = {}
        for item, comment in database.execute("SELECT item_id, comment FROM decision ORDER BY id"):
            found.setdefault(f"/items/{item}", []).append(comment)
    database.close()
    return found


def held(browser):
    return item_paths(browser.get("/?verdict=hold").text)


def test_on_a_full_disk_pages_are_read_and_nothing_is_half_done(start, small_disk, out):
    desk = start("--bundles", out, "--import", store=small_disk / "desk.db")
    ada = person(desk, "ada", "analyst")
    paths = held(ada)
    assert attempt(ada, paths[0], "Before.") == 303
    fill(small_disk)
    codes = {}
    for path in paths[1:]:
        # Long comments, so that the room the store has already taken for itself is used up.
        codes[path] = attempt(ada, path, f"{path} " + "x" * 3900)
        if codes[path] == 503:
            break
    assert 503 in codes.values(), codes
    refused = next(path for path, code in codes.items() if code == 503)
    # What can be read is read, and the page says what happened in plain words.
    answer = ada.http.get(desk.url + paths[0], timeout=30)
    assert answer.status_code == 200 and "Before." in answer.text
    assert desk.process.poll() is None
    (small_disk / "filler").unlink()
    assert attempt(ada, refused, "After.") == 303
    assert desk.stop() == 0
    found = decisions(desk.store)
    done = {path for path, code in codes.items() if code == 303}
    assert set(found) == {paths[0], refused} | done
    assert all(len(comments) == 1 for comments in found.values())
    assert found[refused] == ["After."]
    assert b"good: " in run(ASSAYD, "audit", "verify", "--store", desk.store).stdout


def test_kills_in_the_middle_of_answers_lose_nothing_and_double_nothing(desk, start):
    chance = random.Random(11)
    names = [f"analyst {number}" for number in range(4)]
    people = [person(desk, name, "analyst") for name in names]
    answered, asked = {}, {}
    for round in range(6):
        left = [path for path in held(people[0]) if path not in answered]
        if not left:
            break
        stopped, begun = threading.Event(), threading.Event()

        def work(number):
            # Two of them go for the same nodes: one of the two decides.
            mine = left[number // 2::2]
            for path in mine:
                if stopped.is_set():
                    return
                comment = f"{names[number]} in round {round} on {path}"
                asked.setdefault(path, []).append(comment)
                code = attempt(people[number], path, comment)
                assert code in (303, 404, 409, None), code
                if code == 303:
                    answered.setdefault(path, []).append(comment)
                    begun.set()

        with ThreadPoolExecutor(4) as pool:
            running = [pool.submit(work, number) for number in range(4)]
            # From the first answer on, so that a slow machine kills inside answers too.
            begun.wait(30)
            time.sleep(0.3 * chance.random())
            os.kill(desk.process.pid, signal.SIGKILL)
            desk.process.wait(30)
            stopped.set()
            for future in running:
                future.result()
        desk = start(store=desk.store)
        for browser in people:
            browser.desk = desk
    assert answered and desk.stop() == 0
    found = decisions(desk.store)
    for path, comments in answered.items():
        assert len(comments) == 1, f"two were told that they decided {path}"
        assert found[path] == comments
    for path, comments in found.items():
        assert len(comments) == 1 and comments[0] in asked[path]
    assert b"good: " in run(ASSAYD, "audit", "verify", "--store", desk.store).stdout


def overturn(first, second, path, comment):
    """A false positive, seconded."""
    assert attempt(first, path, comment, "false_positive/accept") == 303
    first.get(path)
    number = re.search(r"/decisions/(\d+)/withdraw", first.page.text).group(1)
    second.get(path)
    second.send(f"/decisions/{number}/approve", comment="Agreed.")


def test_a_restored_backup_and_a_revision_made_since_do_not_decide_twice(
        desk, start, out, night, tmp_path):
    ada, bo = person(desk, "ada", "analyst"), person(desk, "bo", "analyst")
    before, since = item_paths(ada.get("/?verdict=reject").text)[:2]
    overturn(ada, bo, before, "Before the copy.")
    run(ASSAYD, "backup", tmp_path / "copy.db", "--store", desk.store)
    overturn(ada, bo, since, "Since the copy.")
    epoch = int(night["bundle"].name.split("-")[1])
    decided = ada.get(f"/exports/decisions.ndjson?profile=wireless&epoch={epoch}").content
    assert len(decided.splitlines()) == 2
    (tmp_path / "decided.ndjson").write_bytes(decided)
    bundle = out / "wireless" / night["bundle"].name
    run(ASSAY, "correct", bundle, "--decisions", tmp_path / "decided.ndjson", "--key", night["key"])
    revision = bundle.with_name(bundle.name.replace("-r0", "-r1"))

    # While the desk runs nothing is put in its store's place.
    refused = run(ASSAYD, "restore", tmp_path / "copy.db", "--store", desk.store, check=False)
    assert refused.returncode != 0
    assert "Since the copy." in ada.get(since).text
    desk.stop()
    run(ASSAYD, "restore", tmp_path / "copy.db", "--store", desk.store)
    assert decisions(desk.store) == {before: ["Before the copy."]}
    run(ASSAYD, "import", revision, "--store", desk.store)

    again = start("--bundles", out, store=desk.store)
    lead = person(again, "lee", "lead")
    # The ledger's word holds for both: what the copy knew of is done, what it did not know of is
    # shown as corrected, and neither is exported once more.
    for path in (before, since):
        text = lead.get(path).text
        assert "The run said reject" in text, path
    assert "in revision 1" in lead.get(before).text
    left = lead.get(f"/exports/decisions.ndjson?profile=wireless&epoch={epoch}").content
    assert left == b""
    lines = [json.loads(line) for line in decided.splitlines()]
    assert {line["verdict"] for line in lines} == {"accept"}
    again.stop()
    assert b"good: " in run(ASSAYD, "audit", "verify", "--store", desk.store).stdout


def test_a_broken_copy_does_not_take_the_store_s_place(desk, tmp_path):
    ada = person(desk, "ada", "analyst")
    path = held(ada)[0]
    assert attempt(ada, path, "Kept.") == 303
    run(ASSAYD, "backup", tmp_path / "copy.db", "--store", desk.store)
    desk.stop()
    whole = (tmp_path / "copy.db").read_bytes()
    for name, bytes in (("cut", whole[:len(whole) // 2]), ("text", b"not a store"), ("none", b"")):
        (tmp_path / name).write_bytes(bytes)
        done = run(ASSAYD, "restore", tmp_path / name, "--store", desk.store, check=False)
        assert done.returncode in (1, 3, 4), (name, done.returncode, done.stderr)
        assert decisions(desk.store) == {path: ["Kept."]}
