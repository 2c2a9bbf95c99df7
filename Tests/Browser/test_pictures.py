"""Pictures of every page: light, dark, on a phone and on paper. They are there to be looked at, with
`--screenshots DIR`; what can be checked of them is."""

import subprocess

import pytest
from chrome import NARROW, WIDE


@pytest.mark.parametrize("name, size, dark", [
    ("light", WIDE, False), ("dark", WIDE, True), ("phone", NARROW, False)])
def test_every_page_on_a_screen(pages, visitors, pictures, name, size, dark):
    for page, (who, path) in pages.items():
        person = visitors[who]
        person.look(size, dark)
        person.go(path)
        file = pictures / f"{page}-{name}.png"
        person.picture(file)
        assert file.stat().st_size > 4_000, page
        person.look()


def test_every_page_on_paper(pages, visitors, pictures):
    """Everything that can be read on the screen is on paper too, and no control is."""
    for page, (who, path) in pages.items():
        person = visitors[who]
        person.look()
        person.go(path)
        tables = [cell.text for cell in person.all("main tbody th[scope=row] a")][:5]
        folded = person.has("main details pre")
        file = pictures / f"{page}-paper.pdf"
        person.paper(file)
        text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True,
                              check=True, timeout=60).stdout
        whole = "".join(text.split())
        for word in tables:
            # The rest may stand on the cell's next line.
            assert "".join(word.split())[:12] in whole, (page, word)
        if folded:
            assert '"evidence":' in whole, page
        for control in ("Sign out", "Keep note", "Take next", "Save view"):
            assert control not in text, (page, control)


def test_what_an_act_leads_to(office, visitors, pictures):
    """Pages that no address leads to: a stale view, what became of picked nodes, a refusal."""
    admin = visitors["admin"]
    admin.look()
    admin.go("/?verdict=hold&profile=wireless")
    for box in admin.all('input[name="pick"]')[:2]:
        box.click()
    admin.fill("/queue/bulk", 'button[value="snooze"]', comment="After the update.")
    admin.picture(pictures / "bulk-light.png")
    admin.go("/?verdict=hold&profile=compute")
    admin.click(admin.all("table.queue tbody th a")[0])
    path = admin.path
    office.decide(office.ada, path, "faulty/hold", "The card throttles.")
    admin.fill(path + "/decide", outcome="needs_evidence/hold", comment="Ask for the serial.")
    assert "It has changed meanwhile" in admin.text
    admin.picture(pictures / "stale-light.png")
    admin.look(WIDE, dark=True)
    admin.picture(pictures / "stale-dark.png")
    admin.look()
    guest = visitors["guest"]
    guest.look()
    guest.sign_in("nobody", "a wrong password")
    assert "wrong" in guest.text
    guest.picture(pictures / "login-wrong-light.png")
