"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (name, handler, options) => document.addEventListener(name, handler, options);

  /* Hints, in the top layer so that no frame cuts them */

  const tip = document.createElement("div");
  tip.id = "tip";
  tip.popover = "manual";
  document.body.append(tip);
  function showTip({ target }) {
    const hint = target.closest?.(".hint");
    if (!hint) return;
    hint.removeAttribute("title");
    tip.textContent = hint.getAttribute("aria-label");
    tip.showPopover();
    const box = hint.getBoundingClientRect();
    const left = Math.min(box.left + box.width / 2 - tip.offsetWidth / 2, innerWidth - tip.offsetWidth - 8);
    tip.style.left = `${Math.max(8, left)}px`;
    tip.style.top = `${box.bottom + 4}px`;
  }
  const hideTip = ({ target }) => target.closest?.(".hint") && tip.hidePopover();
  for (const name of ["pointerover", "focusin"]) on(name, showTip);
  for (const name of ["pointerout", "focusout"]) on(name, hideTip);

  /* Keys */

  function move(step) {
    const rows = all("#results tr[data-href]");
    const now = rows.indexOf(document.activeElement.closest("tr"));
    const row = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
    if (!row) return false;
    row.tabIndex = -1;
    row.focus();
    return true;
  }
  function escape(event) {
    const menu = event.target.closest("details.menu[open]");
    if (tip.matches(":popover-open")) tip.hidePopover();
    else if (event.target.id === "q" && event.target.value) {
      event.target.value = "";
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (menu) {
      menu.open = false;
      find("summary", menu).focus();
    } else if (event.target.closest("#dialog")) {
      find("#dialog").dispatchEvent(new Event("cancel", { cancelable: true }));
    } else return false;
    return true;
  }
  function search() {
    const field = find("#q");
    field?.focus();
    field?.select();
    return Boolean(field);
  }
  // From one profile to the next without going back to the list; from one page of rows to the next.
  function beside(rel) {
    const link = find(`a[rel=${rel}][href]`, find("#dialog[open]") || document);
    link?.click();
    return Boolean(link);
  }
  function message() {
    const button = find("#toasts > :last-child button");
    button?.focus();
    return Boolean(button);
  }
  function keyList() {
    find("#keys")?.showModal();
    return true;
  }
  function key(event) {
    const { target } = event;
    if (event.key === "Escape") return !find("#discard[open]") && escape(event);
    if (target.id === "q" && event.key === "ArrowDown") return move(1);
    const typing = target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
    if (!typing && !find("dialog.small[open]")) {
      if (event.key === "u") return message();
      if (event.key === "[") return beside("prev");
      if (event.key === "]") return beside("next");
    }
    if (typing || target.closest("dialog[open]")) return false;
    const row = target.closest("tr[data-href]");
    const free = row || target === document.body || target.id === "results";
    if (event.key === "/") return search();
    if (event.key === "?") return keyList();
    if (event.key === "Enter" && row && target === row) return row.click() ?? true;
    if (event.key === "j" || (free && event.key === "ArrowDown")) return move(1);
    if (event.key === "k" || (free && event.key === "ArrowUp")) return move(-1);
    return false;
  }
  on("keydown", (event) => {
    const held = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
    if (event.isComposing || held) return;
    if (key(event)) event.preventDefault();
  });
})();
