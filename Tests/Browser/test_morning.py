"""A whole morning at the desk in a browser: with scripts, without any, and by the keyboard alone."""

import json
import re
import time

import pytest
from desk import ASSAY, ASSAYD, PASSWORD, run
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

REJECTED = "/?verdict=reject&profile=wireless"
HELD = "/?verdict=hold&profile=wireless"


def nodes(person):
    """The nodes that the queue lists: links, in order."""
    return person.all("table.queue tbody th a")


def node_name(person):
    return person.find("h1 bdi.name").text


def invite(admin, *names):
    """Adds analysts on the page of people; returns their one-time links."""
    links = []
    for name in names:
        admin.go("/people")
        admin.fill("/people", "button.main", name=name, role="analyst")
        links.append(admin.find(".notice code").text)
    return links


def team(desk, browser, scripts=True):
    """The first administrator and two analysts, each in a browser of their own."""
    admin = browser(desk, scripts)
    admin.welcome(desk.first_link(), PASSWORD)
    admin.sign_in("admin", PASSWORD)
    people = [admin]
    for name, link in zip(("ada", "bo"), invite(admin, "ada", "bo")):
        person = browser(desk, scripts)
        person.welcome(link, PASSWORD)
        person.sign_in(name, PASSWORD)
        people.append(person)
    return people


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_morning(desk, out, night, tmp_path, browser, scripts):
    admin, ada, bo = team(desk, browser, scripts)
    if not scripts:
        ada.go("/")
        assert not ada.find("#pick-all").is_displayed(), "scripts run though they are switched off"

    # Ada takes the node most at risk.
    ada.go(REJECTED)
    first = nodes(ada)[0].text
    ada.click('form[action="/queue/next"] button')
    assert node_name(ada) == first
    wrong = ada.path

    # She reads why: reasons in words, each value drawn against its peers, what would have passed.
    assert len(ada.all("table.reasons tbody tr")) >= 1
    assert ada.has("table.reasons svg.strip") or ada.has("table.reasons p")
    for words in ("Of all nodes of this epoch", "What decided it, and what would have passed",
                  "units are at stake", "Digest of its records"):
        assert words in ada.text, words
    ada.open("The line of the bundle")
    assert json.loads(ada.find("pre").text)["node"] == first
    ada.fill(wrong + "/note", text="Two radios share this mast.")
    assert "Two radios share this mast." in ada.text

    # Overturning a reject waits for a second pair of eyes, which are not Ada's own.
    ada.fill(wrong + "/decide", outcome="false_positive/accept", comment="It shares a mast only.")
    assert "waits for a second person" in ada.text
    assert not ada.has('form[action$="/approve"]')
    bo.go("/?state=awaiting_approval")
    bo.click(nodes(bo)[0])
    approve = bo.find('form[action$="/approve"]').get_attribute("action")
    bo.fill(approve.removeprefix(desk.url), comment="Seen the photographs; agreed.")
    assert "Seen the photographs; agreed." in bo.text and bo.path == wrong

    # A page that is out of date decides nothing; it shows what changed and what was written.
    ada.go(HELD)
    ada.click(nodes(ada)[0])
    stale = ada.path
    bo.go(stale)
    ada.fill(stale + "/decide", outcome="faulty/hold", comment="A slow backhaul.")
    bo.fill(stale + "/decide", outcome="confirmed_spoof/reject", comment="Too late to be true.")
    for words in ("It has changed meanwhile", "What changed", "A slow backhaul.",
                  "Too late to be true."):
        assert words in bo.text, words
    bo.click(bo.link("Look at it again"))
    assert bo.path == stale and "faulty" in bo.text

    # Two nodes at once are put off, one more by itself.
    bo.go(HELD)
    before = [node.text for node in nodes(bo)]
    for box in bo.all('input[name="pick"]')[:2]:
        box.click()
    bo.fill("/queue/bulk", 'button[value="snooze"]', comment="After the update.")
    assert "2 of 2 done" in bo.text
    bo.click(bo.link("Back to the queue"))
    assert [node.text for node in nodes(bo)] == before[2:]
    bo.click(nodes(bo)[0])
    bo.open("Put it off")
    bo.fill(bo.path + "/snooze", comment="The owner is away.")
    assert "put off" in bo.find("section[aria-labelledby=acts]").text

    # An owner appeals against a reject that Bo confirms; an administrator answers.
    bo.go(REJECTED)
    bo.click(nodes(bo)[0])
    contested, owner = bo.path, node_name(bo)
    bo.fill(contested + "/decide", outcome="confirmed_spoof/reject", comment="A copied radio.")
    if scripts:
        packet = bo.download(bo.link("Appeal packet"))
    else:
        packet = tmp_path / "appeal.json"
        run(ASSAY, "appeal", night["bundle"], "--node", owner, "--logs", night["log"], "--out",
            packet)
    admin.go("/appeals")
    admin.fill("/appeals", packet=str(packet), text="My radio is my own.")
    assert "My radio is my own." in admin.text and owner in admin.text
    admin.fill(admin.path + "/answer", upheld="1", text="The shared receptions prove otherwise.")
    answer = admin.download(admin.link("as a file"))
    assert "The shared receptions prove otherwise." in answer.read_text()

    # What was decided becomes the next revision, which comes back in.
    ada.go("/bundles")
    decisions = ada.download(ada.find('.card a[href^="/exports/decisions.ndjson"]'))
    bundle = out / "wireless" / night["bundle"].name
    run(ASSAY, "correct", bundle, "--decisions", decisions, "--key", night["key"])
    revision = bundle.with_name(bundle.name.replace("-r0", "-r1"))
    admin.go("/bundles")
    admin.fill("/bundles", path=str(revision))
    root = next(code.text for code in admin.all("table.bundles td p code"))
    admin.go(wrong)
    assert "in revision 1" in admin.text and "The run said reject" in admin.text

    # The correction is a leaf of that root, and names the leaf it takes the place of.
    proof = tmp_path / "proof.json"
    run(ASSAY, "prove", revision, "--node", first, "--out", proof)
    assert b"good" in run(ASSAY, "verify-proof", proof, "--root", root).stdout
    proved = json.loads(proof.read_text())
    assert int(str(find(proved, "supersedes")), 16) != 0
    desk.stop()
    assert b"good: " in run(ASSAYD, "audit", "verify", "--store", desk.store).stdout


def find(value, key):
    """The first member of this name, at any depth."""
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            if (found := find(part, key)) is not None:
                return found
    return None


def test_a_morning_by_the_keyboard_alone(desk, browser):
    """No pointer: tabs, letters and Enter, from the first link to a seconded decision."""
    admin, ada, bo = (browser(desk) for _ in range(3))

    def set_password(person, link):
        person.go(link)
        person.press(PASSWORD)
        person.tab_to("Once more")
        person.press(PASSWORD)
        person.enter()

    def sign_in(person, name):
        # The name stands there after the password is set.
        assert person.find("[name=name]").get_attribute("value") == name
        person.tab_to("Password")
        person.press(PASSWORD)
        person.enter()

    set_password(admin, desk.first_link())
    sign_in(admin, "admin")
    for person, name in ((ada, "ada"), (bo, "bo")):
        admin.tab_to("People")
        admin.enter()
        admin.tab_to("Name")
        admin.press(name)
        admin.tab_to("Role")
        admin.press("analyst")
        admin.tab_to("Add")
        admin.enter()
        set_password(person, admin.find(".notice code").text)
        sign_in(person, name)

    # "n" takes the next node, "c" writes a note, "d" goes to the decision.
    ada.tab_to("Verdict")
    ada.press("reject")
    ada.tab_to("Filter")
    ada.enter()
    ada.press("n")
    wait_for(ada, lambda: ada.path.startswith("/items/"))
    path = ada.path
    ada.press("c")
    ada.press("Read by keyboard.")
    ada.tab_to("Keep note")
    ada.enter()
    assert "Read by keyboard." in ada.text
    ada.press("d")
    ada.press("false positive → accept")
    ada.tab_to("Why; the node's owner reads it")
    ada.press("It shares a mast only.")
    ada.tab_to("Decide")
    ada.enter()
    assert "waits for a second person" in ada.text

    # The second person finds it by its state, with "/" to search, "j" to go down and Enter to open.
    bo.press("/")
    assert bo.name_of_focus()[0] == "Node"
    bo.tab_to("State")
    bo.press("awaiting")
    bo.tab_to("Filter")
    bo.enter()
    bo.press("j")
    bo.enter()
    assert bo.path == path
    bo.tab_to("Comment")
    bo.press("Agreed.")
    bo.tab_to("Approve")
    bo.enter()
    assert "second person bo" in bo.text.replace("\n", " ")

    # "b" goes back; "j" and "x" pick; what was picked is put off.
    bo.press("b")
    wait_for(bo, lambda: bo.path == "/")
    picked = []
    for _ in range(2):
        bo.press("j")
        picked.append(bo.name_of_focus()[0])
        bo.press("x")
    assert len(bo.all('input[name="pick"]:checked')) == 2
    bo.tab_to("Comment")
    bo.press("After the update.")
    bo.tab_to("Put off")
    bo.enter()
    assert "2 of 2 done" in bo.text and all(name in bo.text for name in picked)

    # "?" says which keys there are.
    bo.go("/")
    bo.press("?")
    assert bo.find("#keys").get_attribute("open") is not None


def wait_for(person, condition):
    for _ in range(500):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"still at {person.driver.current_url}")


def test_letters_typed_into_a_field_are_no_commands(desk, browser):
    admin, ada, _ = team(desk, browser)
    ada.go(HELD)
    ada.click(nodes(ada)[0])
    path = ada.path
    field = ada.find("textarea[name=comment]")
    field.send_keys("bad timer, no receptions?")
    assert ada.path == path and field.get_attribute("value") == "bad timer, no receptions?"
    ada.press(Keys.ESCAPE)
    ada.press("b")
    wait_for(ada, lambda: ada.path == "/")


def test_pages_ask_for_nothing_from_elsewhere_and_the_console_is_silent(desk, browser):
    admin, ada, _ = team(desk, browser)
    for path in ("/", "/quality", "/bundles", "/audit", "/appeals"):
        ada.go(path)
        names = ada.driver.execute_script(
            "return performance.getEntriesByType('resource').map(e => e.name)")
        assert names and all(name.startswith(desk.url) for name in names), names
    assert ada.complaints() == []
    hosts = {re.match(r"\w+://[^/]+", name).group() for name in names}
    assert hosts == {desk.url}
