// What every page does once scripts are on.

import { catchCalls } from "./calls.js";
import { localiseTimes } from "./times.js";
import { showKeptToast } from "./toast.js";
import { catchPictures } from "./viewer.js";

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-fill]");
  if (chip) fill(chip);
  if (event.target.closest("[data-go-back]")) history.length > 1 ? history.back() : location.assign("/");
});

function fill(chip) {
  const input = document.getElementById(chip.dataset.fill);
  input.value = chip.dataset.value;
  for (const other of document.querySelectorAll(`[data-fill="${CSS.escape(chip.dataset.fill)}"]`)) {
    if (other.hasAttribute("aria-pressed")) other.setAttribute("aria-pressed", String(other === chip));
  }
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  if (!chip.hasAttribute("aria-pressed")) input.focus();
}

catchCalls(document);
catchPictures();
localiseTimes(document);
showKeptToast();
