"""What pages draw from records: the logs are read beside the pages, after an import."""

import signal

import desk as desks
from desk import Browser, item_paths

DRAWN = 'class="multiples"'


def first_page(desk):
    browser = Browser(desk)
    browser.welcome(desk.first_link())
    browser.sign_in("admin")
    return browser


def node_page(browser):
    browser.get("/?verdict=reject")
    browser.get(item_paths(browser.page.text)[0])
    return browser.page.text


def test_a_bundle_imported_from_a_page_has_its_logs_read(start, out, night):
    desk = start("--bundles", out, "--logs", night["log"])
    admin = first_page(desk)
    admin.get("/bundles")
    admin.send("/bundles", path=str(next((out / "wireless").glob("epoch-*"))))
    desk.wait_for("items indexed")
    assert DRAWN in node_page(admin)


def test_what_was_not_read_before_the_desk_ended_is_read_after_the_next_start(start, out, night):
    first = start("--bundles", out, "--import")
    admin = first_page(first)
    assert "This desk has no logs" in node_page(admin)
    first.stop(signal.SIGKILL)
    second = start("--bundles", out, "--import", "--logs", night["log"])
    second.wait_for("items indexed")
    admin.desk = second
    assert DRAWN in node_page(admin)


def test_other_logs_are_not_read_unasked(start, out, night, tmp_path):
    other = tmp_path / "logs"
    other.mkdir()
    (other / night["log"].name).write_bytes(night["log"].read_bytes() + b"\n")
    desk = start("--bundles", out, "--import", "--logs", other)
    desk.wait_for("the log files that its books name are not in")
    assert "not among the logs of this desk" in " ".join(node_page(first_page(desk)).split())
    bundle = next((out / "wireless").glob("epoch-*"))
    told = desks.run(desks.ASSAYD, "index", "--store", desk.store, bundle, "--logs", other)
    assert b"items indexed" in told.stdout


def test_a_desk_ends_while_it_reads(start, out, night):
    desk = start("--bundles", out, "--import", "--logs", night["log"])
    assert desk.stop(signal.SIGTERM) == 0
