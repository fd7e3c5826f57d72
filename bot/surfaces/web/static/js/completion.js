// Suggestions while typing "/": commands, then the names of characters. A listbox beside a text field (ARIA pattern).

import { fetchJson } from "./send.js";

const WITH_NAMES = ["talk", "profile", "gallery"]; // commands that are followed by a character's name

export class Completion {
  constructor(form, input) {
    this.box = form.querySelector("[data-completion]");
    this.list = this.box.querySelector("[role=listbox]");
    this.input = input;
    this.entries = [];
    this.at = -1;
    this.known = null;
    input.addEventListener("input", () => this.update());
    input.addEventListener("blur", () => setTimeout(() => this.hide(), 150));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(this.entries[Number(option.dataset.index)]);
    });
  }

  get open() {
    return !this.box.hidden;
  }

  // Returns whether the key was used here.
  key(event) {
    if (!this.open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.mark((this.at + step + this.entries.length) % this.entries.length);
    else if (event.key === "Escape") this.hide();
    else if (event.key === "Tab" || (event.key === "Enter" && !this.complete())) this.take(this.entries[this.at]);
    else return false;
    event.preventDefault();
    return true;
  }

  complete() {
    return this.entries.some((entry) => entry.text.trim() === this.input.value.trim());
  }

  async update() {
    const text = this.input.value;
    if (!/^\/[a-z_]*$/i.test(text) && !/^\/[a-z_]+ \S*$/i.test(text)) return this.hide();
    this.known ||= fetchJson("/completions").catch(() => null);
    const known = await this.known;
    if (!known) this.known = null;
    if (!known || this.input.value !== text) return undefined;
    return this.show(this.matching(known, text.toLowerCase()));
  }

  matching(known, text) {
    const [command, word] = text.slice(1).split(" ");
    if (word === undefined) {
      return known.commands
        .filter((one) => one.name.startsWith(command))
        .map((one) => ({ text: `/${one.name} `, label: one.usage || `/${one.name}`, hint: one.description }));
    }
    if (!WITH_NAMES.includes(command)) return [];
    return known.characters
      .filter((one) => one.name.toLowerCase().startsWith(word) || one.slug.startsWith(word))
      .map((one) => ({ text: `/${command} ${one.slug}`, label: one.name, hint: one.slug }));
  }

  show(entries) {
    this.entries = entries;
    if (!entries.length) return this.hide();
    this.list.replaceChildren(...entries.map((entry, index) => this.option(entry, index)));
    this.box.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    return this.mark(0);
  }

  option(entry, index) {
    const item = document.createElement("li");
    item.id = `completion-${index}`;
    item.dataset.index = String(index);
    item.setAttribute("role", "option");
    const label = document.createElement("strong");
    label.textContent = entry.label;
    const hint = document.createElement("span");
    hint.textContent = entry.hint;
    item.append(label, hint);
    return item;
  }

  mark(index) {
    this.at = index;
    for (const [number, item] of [...this.list.children].entries()) {
      item.setAttribute("aria-selected", String(number === index));
      if (number === index) item.scrollIntoView({ block: "nearest" });
    }
    this.input.setAttribute("aria-activedescendant", `completion-${index}`);
  }

  take(entry) {
    if (!entry) return;
    this.input.value = entry.text;
    this.input.focus();
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    if (!entry.text.endsWith(" ")) this.hide();
  }

  hide() {
    this.box.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
