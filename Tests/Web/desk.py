"""A desk to test from outside: `assayd serve` on a free port, and people with browsers."""

import html
import os
import re
import signal
import socket
import subprocess
import threading
import time
from html.parser import HTMLParser
from pathlib import Path

import requests

REPO = Path(__file__).resolve().parents[2]
ASSAYD = os.environ.get("ASSAYD_BIN", str(REPO / ".build/release/assayd"))
ASSAY = os.environ.get("ASSAY_BIN", str(REPO / ".build/release/assay"))
PASSWORD = "correct horse battery"
ROLES = ("viewer", "analyst", "lead", "admin")


def run(binary, *args, check=True):
    done = subprocess.run([binary, *map(str, args)], capture_output=True, timeout=300)
    if check:
        assert done.returncode == 0, done.stderr.decode()
    return done


class Desk:
    """A running desk. Output is read as it comes; the log stays in `log`."""

    def __init__(self, store, *options):
        self.store = store
        self.log = []
        self.process = subprocess.Popen(
            [ASSAYD, "serve", "--store", store, "--port", "0",
             "--requests-per-minute", "100000", *map(str, options)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self._read_log, daemon=True).start()
        self.url = self._line("listening: ").rstrip("/")
        self.port = int(self.url.rsplit(":", 1)[1])

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line)

    def wait_for(self, words, count=1, seconds=300):
        """Waits until COUNT messages have WORDS."""
        end = time.monotonic() + seconds
        while sum(words in line for line in self.log) < count:
            assert time.monotonic() < end and self.process.poll() is None, "".join(self.log)
            time.sleep(0.05)

    def _line(self, prefix):
        line = self.process.stdout.readline()
        assert line.startswith(prefix), (line, "".join(self.log))
        return line[len(prefix):].strip()

    def first_link(self):
        return self._line("first administrator: ")

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout=60)

    def raw(self, data, timeout=10):
        """Sends bytes as they are and reads until the desk closes or says nothing more."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(data)
            answer = b""
            try:
                while part := connection.recv(65536):
                    answer += part
            except TimeoutError:
                pass
            return answer


class Forms(HTMLParser):
    """The forms of a page: action, method and the values that a browser would send."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.select = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.forms.append({"action": attrs.get("action"), "method": attrs.get("method", "get"),
                               "fields": {}})
        if not self.forms:
            return
        fields = self.forms[-1]["fields"]
        if tag == "input" and "name" in attrs and attrs.get("type") not in ("checkbox", "file"):
            fields[attrs["name"]] = attrs.get("value") or ""
        if tag == "textarea":
            fields[attrs["name"]] = ""
        if tag == "select":
            self.select = attrs["name"]
        if tag == "option" and self.select:
            if self.select not in fields or "selected" in attrs:
                fields[self.select] = attrs.get("value", "")

    def handle_endtag(self, tag):
        if tag == "select":
            self.select = None


class Browser:
    """Somebody at the desk, without scripts."""

    def __init__(self, desk):
        self.desk = desk
        self.http = requests.Session()
        self.page = None

    def get(self, path, status=200, **options):
        self.page = self.http.get(self.desk.url + path, timeout=60, **options)
        assert status is None or self.page.status_code == status, (
            path, self.page.status_code, self.words())
        return self.page

    def words(self):
        text = re.sub(r"<[^>]+>", " ", self.page.text)
        return re.sub(r"\s+", " ", html.unescape(text))[:2000]

    def form(self, action):
        for form in Forms(self.page.text).forms:
            if form["action"] == action:
                return form
        raise AssertionError(f"no form {action} in {self.words()}")

    def has_form(self, action):
        return any(form["action"] == action for form in Forms(self.page.text).forms)

    def send(self, action, status=200, files=None, at=None, **values):
        """Fills the form with this action on the present page, and sends it."""
        fields = {**self.form(action)["fields"], **values}
        return self.post(at or action, fields, status, files=files)

    def post(self, path, fields, status=200, **options):
        self.page = self.http.post(self.desk.url + path, data=fields, timeout=60, **options)
        assert status is None or self.page.status_code == status, (
            path, self.page.status_code, self.words())
        return self.page

    def token(self):
        """The session's token for forms."""
        text = self.http.get(self.desk.url + "/", timeout=60).text
        return re.search(r'name="csrf" value="([0-9a-f]+)"', text).group(1)

    def sign_in(self, name, password=PASSWORD, status=200):
        self.get("/login")
        return self.send("/login", status=status, name=name, password=password)

    def welcome(self, link, password=PASSWORD):
        path = link[link.index("/welcome/"):]
        self.get(path)
        self.send(path, password=password, again=password)
        assert "Sign in" in self.page.text


def person(desk, name, role):
    """Adds somebody by the command line and signs them in."""
    link = run(ASSAYD, "people", "add", name, "--role", role,
               "--store", desk.store).stdout.decode().strip()
    browser = Browser(desk)
    browser.welcome(link)
    browser.sign_in(name)
    return browser


def item_paths(text):
    """The nodes that a page of the queue lists, in order."""
    return list(dict.fromkeys(re.findall(r'<th scope="row"><a href="(/items/\d+)"', text)))
