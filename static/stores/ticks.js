"use strict";
/* Ticked rows of a list: the bar that acts on them, and the box that ticks a page. */
(() => {
  const bar = () => document.getElementById("ticks");
  const boxes = () => [...document.querySelectorAll('#results input[name="tick"]')];
  const ticked = () => boxes().filter((box) => box.checked);
  let everything = false;
  let latest = null;

  function address(url) {
    const wanted = new URL(url, location.href);
    const query = new URLSearchParams(location.search);
    if (!everything) for (const box of ticked()) query.append("tick", box.value);
    wanted.search = query;
    return wanted.href;
  }

  function update() {
    const form = bar();
    if (!form) return;
    const number = ticked().length;
    const all = form.querySelector("[data-tick-all]");
    everything &&= number === boxes().length && number > 0;
    form.hidden = number === 0;
    form.querySelector("[data-tick-count]").textContent = everything ? all.dataset.total : number;
    all.hidden = everything || number < boxes().length || all.dataset.more !== "yes";
    const head = document.getElementById("tick-page");
    if (!head) return;
    head.checked = number > 0 && number === boxes().length;
    head.indeterminate = number > 0 && number < boxes().length;
  }

  function prepare() {
    const head = document.querySelector("#results th.tick .head");
    if (head && bar() && !document.getElementById("tick-page")) {
      const box = document.createElement("input");
      box.type = "checkbox";
      box.id = "tick-page";
      box.className = "form-check-input";
      box.setAttribute("aria-label", bar().dataset.page);
      const target = document.createElement("label");
      target.append(box);
      head.replaceChildren(target);
    }
    everything = false;
    update();
  }

  // With Shift all rows from the one ticked before become as this one.
  function take(box, isRange) {
    const rows = boxes();
    const [first, last] = [rows.indexOf(latest), rows.indexOf(box)].sort((one, other) => one - other);
    if (isRange && first >= 0) for (const row of rows.slice(first, last + 1)) row.checked = box.checked;
    latest = box;
    update();
  }

  document.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest(".tick")) event.preventDefault(); // it would mark the words between
  });
  document.addEventListener("click", (event) => {
    const { target, shiftKey } = event;
    const box = target.closest(".tick label")?.control;
    if (box?.name !== "tick") return;
    if (target !== box) {
      if (!shiftKey) return; // a click on the box follows
      event.preventDefault(); // with Shift it follows in some browsers only
      box.checked = !box.checked;
    }
    take(box, shiftKey);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.id === "tick-page") for (const box of boxes()) box.checked = target.checked;
    if (target.id === "tick-page" || target.name === "tick") {
      everything = false;
      update();
    }
  });
  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest("[data-tick-all]")) everything = true;
    else if (target.closest("[data-tick-none]")) for (const box of boxes()) box.checked = false;
    else return;
    update();
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== bar()) return;
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("dialog:open", { detail: { url: address(event.submitter.formAction) } }));
  });
  // Buttons on top of the list act on what it shows now.
  document.addEventListener(
    "click",
    ({ target }) => {
      const link = target.closest("a[data-of-list]");
      if (link) link.href = address(link.href);
    },
    true,
  );
  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
