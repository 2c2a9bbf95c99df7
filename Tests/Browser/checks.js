// What axe-core leaves open or unsaid, over the page as it is drawn. Returns a list of complaints.
"use strict";
const complaints = [];

function say(rule, element, words) {
  const text = element ? element.outerHTML.replace(/\s+/g, " ").slice(0, 140) : "";
  complaints.push(rule + ": " + words + (text ? " in " + text : ""));
}

function isShown(element) {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) {
    return false;
  }
  const box = element.getBoundingClientRect();
  return box.width > 1 && box.height > 1;
}

// Colours and their contrast, as WCAG 2 defines it.
function parts(colour) {
  const found = colour.match(/[\d.]+/g).map(Number);
  return found.length === 3 ? [...found, 1] : found;
}

function over(top, below) {
  return [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
}

function ground(element) {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const colour = parts(getComputedStyle(at).backgroundColor);
    if (colour[3] > 0) { layers.push(colour); }
    if (colour[3] === 1) { break; }
  }
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
}

function luminance(colour) {
  const [r, g, b] = colour.slice(0, 3).map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function checkText() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || seen.has(element) || !isShown(element)) { continue; }
    if (/^(OPTION|TITLE|DESC|SCRIPT|STYLE)$/i.test(element.tagName)) { continue; }
    seen.add(element);
    const style = getComputedStyle(element);
    const isDrawn = element instanceof SVGElement;
    const behind = ground(element);
    const ratio = contrast(over(parts(isDrawn ? style.fill : style.color), behind), behind);
    if (ratio < 4.5) { say("contrast", element, ratio.toFixed(2) + " is below 4.5"); }
    if (parseFloat(style.fontSize) < 10) { say("size", element, "text of " + style.fontSize); }
  }
}

function checkControls() {
  for (const element of document.querySelectorAll("input, select, textarea, button, a[href]")) {
    const isSpoken = element.getAttribute("aria-hidden") !== "true";
    if (element.type === "hidden" || !isSpoken || !isShown(element)) { continue; }
    const box = element.getBoundingClientRect();
    const isInline = element.tagName === "A" && getComputedStyle(element).display === "inline"
      && !element.closest("nav");
    if (!isInline && (box.width < 17 || box.height < 17)) {
      say("target", element, Math.round(box.width) + " by " + Math.round(box.height) + " px");
    }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName)) {
      const names = element.labels && element.labels.length || element.getAttribute("aria-label");
      if (!names) { say("label", element, "no label"); }
      const edge = parts(getComputedStyle(element).borderTopColor);
      const behind = ground(element.parentElement);
      const isBox = element.type === "checkbox" || element.type === "radio";
      if (!isBox && contrast(over(edge, behind), behind) < 3) {
        say("contrast", element, "its border is too faint");
      }
    }
  }
  for (const element of document.querySelectorAll("[tabindex]")) {
    if (element.tabIndex > 0) { say("tabindex", element, "a positive tabindex"); }
  }
}

function checkStructure() {
  if (!document.documentElement.lang) { say("language", null, "the page names none"); }
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(isShown);
  const tops = headings.filter((heading) => heading.tagName === "H1");
  if (tops.length !== 1) { say("headings", null, tops.length + " of level 1"); }
  let level = 0;
  for (const heading of headings) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) { say("headings", heading, "a level is left out before it"); }
    level = own;
  }
  for (const [name, count] of [["main", 1], ["header", 1]]) {
    if (document.querySelectorAll("body > " + name).length !== count) {
      say("landmarks", null, "not one " + name);
    }
  }
  for (const nav of document.querySelectorAll("nav, [role=region], section, form[role]")) {
    const named = nav.getAttribute("aria-label") || nav.getAttribute("aria-labelledby");
    if (!named && /^(NAV)$/.test(nav.tagName)) { say("landmarks", nav, "no name"); }
    if (!named && nav.getAttribute("role") === "region") { say("landmarks", nav, "no name"); }
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of ids) {
    if (ids.indexOf(id) !== ids.lastIndexOf(id)) { say("ids", null, "twice: " + id); }
  }
  for (const element of document.querySelectorAll("[aria-labelledby], [aria-describedby]")) {
    for (const attribute of ["aria-labelledby", "aria-describedby"]) {
      for (const id of (element.getAttribute(attribute) || "").split(/\s+/).filter(Boolean)) {
        if (!document.getElementById(id)) { say("ids", element, "nothing is called " + id); }
      }
    }
  }
}

function checkTables() {
  for (const table of document.querySelectorAll("table")) {
    const region = table.closest("[role=region][aria-label]");
    if (!table.caption && !region) { say("tables", table, "neither caption nor name"); }
    const heads = [...table.querySelectorAll("th")];
    if (!heads.length) { say("tables", table, "no header"); }
    for (const head of heads) {
      if (!head.scope) { say("tables", head, "a header without scope"); }
      if (!head.textContent.trim()) { say("tables", head, "an empty header"); }
    }
    const columns = table.tHead ? table.tHead.rows[0].cells.length : 0;
    for (const body of table.tBodies) {
      for (const row of body.rows) {
        const cells = [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
        if (columns && cells !== columns && ![...row.cells].some((cell) => cell.rowSpan > 1)) {
          say("tables", row, cells + " cells under " + columns + " headers");
        }
      }
    }
  }
}

function checkDrawings() {
  for (const image of document.querySelectorAll("svg, img")) {
    if (image.getAttribute("aria-hidden") === "true") { continue; }
    const title = image.querySelector && image.querySelector(":scope > title");
    const name = image.getAttribute("aria-label") || image.getAttribute("alt")
      || image.getAttribute("aria-labelledby") || (title && title.textContent.trim());
    if (!name) { say("drawings", image, "no name"); }
    if (image.tagName === "svg" && image.getAttribute("role") !== "img") {
      say("drawings", image, "its role is not img");
    }
  }
}

function checkPolicy() {
  for (const element of document.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.name === "style" || attribute.name.startsWith("on")) {
        say("policy", element, "an inline " + attribute.name);
      }
    }
  }
  for (const entry of performance.getEntriesByType("resource")) {
    if (!entry.name.startsWith(location.origin)) { say("policy", null, "loads " + entry.name); }
  }
}

checkText();
checkControls();
checkStructure();
checkTables();
checkDrawings();
checkPolicy();
return complaints;
