// Short notices that screen readers are told of too. One kept for the next page survives a reload.

const SHOWN = 6000; // milliseconds; errors stay until they are closed
const KEPT = "selfsame.toast";

export function toast(text, tone = "info") {
  if (!text) return;
  const box = document.createElement("div");
  box.className = `toast toast-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "icon-button";
  close.setAttribute("aria-label", "Close notice");
  close.textContent = "✕";
  close.addEventListener("click", () => box.remove());
  box.append(words, close);
  document.getElementById("toasts").append(box);
  if (tone !== "error") setTimeout(() => box.remove(), SHOWN);
}

export function toastAfterReload(text) {
  try {
    if (text) sessionStorage.setItem(KEPT, text);
  } catch {
    // Not shown, then.
  }
}

export function showKeptToast() {
  try {
    const text = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    toast(text);
  } catch {
    // Nothing kept.
  }
}

export function announce(text) {
  document.getElementById("announcer").textContent = text;
}
