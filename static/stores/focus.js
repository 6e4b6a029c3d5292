"use strict";
/* When what has the focus is taken away, the focus goes to the same fetched anew, else to what was around it, else
   back to where it came from. */
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const dialog = find("#dialog");
  const layerOf = (one) => one.closest("#toasts, dialog");
  let last = null;

  const isShown = (one) => Boolean(one?.isConnected && one.checkVisibility({ visibilityProperty: true }) && !one.matches("a:not([href])"));
  function give(one, options) {
    if (one?.matches("tr")) one.tabIndex = -1;
    one?.focus(options);
    return Boolean(one) && document.activeElement === one;
  }

  /* What finds it again: rows, links and boxes have no id. */
  function selectorOf(one) {
    const having = (name, of = one) => `[${name}="${CSS.escape(of.getAttribute(name))}"]`;
    if (one.id) return `#${CSS.escape(one.id)}`;
    for (const name of ["rel", "data-href", "href"]) if (one.hasAttribute(name)) return one.localName + having(name);
    if (one.matches("[name][value]")) return one.localName + having("name") + having("value");
    return one.matches("form[action] button") ? `form${having("action", one.closest("form"))} button` : null;
  }
  function placeBefore(layer) {
    if (!last || last.layer === layer) return last?.before;
    return last.before?.layer === layer ? last.before.before : last;
  }
  function remember(stop) {
    const layer = layerOf(stop);
    return {
      stop,
      layer,
      selector: selectorOf(stop),
      menu: stop.closest("details.menu"),
      isInList: Boolean(stop.closest("#results")),
      before: placeBefore(layer),
    };
  }
  function giveBack({ stop, layer, selector, menu, isInList, before }) {
    if (isShown(stop) && give(stop)) return;
    const same = selector && find(selector, layer || document);
    if (isShown(same) && give(same)) return;
    if (isShown(menu) && give(find("summary", menu))) return;
    if (isInList && give(find("#results"), { preventScroll: true })) return;
    if (layer?.open && give(find(".sheet-close", layer))) return;
    if (before) giveBack(before);
  }

  function look() {
    const now = document.activeElement;
    if (!last || (now !== document.body && now !== last.stop)) return;
    // A button is at rest while its form is sent; whoever left by themselves is left alone.
    if (isShown(last.stop) && (last.stop.disabled || !last.rested)) last.rested = last.stop.disabled;
    else giveBack(last);
  }
  new MutationObserver(look).observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ["hidden", "open", "disabled", "href"],
  });
  document.addEventListener("focusin", ({ target }) => (last = remember(target)));
  document.addEventListener("pointerdown", () => (last = null), true);

  /* Whoever went on from row to row in the dialog comes back to the row of the last. */
  const pathOf = ({ dataset }) => new URL(dataset.href || dataset.url, location.href).pathname;
  const isOfDialog = (row) => pathOf(dialog).startsWith(pathOf(row));
  dialog.addEventListener("close", () => {
    const now = document.activeElement;
    const row = [...document.querySelectorAll("#results tr[data-href]")].find(isOfDialog);
    if (!row || row.contains(now) || (now !== document.body && !now.closest("#results tr"))) return;
    give((now.matches("a") && find("a[data-dialog]", row)) || row);
  });
})();
