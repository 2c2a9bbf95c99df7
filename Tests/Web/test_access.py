"""Who may come where: roles, tokens of forms, sessions and cookies."""

import pytest
import requests
from desk import PASSWORD, ROLES, Browser, person

# Every address with the least role that may use it, written down apart from the desk's own table.
PAGES = {
    "viewer": ["/", "/items/1", "/items/1/line", "/compare?ids=1,2", "/cluster/1", "/appeals",
               "/bundles", "/bundles/1/report", "/quality", "/audit", "/exports/queue.csv",
               "/exports/queue.json", "/exports/quality.csv", "/exports/quality.json"],
    "analyst": ["/exports/decisions.csv", "/exports/decisions.json", "/exports/labels.csv", "/exports/decisions.ndjson?profile=wireless&epoch=1",
                "/items/1/packet", "/appeals/1/packet"],
    "lead": [],
    "admin": ["/people"],
}
ACTS = {
    "viewer": ["/views", "/views/99/delete"],
    "analyst": ["/queue/next", "/queue/bulk", "/items/9999/take", "/items/9999/release",
                "/items/9999/note", "/items/9999/snooze", "/items/9999/decide",
                "/decisions/9999/approve", "/decisions/9999/decline", "/decisions/9999/withdraw",
                "/appeals"],
    "lead": ["/bundles", "/appeals/9999/answer"],
    "admin": ["/people", "/people/9999/role", "/people/9999/link", "/people/9999/deactivate",
              "/people/9999/reactivate"],
}


@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_role_reaches_its_own_pages_and_no_other(office, role):
    desk, people = office
    browser = people[role] if role else Browser(desk)
    for least, paths in PAGES.items():
        allowed = role is not None and ROLES.index(role) >= ROLES.index(least)
        for path in paths:
            answer = browser.http.get(desk.url + path, allow_redirects=False, timeout=60)
            if role is None:
                assert answer.status_code == 303, path
                assert answer.headers["Location"].startswith("/login"), path
            elif allowed:
                assert answer.status_code in (200, 404), (path, answer.status_code)
            else:
                assert answer.status_code == 403, (path, answer.status_code)


@pytest.mark.parametrize("role", [None, *ROLES])
def test_each_role_does_its_own_acts_and_no_other(office, role):
    desk, people = office
    browser = people[role] if role else Browser(desk)
    token = browser.token() if role else "0" * 64
    for least, paths in ACTS.items():
        allowed = role is not None and ROLES.index(role) >= ROLES.index(least)
        for path in paths:
            answer = browser.http.post(desk.url + path, data={"csrf": token}, timeout=60,
                                       allow_redirects=False)
            if role is None:
                assert answer.status_code == 303, path
            elif allowed:
                assert answer.status_code in (200, 303, 400, 404), (path, answer.status_code)
            else:
                assert answer.status_code == 403, (path, answer.status_code)


@pytest.mark.parametrize("values", [
    {}, {"csrf": ""}, {"csrf": "0" * 64}, "another person's", "foreign origin", "foreign site"])
def test_a_form_without_the_session_s_own_token_changes_nothing(office, values):
    desk, people = office
    analyst, headers = people["analyst"], {}
    if values == "another person's":
        values = {"csrf": people["lead"].token()}
    elif values == "foreign origin":
        values, headers = {"csrf": analyst.token()}, {"Origin": "http://evil.example"}
    elif values == "foreign site":
        values, headers = {"csrf": analyst.token()}, {"Sec-Fetch-Site": "cross-site"}
    answer = analyst.http.post(desk.url + "/views", data={**values, "view": "stolen"},
                               headers=headers, timeout=60)
    assert answer.status_code == 403
    assert "stolen" not in analyst.get("/").text


def test_a_session_is_new_at_every_sign_in_and_void_after_signing_out(desk):
    browser = person(desk, "ada", "viewer")
    fixed = "f" * 64
    victim = Browser(desk)
    victim.http.cookies.set("assay_session", fixed)
    victim.sign_in("ada")
    tokens = [c.value for c in victim.http.cookies if c.name == "assay_session" and c.value]
    assert fixed not in tokens[-1:]
    old = browser.http.cookies["assay_session"]
    browser.get("/")
    browser.send("/logout")
    again = requests.get(desk.url + "/", cookies={"assay_session": old}, timeout=60,
                         allow_redirects=False)
    assert again.status_code == 303


def test_cookies_cannot_be_read_by_scripts_nor_sent_from_elsewhere(start):
    desk = start()
    browser = Browser(desk)
    browser.welcome(desk.first_link())
    browser.get("/login")
    fields = {**browser.form("/login")["fields"], "name": "admin", "password": PASSWORD}
    answer = browser.http.post(desk.url + "/login", data=fields, allow_redirects=False, timeout=60)
    cookies = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookies and "SameSite=Lax" in cookies and "Path=/" in cookies


def test_behind_tls_cookies_are_secure_and_hsts_is_sent(start):
    desk = start("--secure-cookies")
    answer = requests.get(desk.url.replace("https", "http") + "/login", timeout=60)
    assert "Secure" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers
