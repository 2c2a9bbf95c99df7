"""Every page of the route table is usable by everybody: axe-core's rules, ours, and the keyboard."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from chrome import NARROW, WIDE
from selenium.webdriver.common.keys import Keys

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
CHECKS = (Path(__file__).parent / "checks.js").read_text()
RULES = {"target-size": {"enabled": True}}

# What has the focus: a number that stays with the element, whether it shows, and how.
FOCUSED = """
const at = document.activeElement;
if (!at || at === document.body) { return null; }
window.visited = window.visited || new Map();
if (!window.visited.has(at)) { window.visited.set(at, window.visited.size); }
const style = getComputedStyle(at), box = at.getBoundingClientRect();
return {number: window.visited.get(at), html: at.outerHTML.slice(0, 120),
        outline: style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0,
        shown: box.bottom > 0 && box.top < innerHeight && box.width > 0};
"""
# Where the next Tab starts from: before everything, also on pages that give a field the focus.
START = """
window.visited = new Map();
document.querySelector("a.skip").focus();
"""
CONTROLS = """
return [...document.querySelectorAll(
  "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter(e => e.checkVisibility({visibilityProperty: true}) && !e.disabled && e.tabIndex >= 0
    && !(e.closest("details:not([open])") && e.tagName !== "SUMMARY"))
  .map(e => { const all = window.visited; return [all && all.has(e), e.outerHTML.slice(0, 120)]; });
"""


def axe(person):
    person.driver.execute_script(AXE)
    result = person.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {rules: arguments[0], resultTypes: ['violations']}).then(done);", RULES)
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
            for rule in result["violations"] for node in rule["nodes"]]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_passes_axe_and_our_own_checks(pages, visitors, dark):
    complaints, titles = {}, {}
    for name, (who, path) in pages.items():
        person = visitors[who]
        person.look(WIDE, dark)
        person.go(path)
        found = axe(person) + person.driver.execute_script(CHECKS) + person.complaints()
        if found:
            complaints[name] = found
        titles.setdefault(person.driver.title, []).append(path)
    assert not complaints, json.dumps(complaints, indent=1, ensure_ascii=False)
    print(f"{len(pages)} pages, {len(titles)} titles")


def test_pages_of_different_kinds_have_different_titles(pages, visitors):
    titles = {}
    for name, (who, path) in pages.items():
        visitors[who].go(path)
        titles.setdefault(visitors[who].driver.title, set()).add(path.split("?")[0])
    assert {title: paths for title, paths in titles.items() if len(paths) > 1} == {}


def test_on_a_phone_no_page_is_wider_than_the_screen(pages, visitors):
    wide = {}
    for name, (who, path) in pages.items():
        person = visitors[who]
        for width in (NARROW, (320, 640)):
            person.look(width)
            person.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                "width": width[0], "height": width[1], "deviceScaleFactor": 1, "mobile": True})
            person.go(path)
            reached = person.driver.execute_script(
                "return [...document.querySelectorAll('body *')].filter(e => !e.closest('.wide') && "
                "e.checkVisibility() && e.getBoundingClientRect().right > arguments[0] + 1 && "
                "!e.closest('.unseen')).map(e => e.outerHTML.slice(0, 100))", width[0])
            total = person.driver.execute_script("return document.documentElement.scrollWidth")
            if total > width[0]:
                wide[f"{name} at {width[0]}"] = [total, *reached[:3]]
        person.look(WIDE)
    assert not wide, json.dumps(wide, indent=1)


def test_the_tab_key_reaches_every_control_and_the_focus_shows(pages, visitors):
    problems = {}
    for name, (who, path) in pages.items():
        person = visitors[who]
        person.look(WIDE)
        person.go(path)
        person.driver.execute_script(START)
        person.press_with(Keys.SHIFT, Keys.TAB)
        found, seen = [], -1
        for _ in range(600):
            person.press(Keys.TAB)
            at = person.driver.execute_script(FOCUSED)
            if at is None or at["number"] < seen:
                break
            if at["number"] > seen + 1:
                found.append(f"out of order: {at['html']}")
            if at["outline"] < 2 or not at["shown"]:
                found.append(f"the focus does not show: {at['html']}")
            seen = at["number"]
        found += [f"not reached: {html}"
                  for was, html in person.driver.execute_script(CONTROLS) if not was]
        if found:
            problems[name] = found[:10]
    assert not problems, json.dumps(problems, indent=1, ensure_ascii=False)


def test_no_page_names_a_control_only_by_what_it_looks_like(pages, visitors):
    """Chromium's own accessibility tree: each control has a name that is spoken."""
    nameless = {}
    for name, (who, path) in pages.items():
        person = visitors[who]
        person.go(path)
        tree = person.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = {"button", "link", "textbox", "combobox", "checkbox", "image", "searchbox",
                 "region", "table", "DisclosureTriangle", "Date"}
        found = [node["role"]["value"] for node in tree
                 if not node.get("ignored") and node["role"]["value"] in roles
                 and not node.get("name", {}).get("value", "").strip()]
        if found:
            nameless[name] = found
    assert nameless == {}
