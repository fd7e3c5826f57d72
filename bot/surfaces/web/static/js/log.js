// The lines of a conversation on the page: each message has one place, by its id, however often it arrives.

import { spoken } from "./spoken.js";
import { localiseTimes } from "./times.js";
import { announce } from "./toast.js";

const NEAR_END = 120; // pixels from the end that still count as "reading the newest"

const DOTS = '<span class="typing"><i></i><i></i><i></i></span>';

export class Log {
  constructor(root) {
    this.name = root.dataset.name;
    this.list = root.querySelector("[data-log]");
    this.scroller = root.querySelector("[data-scroll]");
    this.toEnd = root.querySelector("[data-to-end]");
    this.streamed = new Map(); // reply id -> text so far
    this.atEnd = true;
    this.lastTop = 0;
    this.scroller.addEventListener("scroll", () => this.noticeScroll(), { passive: true });
    this.toEnd.addEventListener("click", () => this.jump());
    new ResizeObserver(() => this.follow()).observe(this.list);
    this.jump();
  }

  find(id) {
    return this.list.querySelector(`[data-message-id="${CSS.escape(id)}"]`);
  }

  reload(html) {
    const waiting = [...this.list.querySelectorAll(".is-pending, .is-failed")];
    this.list.innerHTML = html; // escaped by the server's templates
    this.streamed.clear();
    localiseTimes(this.list);
    this.list.append(...waiting);
    this.jump();
  }

  put(id, html) {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const item = holder.content.firstElementChild;
    localiseTimes(item);
    this.sign(item);
    const before = this.find(id);
    if (before) before.replaceWith(item);
    else this.append(item);
    this.streamed.delete(id);
    this.follow();
    return item;
  }

  // Who says it, for those who cannot see on which side it stands.
  sign(item) {
    const label = item.querySelector(".unseen");
    if (label && item.matches(".from-character")) label.textContent = `${this.name}:`;
  }

  append(item) {
    item.classList.add("is-new");
    const pending = this.list.querySelector(".is-pending, .is-failed");
    if (pending && !item.matches(".is-pending")) pending.before(item);
    else this.list.append(item);
    this.follow();
  }

  pend(eventId, text) {
    const item = this.line("person", text);
    item.classList.add("is-pending");
    item.dataset.eventId = eventId;
    this.append(item);
    this.jump();
    return item;
  }

  expect(replyId) {
    if (!replyId || this.find(replyId)) return;
    const item = this.line("character", "");
    item.dataset.messageId = replyId;
    item.setAttribute("aria-hidden", "true"); // announced once it is complete
    item.querySelector(".bubble").innerHTML = DOTS;
    this.streamed.set(replyId, "");
    this.append(item);
  }

  // Many talk: the place in line in place of the dots, until the first word is there.
  wait(replyId, words) {
    this.expect(replyId);
    if (this.streamed.get(replyId) !== "") return;
    const bubble = this.find(replyId).querySelector(".bubble");
    if (words) bubble.innerHTML = '<span class="in-line"></span>';
    else bubble.innerHTML = DOTS;
    if (words) bubble.firstElementChild.textContent = words;
    this.follow();
  }

  stream(replyId, text) {
    if (!this.streamed.has(replyId)) {
      if (this.find(replyId)) return; // complete already
      this.expect(replyId);
    }
    const whole = this.streamed.get(replyId) + text;
    this.streamed.set(replyId, whole);
    this.find(replyId).querySelector(".bubble").replaceChildren(...spoken(whole.trimStart()));
    this.follow();
  }

  giveUp() {
    for (const [id, text] of this.streamed) if (!text) this.find(id)?.remove();
    this.streamed.clear();
  }

  say(text, tone) {
    const item = this.line("notice", text);
    if (tone === "error") item.querySelector(".bubble").classList.add("field-error");
    this.append(item);
    announce(text);
  }

  finished(item, role, words) {
    if (role !== "person") announce(role === "character" ? `${this.name}: ${words}` : words);
    item.querySelector("img")?.addEventListener("load", () => this.follow());
  }

  line(role, text) {
    const item = document.createElement("li");
    item.className = `message from-${role}`;
    const bubble = document.createElement("div");
    bubble.className = "bubble prose-lines";
    bubble.textContent = text;
    item.append(bubble);
    return item;
  }

  noticeScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    // Only a person scrolls up; content that grows leaves the place where it is.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END) this.atEnd = true;
    else if (scrollTop < this.lastTop - 2) this.atEnd = false;
    this.lastTop = scrollTop;
    this.toEnd.hidden = this.atEnd;
  }

  follow() {
    if (this.atEnd) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  jump() {
    this.atEnd = true;
    this.follow();
  }
}
