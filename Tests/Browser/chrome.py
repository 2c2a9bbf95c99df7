"""Headless Chromium as somebody at the desk uses it: with or without scripts, wide or narrow, light
or dark, and on paper."""

import base64
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException, StaleElementReferenceException, WebDriverException)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")
WIDE, NARROW = (1280, 900), (390, 844)


def start(scripts, downloads):
    """A new browser with a profile of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                     "--disable-background-networking", "--disable-extensions", "--no-first-run",
                     "--hide-scrollbars", f"--window-size={WIDE[0]},{WIDE[1]}", "--lang=en-GB"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    preferences = {"download.default_directory": str(downloads)}
    if not scripts:
        preferences["profile.managed_default_content_settings.javascript"] = 2
    options.add_experimental_option("prefs", preferences)
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    driver.set_page_load_timeout(60)
    return driver


class Person:
    """Somebody with a browser at the desk."""

    def __init__(self, desk, scripts=True):
        self.desk = desk
        self.scripts = scripts
        self.downloads = Path(tempfile.mkdtemp(prefix="assay-browser-"))
        self.driver = start(scripts, self.downloads)

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.downloads, ignore_errors=True)

    # Pages

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.desk.url).split("?")[0]

    def go(self, path):
        self.driver.get(path if path.startswith("http") else self.desk.url + path)

    @property
    def text(self):
        return self.find("body").text

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def has(self, selector):
        return bool(self.all(selector))

    def link(self, text):
        return self.driver.find_element(By.PARTIAL_LINK_TEXT, text)

    def complaints(self):
        """What the browser's console said, such as a blocked style: there should be nothing."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "status of 4" not in entry["message"]]

    # Acts

    def click(self, element):
        """Clicks, and waits for the page that comes."""
        element = self.find(element) if isinstance(element, str) else element
        self._leaving(element.click)

    def press(self, *keys):
        """Types into whatever has the focus."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def press_with(self, held, key):
        """Presses a key while another is held down."""
        webdriver.ActionChains(self.driver).key_down(held).send_keys(key).key_up(held).perform()

    def enter(self):
        """Presses the Enter key, and waits for the page that comes."""
        self._leaving(lambda: self.press(Keys.ENTER))

    def _leaving(self, act):
        page = self.find("html")
        act()
        for _ in range(500):
            try:
                page.is_enabled()
            except (StaleElementReferenceException, NoSuchElementException):
                break
            except WebDriverException as error:
                # What the driver says of a page that goes while it is asked about it.
                if "does not belong to the document" not in str(error):
                    raise
                break
            time.sleep(0.02)
        else:
            raise AssertionError(f"no other page came after {self.driver.current_url}")
        self.find("main")

    def open(self, summary):
        """Opens a part that is folded."""
        for element in self.all("summary"):
            if element.text == summary:
                return element.click()
        raise AssertionError(f"nothing is folded under {summary}")

    def download(self, element):
        """Clicks a link to a file, and returns the file."""
        before = set(self.downloads.iterdir())
        element.click()
        for _ in range(500):
            new = [file for file in set(self.downloads.iterdir()) - before
                   if not file.name.startswith(".") and file.suffix != ".crdownload"]
            if new:
                return new[0]
            time.sleep(0.02)
        raise AssertionError("no file came")

    # The keyboard

    def name_of_focus(self):
        """What a screen reader calls that which has the focus."""
        element = self.driver.switch_to.active_element
        return element.accessible_name, element

    def tab_to(self, name):
        """Presses the Tab key until something of this name has the focus."""
        for _ in range(300):
            self.press(Keys.TAB)
            found, element = self.name_of_focus()
            if found == name:
                return element
        raise AssertionError(f"the Tab key reaches nothing called {name}")

    def fill(self, action, submit="button", **values):
        """Fills the form with this action and presses a button of it."""
        form = self.find(f'form[action="{action}"]')
        for name, value in values.items():
            field = form.find_element(By.NAME, name)
            if field.tag_name == "select":
                Select(field).select_by_value(value)
            elif field.get_attribute("type") == "date":
                # As a person types it, in the order of the browser's language.
                year, month, day = value.split("-")
                field.send_keys(day + month + year)
            else:
                if field.get_attribute("type") != "file":
                    field.clear()
                field.send_keys(value)
        self.click(form.find_element(By.CSS_SELECTOR, submit))

    def welcome(self, link, password):
        self.go(link)
        self.fill(self.path, password=password, again=password)
        assert "The password is set" in self.text

    def sign_in(self, name, password):
        self.go("/login")
        self.fill("/login", name=name, password=password)

    # Looks

    def look(self, size=WIDE, dark=False):
        """The size of the window and the reader's choice of colours."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size == NARROW})
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})

    def picture(self, file):
        """The whole page as PNG."""
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        taken = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": size["width"],
                     "height": min(size["height"], 6000), "scale": 1}})
        file.write_bytes(base64.b64decode(taken["data"]))

    def paper(self, file):
        """The page as printed: PDF, and PNG of its sheets beside it. Returns the sheets' files."""
        printed = self.driver.execute_cdp_cmd("Page.printToPDF", {
            "preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69})
        file.write_bytes(base64.b64decode(printed["data"]))
        subprocess.run(["pdftoppm", "-r", "80", "-png", "-l", "3", file, file.with_suffix("")],
                       check=True, timeout=60)
        return sorted(file.parent.glob(file.stem + "-*.png"))
