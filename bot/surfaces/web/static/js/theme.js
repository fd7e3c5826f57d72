// Loaded before anything is painted: scripts are on, and which of light and dark was chosen here.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  let chosen = null;
  try {
    chosen = localStorage.getItem("selfsame.theme");
  } catch {
    // Storage may be switched off; then the system's choice holds.
  }
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("selfsame.theme", root.dataset.theme);
    } catch {
      // Not kept, then.
    }
  });
})();
