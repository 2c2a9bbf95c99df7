"""A front before the desk, settings from three places, owners, and the figures."""

import json
import os
import re
import subprocess
import time

import pytest
import requests
from desk import ASSAYD, PASSWORD, Browser, Desk, item_paths, person, run
from tokens import AUDIENCE, ISSUER, Front

TOKEN = "a-token-of-enough-characters"


@pytest.fixture(scope="session")
def front():
    return Front()


@pytest.fixture
def identity(front, tmp_path):
    """The settings of a front, and the file of its keys."""
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(front.keys()))
    return {"issuer": ISSUER, "audience": [AUDIENCE], "keys": str(keys),
            "roles": ["analysts=analyst", "heads=lead", "roots=admin"]}


def settings(tmp_path, **values):
    path = tmp_path / "desk.json"
    path.write_text(json.dumps(values))
    return path


def behind(desk, token):
    """A browser whose every request comes by the front."""
    browser = Browser(desk)
    browser.http.headers["Authorization"] = f"Bearer {token}"
    return browser


# Identity from a front

@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_front_lets_people_in_and_they_work_as_before(
        start, out, front, identity, tmp_path, algorithm):
    desk = start("--bundles", out, "--import", "--no-passwords", "--config",
                 settings(tmp_path, identity=identity))
    ada = behind(desk, front.token(algorithm))
    first = item_paths(ada.get("/").text)[0]
    ada.send("/queue/next")
    ada.send(first + "/note", text="Seen by the front.")
    assert "Seen by the front." in ada.page.text and "ada@example.org" in ada.page.text
    # One session for all of it, and one person.
    trail = run(ASSAYD, "people", "list", "--store", desk.store).stdout.decode()
    assert trail.count("ada@example.org") == 1
    audit = ada.get("/audit").text
    assert audit.count("session opened") == 1 and "person added" in audit
    assert "good: " in run(ASSAYD, "audit", "verify", "--store", desk.store).stdout.decode()


def test_every_wrong_token_is_refused(start, front, identity, tmp_path):
    desk = start("--config", settings(tmp_path, identity=identity))
    other, now = Front(), int(time.time())
    wrong = {
        "another's key": other.token(), "another's EC key": other.token("ES256"),
        "none": front.token("none"), "none, no signature": front.token("none").rstrip("."),
        "the public key as a secret": front.token("HS256"), "HS256 with oct":
        front.token("HS256", kid="oct"), "RS256 as ES256": front.token("RS256", kid="ec"),
        "ES256 as RS256": front.token("ES256", kid="rsa"), "unknown": front.token(kid="x"),
        "no kid": front.token(header={"kid": None}), "critical": front.token(header={"crit": []}),
        "expired": front.token(exp=now - 60), "early": front.token(nbf=now + 60),
        "issuer": front.token(iss=ISSUER + "/"), "audience": front.token(aud="others"),
        "no audience": front.token(aud=None), "no end": front.token(exp=None),
        "no subject": front.token(sub=None), "no name": front.token(email=None),
        "cut": front.token()[:-4], "empty": "", "words": "let me in",
        "as JSON": json.dumps({"alg": "RS256"}),
    }
    for name, token in wrong.items():
        answer = requests.get(desk.url + "/", headers={"Authorization": f"Bearer {token}"},
                              allow_redirects=False, timeout=60)
        assert answer.status_code == 401, name
        assert "Set-Cookie" not in answer.headers, name
    good = front.token()
    assert requests.get(desk.url + "/", headers={"Authorization": f"Bearer {good}"},
                        timeout=60).status_code == 200
    assert requests.get(desk.url + "/", headers={"Authorization": f"Basic {good}"},
                        timeout=60).status_code == 401
    two = (f"GET / HTTP/1.1\r\nHost: d\r\nConnection: close\r\nAuthorization: Bearer {good}\r\n"
           f"Authorization: Bearer {good}\r\n\r\n")
    assert desk.raw(two.encode()).startswith(b"HTTP/1.1 401")
    # The log names the reason; the page does not, and neither has the token.
    log = "".join(desk.log)
    assert '"front":"signature"' in log and '"front":"several"' in log
    assert good.split(".")[2] not in log


def test_without_a_front_its_header_is_ignored(start, front):
    desk = start()
    answer = requests.get(desk.url + "/", allow_redirects=False, timeout=60,
                          headers={"Authorization": f"Bearer {front.token(groups=['roots'])}"})
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/login")


def test_a_role_that_the_front_takes_away_is_gone_at_once(start, front, identity, tmp_path):
    desk = start("--config", settings(tmp_path, identity=identity))
    browser = behind(desk, front.token(groups=["roots"]))
    browser.get("/people")
    later = int(time.time()) + 1
    browser.http.headers["Authorization"] = "Bearer " + front.token(iat=later)
    browser.get("/people", status=403)
    browser.get("/")
    browser.http.headers["Authorization"] = "Bearer " + front.token(groups=["guests"], iat=later)
    browser.get("/", status=403)
    del browser.http.headers["Authorization"]
    browser.get("/")
    assert "Sign in" in browser.page.text  # the session is nobody's without the front's word


def test_the_keys_are_read_anew(start, front, identity, tmp_path):
    desk = start("--config", settings(tmp_path, identity=identity))
    behind(desk, front.token()).get("/")
    other = Front()
    with open(identity["keys"], "w") as file:
        json.dump(other.keys(), file)
    behind(desk, front.token()).get("/", status=401)
    behind(desk, other.token()).get("/")


def test_passwords_and_a_front_side_by_side(start, front, identity, tmp_path):
    desk = start("--config", settings(tmp_path, identity=identity))
    bo = person(desk, "bo", "analyst")
    bo.get("/")
    bo.http.headers["Authorization"] = "Bearer " + front.token(email="bo")
    bo.get("/", status=400)  # the name is another account's
    run(ASSAYD, "people", "tie", "bo", "--issuer", ISSUER, "--subject", "u-1",
        "--store", desk.store)
    bo.get("/")
    del bo.http.headers["Authorization"]
    bo.get("/")
    bo.send("/login", name="bo", password=PASSWORD, status=401)


# Settings

def serve(*options, env=None):
    return subprocess.run([ASSAYD, "serve", *map(str, options)], capture_output=True, timeout=60,
                          env={**os.environ, **(env or {})})


def test_options_stand_before_the_environment_and_that_before_the_file(tmp_path, monkeypatch):
    file = settings(tmp_path, host="127.0.0.3", store=str(tmp_path / "file.db"),
                    requests_per_minute=5)
    monkeypatch.setenv("ASSAYD_HOST", "127.0.0.2")
    monkeypatch.setenv("ASSAYD_REQUESTS_PER_MINUTE", "7")
    monkeypatch.setenv("ASSAYD_SPELT_WRONG", "1")
    desk = Desk(tmp_path / "option.db", "--config", file)  # with --requests-per-minute 100000
    try:
        assert desk.url.startswith("http://127.0.0.2:")
        assert (tmp_path / "option.db").exists() and not (tmp_path / "file.db").exists()
        for _ in range(20):
            assert requests.get(desk.url + "/login", timeout=60).status_code == 200
        assert any("ASSAYD_SPELT_WRONG" in line for line in desk.log)
    finally:
        desk.stop()


@pytest.mark.parametrize("values, word", [
    ({"prot": 1}, "prot"), ({"identity": {"isuer": "x"}}, "identity.isuer"),
    ({"port": "many"}, "port"), ({"port": 70000}, "port"), ({"import": "perhaps"}, "import"),
    ({"bundles": "out"}, "bundles"), ({"passwords": False}, "nobody"),
    ({"identity": {"issuer": "x"}}, "identity.issuer"), ([], "JSON"),
    ({"identity": {"issuer": "x", "audience": ["a"], "keys": "/none", "roles": ["a=boss"]}},
     "GROUP=ROLE"),
])
def test_settings_that_cannot_be_are_told_and_nothing_starts(tmp_path, values, word):
    file = tmp_path / "desk.json"
    file.write_text(json.dumps(values))
    port = [] if "port" in values else ["--port", 0]  # an option stands before the file
    done = serve("--store", tmp_path / "a.db", *port, "--config", file)
    assert done.returncode == 2 and word in done.stderr.decode()
    assert not (tmp_path / "a.db").exists()


def test_files_that_are_not_there_are_told(tmp_path, identity):
    missing = str(tmp_path / "none.json")
    file = settings(tmp_path, identity={**identity, "keys": missing})
    for options in (["--config", missing], ["--config", file], ["--profile-file", missing],
                    ["--metrics-token-file", missing]):
        done = serve("--store", tmp_path / "a.db", "--port", 0, *options)
        assert done.returncode == 3 and missing in done.stderr.decode(), options


# Figures

def test_figures_are_for_this_machine_without_a_proxy_or_for_the_token(start, out, tmp_path):
    desk = start("--bundles", out, "--import")
    requests.get(desk.url + "/login", timeout=60)
    text = requests.get(desk.url + "/metrics", timeout=60).text
    assert re.search(r'^assay_desk_requests_total\{method="GET",route="/login",status="200"\} 1$',
                     text, re.M)
    assert re.search(r'^assay_desk_queue_items\{state="open"\} [1-9]\d*$', text, re.M)
    assert re.search(r"^process_resident_memory_bytes [1-9]\d+$", text, re.M)
    for name in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert requests.get(desk.url + "/metrics", headers={name: "1"},
                            timeout=60).status_code == 404
    token = tmp_path / "token"
    token.write_text(TOKEN + "\n")
    desk = start("--metrics-token-file", token, "--behind-proxy", store=tmp_path / "b.db")
    for given, status in ((None, 404), ("Bearer x", 404), (f"Bearer {TOKEN}", 200)):
        headers = {"Authorization": given} if given else {}
        assert requests.get(desk.url + "/metrics", headers=headers,
                            timeout=60).status_code == status
    desk = start("--behind-proxy", store=tmp_path / "c.db")
    assert requests.get(desk.url + "/metrics", timeout=60).status_code == 404


# Owners

def test_owners_are_shown_filtered_by_and_replaced(start, out, tmp_path):
    desk = start("--bundles", out, "--import")
    ada = person(desk, "ada", "analyst")
    rows = json.loads(ada.get("/exports/queue.json?state=any").text)
    first, second = rows[0]["node"], rows[1]["node"]
    owner = '<b>"Acme", & Sons</b>'
    file = tmp_path / "owners.csv"
    file.write_text('node,owner\n%s,"%s"\n%s,Bee\n' % (first, owner.replace('"', '""'), second))
    words = run(ASSAYD, "owners", file, "--profile", "wireless", "--store", desk.store).stdout
    assert b"2 nodes, 2 items" in words
    ada.get(f"/items/{rows[0]['id']}")
    assert owner not in ada.page.text and "&lt;b&gt;&quot;Acme&quot;" in ada.page.text
    link = re.search(r'Owner <a href="([^"]+)"', ada.page.text).group(1)
    assert item_paths(ada.get(link.replace("&amp;", "&")).text) == [f"/items/{rows[0]['id']}"]
    exported = json.loads(ada.get("/exports/queue.json?state=any&owner=Bee").text)
    assert [row["node"] for row in exported] == [second]
    file.write_text(f"{second},Cee\n")
    run(ASSAYD, "owners", file, "--profile", "wireless", "--store", desk.store)
    assert {row["owner"] for row in json.loads(ada.get("/exports/queue.json?state=any").text)} \
        == {"", "Cee"}
    file.write_text(f"{second},Cee\n{second},Dee\n")
    done = run(ASSAYD, "owners", file, "--profile", "wireless", "--store", desk.store, check=False)
    assert done.returncode == 2 and b"line 2" in done.stderr
    assert "good: " in run(ASSAYD, "audit", "verify", "--store", desk.store).stdout.decode()
