/* Runs before the first paint, so that the page never flashes in the other theme. */
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let choice = "auto";
  try {
    choice = localStorage.getItem("theme") || "auto";
  } catch {
    /* storage may be switched off; the system decides then */
  }

  function apply() {
    const theme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    root.setAttribute("data-bs-theme", theme);
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  }

  dark.addEventListener("change", apply);
  addEventListener("storage", (event) => {
    if (event.key === "theme") {
      choice = event.newValue || "auto";
      apply();
    }
  });
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    choice = button.dataset.themeChoice;
    try {
      localStorage.setItem("theme", choice);
    } catch {
      /* the choice then lasts for this page */
    }
    apply();
  });
  apply();
})();
