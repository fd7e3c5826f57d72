// Buttons that call a command (forms to /do) are sent without leaving the page.

import { askPlainly, askToConfirm } from "./ask.js";
import { sendForm, SendError } from "./send.js";
import { toast, toastAfterReload } from "./toast.js";

export async function runCall(form, button) {
  const next = form.elements.next?.value || location.pathname + location.search;
  const conversation = form.elements.conversation?.value || "";
  const pressed = button || form.querySelector("button");
  pressed?.setAttribute("aria-busy", "true");
  try {
    const answer = await sendForm(form);
    if (answer.download) await save(answer.download);
    else if (answer.confirm) askToConfirm(answer.confirm, { conversation, next });
    else if (answer.accepted) leaveViewer(next);
    else goOn(answer);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    toast(error.message, "error");
  } finally {
    pressed?.removeAttribute("aria-busy");
  }
}

function goOn(answer) {
  toastAfterReload(answer.text);
  const here = location.pathname + location.search;
  if (!answer.go || answer.go === here) location.reload();
  else location.assign(answer.go);
}

// A picture asked for in the viewer appears in the conversation: close the viewer, or go there.
function leaveViewer(next) {
  const viewer = document.getElementById("viewer");
  if (viewer?.open) viewer.close();
  if (next && next.split("?")[0] !== location.pathname) location.assign(next);
}

async function save(answer) {
  const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("content-disposition") || "");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = named ? decodeURIComponent(named[1]) : "selfsame";
  link.click();
  URL.revokeObjectURL(link.href);
}

async function askFirst(form, button) {
  if (!form.dataset.ask || (await askPlainly(form.dataset.ask, button.textContent.trim() || "Forget it"))) await runCall(form, button);
}

export function catchCalls(root) {
  root.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-call]")) return;
    event.preventDefault();
    askFirst(event.target, event.submitter);
  });
}
