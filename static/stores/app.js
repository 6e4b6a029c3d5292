"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const on = (name, handler, options) => document.addEventListener(name, handler, options);
  const dialog = find("#dialog");
  const dialogBody = find("#dialog-body");
  const toasts = find("#toasts");
  const toastTemplate = find("#toast-template");
  // The server says them in the language of the page.
  const words = toastTemplate.dataset;

  /* Requests */

  on("htmx:configRequest", ({ detail }) => {
    detail.headers["X-CSRFToken"] = find('meta[name="csrf-token"]').content;
    if (detail.verb !== "get") return;
    for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
  });

  on("htmx:beforeSwap", ({ detail }) => {
    const { xhr } = detail;
    if (xhr.getResponseHeader("HX-Trigger")?.includes("dialog:close")) detail.shouldSwap = false;
    // A whole page where a piece was asked for: signed out meanwhile, or turned away.
    if (xhr.status >= 500 || !/^\s*<!doctype/i.test(xhr.responseText)) return;
    detail.shouldSwap = false;
    if (isDirty()) toast({ text: words.signedOut, level: "error" });
    else if (detail.requestConfig.verb === "get") location.assign(xhr.responseURL.startsWith(location.origin) ? xhr.responseURL : "/");
    else location.reload();
  });

  // What asks on its own, again and again, is not worth a word each time.
  const unasked = ({ elt }) => Boolean(elt?.closest?.("[data-unasked]"));
  const failed = (text) => ({ detail }) => unasked(detail) || toast({ text, level: "error" });
  on("htmx:responseError", ({ detail }) => {
    const number = detail.xhr.getResponseHeader("X-Mistake");
    const wrong = number ? `${words.wrong} ${words.mistake.replace("%s", number)}` : words.wrong;
    if (!unasked(detail)) toast({ text: detail.xhr.status === 503 ? words.busy : wrong, level: "error" });
  });
  on("htmx:sendError", failed(words.offline));
  on("htmx:timeout", failed(words.late));

  function busy(form, state) {
    for (const button of all("button:not([type=button])", form)) {
      button.disabled = state;
      button.toggleAttribute("aria-busy", state);
    }
  }
  on("submit", ({ target }) => {
    if (target.method === "post") setTimeout(() => busy(target, true));
  });
  on("htmx:afterRequest", ({ target }) => target.matches?.("form") && busy(target, false));
  addEventListener("pageshow", () => all("form").forEach((form) => busy(form, false)));

  /* The list, kept in place */

  const results = () => find("#results");
  let keep = null;
  let refreshing = false;

  const here = () => location.pathname + location.search;
  function refresh() {
    if (!results()) return;
    refreshing = true;
    htmx.ajax("GET", here(), { source: "#results", target: "#results", swap: "outerHTML" });
  }
  on("htmx:beforeSwap", ({ detail }) => {
    if (detail.target !== results()) return;
    const frame = find("#results .frame");
    keep = frame && { left: frame.scrollLeft, top: refreshing ? frame.scrollTop : 0 };
    refreshing = false;
  });
  on("htmx:afterSettle", () => {
    if (!keep) return;
    find("#results .frame")?.scrollTo({ ...keep, behavior: "instant" });
    find("#results-said").textContent = (find("#count") || find("#results .empty h2"))?.textContent.replace(/\s+/g, " ");
    keep = null;
  });
  on("results:refresh", refresh);

  /* Dialog */

  const ERRORS = ".form-errors, .is-invalid";
  const written = new WeakMap();

  const values = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
  const isDirty = () =>
    dialog.open &&
    all("form[method=post]", dialogBody).some((form) => find(".is-invalid", form) || (written.has(form) && written.get(form) !== values(form)));

  on("htmx:load", ({ detail }) => {
    for (const form of all("form", detail.elt.parentElement || detail.elt)) if (!written.has(form)) written.set(form, values(form));
  });

  async function mayLeave() {
    const ask = find("#discard");
    if (!isDirty()) return true;
    ask.returnValue = "";
    ask.showModal();
    await new Promise((done) => ask.addEventListener("close", done, { once: true }));
    return ask.returnValue === "discard";
  }
  async function openDialog(url) {
    if (!(await mayLeave())) return;
    dialog.dataset.url = url;
    htmx.ajax("GET", url, { source: dialogBody, target: dialogBody, swap: "innerHTML" });
  }
  // What is open stands in the address, so that a reload opens it again.
  function stand(at) {
    dialog.dataset.url = at;
    const { pathname, search } = new URL(at, location.href);
    history.replaceState(history.state, "", `#${pathname}${search}`);
  }
  function show() {
    stand(dialog.dataset.url);
    if (!dialog.open) {
      dialog.showModal();
      dialog.append(toasts); // what stands outside a modal dialog cannot be clicked
    }
    dialogBody.scrollTop = 0;
    focusFirst(dialogBody);
    // Unless the same is there again.
    queueMicrotask(() => dialog.contains(document.activeElement) || find(".sheet-close", dialogBody)?.focus());
  }
  function focusFirst(root) {
    const field = root === dialogBody ? ", [data-focus] :is(input:not([type=hidden]), select, textarea)" : "";
    (find(ERRORS, root) || find(`[autofocus]${field}`, root))?.focus();
  }
  async function tryClose() {
    if (dialog.open && (await mayLeave())) dialog.close();
  }
  on("htmx:afterSwap", ({ detail }) => detail.target === dialogBody && show());
  // Until then fields have the looks of those before them.
  on("htmx:afterSettle", ({ detail }) => detail.target === dialogBody && find(ERRORS, dialogBody)?.focus());
  on("dialog:close", ({ detail }) => {
    dialog.close();
    if (detail.at) history.replaceState(history.state, "", detail.at);
    refresh();
  });
  on("dialog:open", ({ detail, target }) => {
    if (dialogBody.contains(target)) dialogBody.replaceChildren(); // it was sent: nothing to lose
    openDialog(detail.url);
  });
  on("dialog:refresh", () => {
    refresh();
    if (dialog.open && !isDirty()) openDialog(dialog.dataset.url);
  });
  on("dialog:at", ({ detail }) => stand(detail.url));
  on("dialog:go", ({ detail }) => {
    refresh();
    dialog.dataset.url = detail.url;
    htmx.ajax("GET", detail.url, { source: dialogBody, target: dialogBody, swap: "innerHTML" });
  });
  dialog.addEventListener("close", () => {
    history.replaceState(history.state, "", here());
    document.body.append(toasts);
    dialogBody.replaceChildren();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    tryClose();
  });
  let pressedOn = null;
  on("pointerdown", ({ target }) => (pressedOn = target));
  dialog.addEventListener("click", ({ target }) => target === dialog && pressedOn === dialog && tryClose());
  addEventListener("beforeunload", (event) => isDirty() && event.preventDefault());

  /* Toasts */

  function wait(item) {
    if (item.matches(".error")) return;
    let timer;
    const start = () => (timer = setTimeout(() => item.remove(), find(".toast-undo", item) ? 12000 : 6000));
    const stop = () => clearTimeout(timer);
    for (const name of ["pointerenter", "focusin"]) item.addEventListener(name, stop);
    for (const name of ["pointerleave", "focusout"]) item.addEventListener(name, start);
    start();
  }
  function toast({ text, undo, level }) {
    const item = toastTemplate.content.firstElementChild.cloneNode(true);
    const button = find(".toast-undo", item);
    find("p", item).textContent = text;
    if (level) item.classList.add(level);
    if (level === "error") item.setAttribute("role", "alert");
    if (undo) {
      button.textContent = undo.label;
      button.addEventListener("click", () => takeBack(undo.url, item));
    } else button.remove();
    toasts.append(item);
    wait(item);
  }
  // Each kind of request has an element of its own: of two from one element, htmx drops the one that waits.
  function takeBack(url, item) {
    item.remove();
    htmx.ajax("POST", url, { source: toasts, target: toasts, swap: "none" });
  }
  on("toast", ({ detail }) => toast(detail));
  all(".toast-item", toasts).forEach(wait);
  all(".toast-close[hidden]", toasts).forEach((button) => (button.hidden = false));

  /* Clicks */

  // Browsers give the clipboard to secure pages only, and may keep it back from those too.
  function copyWithoutClipboard(button) {
    const field = document.createElement("textarea");
    field.value = button.dataset.copy;
    button.after(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    button.focus();
    return copied;
  }
  async function copy(button) {
    const label = find(".copy-label", button) || button;
    const before = label.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      if (!copyWithoutClipboard(button)) return;
    }
    label.textContent = words.copied;
    setTimeout(() => (label.textContent = before), 1600);
  }
  function follow(event, link, url) {
    if (event.ctrlKey || event.metaKey || event.button === 1) return link.matches("tr") && window.open(url);
    if (event.shiftKey || event.altKey) return;
    if (link.hasAttribute("data-dialog")) {
      event.preventDefault();
      openDialog(url);
    } else if (link.matches("tr")) location.assign(url);
  }
  function clicked(event) {
    const { target } = event;
    const control = target.closest("a, button, input, select, label, summary, textarea");
    const row = target.closest("tr[data-href]");
    if (control?.matches("a[data-dialog]")) follow(event, control, control.href);
    else if (row && !control && getSelection().isCollapsed) follow(event, row, row.dataset.href);
  }
  function closeMenus(target) {
    for (const menu of all("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
  }
  // A menu that was left would cover what comes after it; a dialog that it opened leads back into it.
  on("focusin", ({ target }) => target.closest("dialog") || closeMenus(target));
  on("click", (event) => {
    const { target } = event;
    closeMenus(target);
    if (target.closest("#dialog [data-close]")) {
      event.preventDefault();
      return void tryClose();
    }
    if (target.closest(".toast-close")) return target.closest(".toast-item").remove();
    if (target.closest("[data-copy]")) return void copy(target.closest("[data-copy]"));
    const opens = target.closest("[data-open]");
    if (opens) return find(`#${opens.dataset.open}`).showModal();
    clicked(event);
  });
  on("auxclick", (event) => event.button === 1 && !event.target.closest("a") && clicked(event));
  on("submit", ({ target }) => target.id === "list-form" && find(".filters", target)?.removeAttribute("open"));

  // On a phone the menu and the views are strips wider than the window.
  function showActive() {
    for (const active of all(":is(.main-menu, .views nav) [aria-current]")) {
      const strip = active.closest("nav");
      strip.scrollLeft = active.offsetLeft - (strip.clientWidth - active.offsetWidth) / 2;
    }
  }
  on("htmx:afterSettle", ({ target }) => target.id === "results" && showActive());
  showActive();
  focusFirst(find("#main") || document.body);
  if (/^#\/(?![/\\])/.test(location.hash)) openDialog(location.hash.slice(1));
})();
