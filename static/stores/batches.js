"use strict";
/* The bar of the batch at work. It comes when a dialog that watched one is closed, and what ended between two pages is
   told of on the next. */
(() => {
  const KEY = "batch at work";
  const place = document.querySelector("#batch-place");
  if (!place) return;
  const on = (name, handler) => document.addEventListener(name, handler);
  const bar = () => document.querySelector("#batch-bar");

  /* Storage may be switched off: then only the bar that is shown tells of its end. */
  function watched() {
    try {
      return sessionStorage.getItem(KEY) || "";
    } catch {
      return "";
    }
  }
  function watch(url) {
    try {
      sessionStorage.setItem(KEY, url);
    } catch {
      /* see above */
    }
  }
  const told = (url) => url === watched() && watch("");

  function look(root) {
    const working = root.querySelector("[data-bar]");
    const ended = root.querySelector("[data-told]");
    if (ended) told(ended.dataset.told);
    if (working) watch(working.dataset.bar);
  }
  function ask() {
    const url = watched();
    if (bar() || !url.startsWith(place.dataset.of)) return;
    htmx.ajax("GET", url, { source: place, target: place, swap: "innerHTML" });
  }

  // As soon as it is shown: a dialog may be closed before its new content has settled.
  on("htmx:afterSwap", ({ target }) => look(target.parentElement || document));
  on("htmx:beforeSwap", ({ detail }) => {
    const { xhr, target } = detail;
    if (target !== place && target !== bar()) return;
    if (xhr.status >= 500) return;
    if (xhr.status === 200 && !/^\s*<!doctype/i.test(xhr.responseText)) {
      if (!xhr.responseText.trim()) watch("");
      return;
    }
    // Gone, or signed out meanwhile: it does not ask again.
    detail.shouldSwap = false;
    place.replaceChildren();
    watch("");
  });
  document.querySelector("#dialog").addEventListener("close", ask);
  look(document);
  if (!document.querySelector("[data-bar]")) ask();
})();
