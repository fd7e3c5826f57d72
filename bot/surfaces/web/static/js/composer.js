// The message box. What is typed is kept in this browser until the server has stored it (`started`).

import { Completion } from "./completion.js";
import { send, SendError } from "./send.js";

const KEEP_DELAY = 250; // milliseconds after the last key

export class Composer {
  constructor(root, log, { answered }) {
    this.form = root.querySelector("[data-composer]");
    this.input = this.form.elements.text;
    this.problem = this.form.querySelector("[data-problem]");
    this.log = log;
    this.answered = answered;
    this.slot = `selfsame.draft.${root.dataset.conversation}`;
    this.unsent = new Map(); // event id -> text, from sending until it is stored
    this.completion = new Completion(this.form, this.input);
    this.input.required = false;
    this.restore();
    this.listen(root);
  }

  listen(root) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("input", () => {
      this.setProblem("");
      this.keep();
    });
    root.querySelector("[data-selfie]").addEventListener("click", () => {
      this.input.value = `/selfie ${this.input.value.replace(/^\/\S*\s*/, "")}`;
      this.input.focus();
      this.input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    addEventListener("pagehide", () => this.keepNow());
  }

  key(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.submit();
    }
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text) return this.input.focus();
    const eventId = this.idFor(text);
    this.completion.hide();
    this.unsent.set(eventId, text);
    this.input.value = "";
    const item = text.startsWith("/") ? null : this.log.pend(eventId, text);
    this.keepNow();
    return this.post(eventId, text, item);
  }

  async post(eventId, text, item) {
    const fields = new URLSearchParams(new FormData(this.form));
    fields.set("text", text);
    fields.set("event_id", eventId);
    try {
      const answer = await send(this.form.action, fields);
      this.failed = null;
      if (answer.accepted) this.answered({ accepted: true, eventId });
      else {
        this.stored(eventId, text);
        this.answered(answer);
      }
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      this.giveBack(eventId, text, item, error);
    }
  }

  // The same words after a failed request go out under the same id, so that they are stored once.
  idFor(text) {
    return this.failed?.text === text ? this.failed.eventId : crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`;
  }

  giveBack(eventId, text, item, error) {
    item?.remove();
    this.unsent.delete(eventId);
    this.failed = { eventId, text };
    this.input.value = this.input.value.trim() ? `${text}\n${this.input.value}` : text;
    this.setProblem(error.message);
    this.keepNow();
    this.input.focus();
  }

  // The server has it; nothing needs to be kept here any more.
  stored(eventId, text = "") {
    this.unsent.delete(eventId);
    if (this.failed?.eventId === eventId) this.failed = null;
    if (text && this.input.value === text) this.input.value = "";
    this.pendingItem(eventId)?.remove();
    this.keepNow();
  }

  refused(eventId, text) {
    const words = this.unsent.get(eventId);
    if (words === undefined) return false;
    this.giveBack(eventId, words, this.pendingItem(eventId), { message: text });
    this.failed = null; // refused, not lost: other words or the same, they are a new event
    return true;
  }

  pendingItem(eventId) {
    return this.log.list.querySelector(`[data-event-id="${CSS.escape(eventId)}"]`);
  }

  setProblem(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
    this.input.toggleAttribute("aria-invalid", Boolean(text));
    if (text) this.input.setAttribute("aria-invalid", "true");
  }

  keep() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepNow(), KEEP_DELAY);
  }

  keepNow() {
    clearTimeout(this.timer);
    try {
      const kept = { text: this.input.value, unsent: [...this.unsent] };
      if (kept.text || kept.unsent.length) localStorage.setItem(this.slot, JSON.stringify(kept));
      else localStorage.removeItem(this.slot);
    } catch {
      // Storage may be full or off; the words are still in the box.
    }
  }

  // Words that were on their way when the page closed are sent again under their old id: stored once, however often.
  restore() {
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(this.slot));
    } catch {
      return;
    }
    this.input.value = this.input.value || kept?.text || "";
    for (const [eventId, text] of kept?.unsent || []) {
      this.unsent.set(eventId, text);
      queueMicrotask(() => this.post(eventId, text, text.startsWith("/") ? null : this.log.pend(eventId, text)));
    }
  }
}
