// Questions in a dialog: the server's own (HTML of a confirmation), or a plain one.

import { runCall } from "./calls.js";

function open(build) {
  const dialog = document.createElement("dialog");
  dialog.className = "question-dialog";
  const box = document.createElement("div");
  box.className = "question";
  dialog.append(box);
  build(box, dialog);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  dialog.querySelector("[data-dismiss], [value=no]")?.focus(); // Enter by mistake keeps everything
  return dialog;
}

export function askToConfirm(html, { conversation = "", next = "" } = {}) {
  open((box, dialog) => {
    box.innerHTML = html; // escaped by the server's templates
    dialog.setAttribute("aria-label", box.querySelector(".confirm-question")?.textContent || "Are you sure?");
    box.querySelector("[data-dismiss]").addEventListener("click", (event) => {
      event.preventDefault();
      dialog.close();
    });
    box.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      const form = event.target;
      for (const [name, value] of Object.entries({ conversation, next })) {
        if (value && !form.elements[name]) form.append(hidden(name, value));
      }
      dialog.close();
      await runCall(form);
    });
  });
}

export function askPlainly(question, yes) {
  return new Promise((resolve) => {
    const dialog = open((box) => {
      const words = document.createElement("p");
      words.className = "confirm-question";
      words.textContent = question;
      const row = document.createElement("form");
      row.method = "dialog";
      row.className = "row";
      row.append(button(yes, "yes", "button button-danger"), button("Keep it", "no", "button button-quiet"));
      box.append(words, row);
    });
    dialog.setAttribute("aria-label", question);
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
  });
}

function button(label, value, classes) {
  const element = document.createElement("button");
  element.textContent = label;
  element.value = value;
  element.className = classes;
  return element;
}

function hidden(name, value) {
  const element = document.createElement("input");
  Object.assign(element, { type: "hidden", name, value });
  return element;
}
