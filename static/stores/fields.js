"use strict";
/* Fields that show only when others were changed or ticked, fields that choose others, and names that are suggested
   while typing. */
(() => {
  const changed = (field) => field && field.value !== field.defaultValue;

  function update(form) {
    for (const part of form.querySelectorAll("[data-when-changed]")) {
      const watched = part.dataset.whenChanged.split(" ").map((id) => form.querySelector(`#${id}`));
      part.hidden = !watched.some(changed) && !part.querySelector(".is-invalid");
    }
    for (const part of form.querySelectorAll("[data-when-ticked]")) {
      part.hidden = !form.querySelector(`#${part.dataset.whenTicked}`).checked && !part.querySelector(".is-invalid");
    }
  }
  const updateAll = () => document.querySelectorAll("form").forEach(update);

  /* What is typed here counts only if something else says so. */
  function pick(field) {
    const [name, value] = field.dataset.picks.split(":");
    field.form.elements[name].value = value;
  }

  async function suggest(field) {
    const list = document.getElementById(field.getAttribute("list"));
    const url = list?.dataset.url;
    if (!url || !field.value) return;
    const answer = await fetch(`${url}?${new URLSearchParams({ [field.dataset.asks || field.name]: field.value })}`);
    if (answer.ok) list.innerHTML = await answer.text();
  }

  document.addEventListener("input", ({ target }) => {
    if (target.form) update(target.form);
    if (target.form && target.dataset.picks) pick(target);
    if (target.matches("input[list]")) suggest(target);
  });
  document.addEventListener("htmx:load", updateAll);
  updateAll();
})();
