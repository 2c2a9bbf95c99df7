/// Keys for those who work through the queue all day. Every page does everything without it.
enum DeskScript {
  static let text = #"""
    "use strict";
    (function () {
      var rows = Array.prototype.slice.call(document.querySelectorAll("tr[data-href]"));
      var place = -1;

      function byKey(key) { return document.querySelector('[data-key="' + key + '"]'); }

      function go(step) {
        if (!rows.length) { return; }
        if (place >= 0) { rows[place].classList.remove("here"); }
        place = Math.min(Math.max(place + step, 0), rows.length - 1);
        rows[place].classList.add("here");
        var link = rows[place].querySelector("a");
        if (link) { link.focus(); }
        rows[place].scrollIntoView({ block: "nearest" });
      }

      function pick() {
        if (place < 0) { return; }
        var box = rows[place].querySelector("input[type=checkbox]");
        if (box) { box.checked = !box.checked; }
      }

      function isTyping(target) {
        return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox";
      }

      document.addEventListener("keydown", function (event) {
        if (event.ctrlKey || event.altKey || event.metaKey) { return; }
        if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); return; }
        if (isTyping(event.target)) { return; }
        if (event.key === "j") { go(1); }
        else if (event.key === "k") { go(-1); }
        else if (event.key === "x") { pick(); }
        else if (event.key === "?") {
          var help = document.getElementById("keys");
          if (help) { help.open = !help.open; }
        } else {
          var found = /^[a-z\/]$/.test(event.key) ? byKey(event.key) : null;
          if (!found) { return; }
          if (found.tagName === "BUTTON" || found.tagName === "A") { found.click(); }
          else { found.focus(); }
        }
        event.preventDefault();
      });

      var all = document.getElementById("pick-all");
      if (all) {
        all.parentElement.hidden = false;
        all.addEventListener("change", function () {
          rows.forEach(function (row) {
            var box = row.querySelector("input[type=checkbox]");
            if (box) { box.checked = all.checked; }
          });
        });
      }
    })();
    """#
}
