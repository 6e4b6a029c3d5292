"use strict";
/* Ctrl-K or Cmd-K goes anywhere: to a page of the menu, or to a customer whom the server finds. */
(() => {
  const dialog = document.querySelector("#go");
  if (!dialog) return;
  const field = dialog.querySelector("#go-field");
  const people = dialog.querySelector("#go-people");
  const pages = [...dialog.querySelectorAll("#go-pages li")];
  const links = (root = dialog) => [...root.querySelectorAll("li:not([hidden]) > a")];
  let waits = false;

  function narrow() {
    const typed = field.value.trim().toLowerCase();
    for (const page of pages) page.hidden = !page.textContent.toLowerCase().includes(typed);
  }
  function clear() {
    field.value = "";
    people.replaceChildren();
    waits = false;
    narrow();
  }
  function move(step) {
    const stops = [field, ...links()];
    stops[stops.indexOf(document.activeElement) + step]?.focus();
  }
  // Whoever types a name and Enter at once means whom the server is still looking for.
  function go() {
    const answered = people.querySelector("[data-typed]")?.dataset.typed ?? "";
    const [page] = links(dialog.querySelector("#go-pages"));
    waits = !page && answered !== field.value;
    if (!waits) (page || links()[0])?.click();
  }

  document.addEventListener("keydown", (event) => {
    const wanted = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!wanted) return;
    event.preventDefault();
    if (!dialog.open && !document.querySelector("#discard[open]")) dialog.showModal();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && event.target === field) go();
    else return;
    event.preventDefault();
  });
  field.addEventListener("input", () => {
    waits = false;
    narrow();
  });
  people.addEventListener("htmx:afterSwap", () => waits && go());
  dialog.addEventListener("click", ({ target, ctrlKey, metaKey }) => {
    if (target === dialog || (target.closest("a") && !ctrlKey && !metaKey)) dialog.close();
  });
  dialog.addEventListener("close", clear);
})();
