"""A desk with a night's work at it, and people with browsers."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[1] / "Web"
sys.path.insert(0, str(WEB))

import chrome  # noqa: E402
import scene  # noqa: E402

# The same night and the same desks as those of the tests without a browser.
_spec = importlib.util.spec_from_file_location("web_conftest", WEB / "conftest.py")
_web = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_web)
night, out, start, desk = _web.night, _web.out, _web.start, _web.desk


def pytest_addoption(parser):
    parser.addoption("--screenshots", metavar="DIR", help="keep the pictures of every page here")


def pytest_configure(config):
    missing = [name for name, path in (("chromium", chrome.CHROMIUM),
                                       ("chromium-driver", chrome.DRIVER)) if not path]
    if missing:
        words = f"the Debian packages {', '.join(missing)} are not installed"
        if os.environ.get("ASSAY_BROWSER_REQUIRED"):
            pytest.exit(words, returncode=4)
        config.stash[_missing] = words
    _web.pytest_configure(config)


_missing = pytest.StashKey[str]()


def pytest_collection_modifyitems(config, items):
    if words := config.stash.get(_missing, None):
        for item in items:
            item.add_marker(pytest.mark.skip(reason=words))


@pytest.fixture(scope="session")
def pictures(request, tmp_path_factory):
    """Where pictures go."""
    folder = request.config.getoption("--screenshots")
    folder = Path(folder) if folder else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def browser():
    """Opens browsers, each with a profile of its own, and closes them with the test."""
    people = []

    def begin(desk, scripts=True):
        person = chrome.Person(desk, scripts)
        people.append(person)
        return person

    yield begin
    for person in people:
        person.close()


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    """A desk in the middle of its work, on which every kind of page has something to show."""
    office = scene.Office(tmp_path_factory.mktemp("office"))
    yield office
    office.desk.stop()


@pytest.fixture(scope="session")
def pages(office):
    """{name: (who, path)} of every page."""
    return scene.pages(office)


@pytest.fixture(scope="session")
def visitors(office):
    """Browsers that are signed in: an administrator, and a guest who is not."""
    admin, guest = chrome.Person(office.desk), chrome.Person(office.desk)
    admin.sign_in("admin", scene.PASSWORD)
    yield {"admin": admin, "guest": guest}
    admin.close()
    guest.close()
