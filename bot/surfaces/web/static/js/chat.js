// The conversation: what arrives on the stream goes into the log, what is typed goes out through the composer.

import { askToConfirm } from "./ask.js";
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { fetchJson, send, SendError } from "./send.js";
import { shown } from "./spoken.js";
import { Stream } from "./stream.js";
import { tellZone } from "./times.js";
import { toast } from "./toast.js";

const LOST_WAIT = 1500; // milliseconds without a connection until the page says so
const ANSWER_WAIT = 8000; // milliseconds until an accepted message that nobody confirmed is looked up

const root = document.querySelector("[data-chat]");
const state = document.querySelector("[data-chat-state]");
const quiet = state.textContent;
const base = `/conversations/${encodeURIComponent(root.dataset.conversation)}`;
const log = new Log(root);
const composer = new Composer(root, log, { answered: takeAnswer });

const stream = new Stream(`${base}/events`, {
  after: root.dataset.cursor,
  opened: () => offline(false),
  lost: () => offline(true),
  on: { started, waiting, delta, message, progress, text, confirm, resync },
});
resume(root.dataset.resume);
tellZone();

// A blink of the connection is not worth a word.
function offline(lost) {
  const banner = root.querySelector("[data-offline]");
  clearTimeout(offline.timer);
  if (!lost) banner.hidden = true;
  else offline.timer = setTimeout(() => (banner.hidden = false), LOST_WAIT);
}

function started(data) {
  composer.stored(data.event_id);
  if (!log.find(data.id)) log.put(data.id, data.html);
  if (data.reply_id) {
    log.expect(data.reply_id);
    state.textContent = "typing …";
  }
}

function waiting(data) {
  log.wait(data.reply_id, data.words);
}

function delta(data) {
  log.stream(data.reply_id, data.text);
}

function message(data) {
  state.textContent = quiet;
  if (data.model_name) document.querySelector("[data-model]").textContent = data.model_name;
  if (data.progress && moveBar(data.progress)) return;
  const item = log.put(data.id, data.html);
  if (!data.progress || data.progress.final) log.finished(item, data.role, data.words || data.progress?.sentence || "");
}

function progress(data) {
  if (moveBar(data)) return;
  const card = cardOf(data.job_id);
  if (card) card.replaceWith(fragment(data.html));
  else if (data.message_id) log.find(data.message_id)?.append(fragment(data.html));
}

// A bar on the page moves in place, so that the button beside it keeps the focus.
function moveBar(data) {
  const card = cardOf(data.job_id);
  const bar = card?.querySelector("progress");
  if (!bar || data.final) return false;
  bar.value = data.progress;
  card.querySelector("[data-progress-words]").textContent = data.words;
  look(card, data);
  return true;
}

// What the picture looks like so far, where its model shows it: loaded beside, so that nothing flickers.
function look(card, data) {
  const canvas = card.querySelector(".progress-canvas");
  if (!canvas || data.status !== "running") return;
  const next = new Image();
  next.addEventListener("load", () => canvas.replaceChildren(next));
  next.alt = "";
  next.src = `/preview/${encodeURIComponent(data.job_id)}?at=${data.progress}`;
}

function cardOf(jobId) {
  return log.list.querySelector(`[data-job="${CSS.escape(jobId)}"]`);
}

function text(data) {
  state.textContent = quiet;
  if (data.tone === "error") log.giveUp();
  if (data.tone === "error" && composer.refused(data.event_id, data.text)) return;
  composer.stored(data.event_id);
  log.say(data.text, data.tone);
}

function confirm(data) {
  composer.stored(data.event_id);
  askToConfirm(data.html, { conversation: root.dataset.conversation, next: location.pathname });
}

async function resync() {
  try {
    const page = await fetchJson(`${location.pathname}/messages`);
    log.reload(page.html);
    stream.after = page.cursor;
    settle();
    resume(page.resume);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
  }
}

// After a reload of the lines: whatever is among them was stored, though its confirmation got lost.
function settle() {
  const said = [...log.list.querySelectorAll(".from-person:not(.is-pending) .bubble")].slice(-20);
  const stored = new Set(said.map((bubble) => bubble.textContent.trim()));
  for (const [eventId, words] of [...composer.unsent]) if (stored.has(shown(words).trim())) composer.stored(eventId);
}

function takeAnswer(answer) {
  if (answer.accepted) {
    setTimeout(() => composer.unsent.has(answer.eventId) && resync(), ANSWER_WAIT);
  } else if (answer.confirm) {
    askToConfirm(answer.confirm, { conversation: root.dataset.conversation, next: location.pathname });
  } else if (answer.text) {
    log.say(answer.text, answer.tone);
  } else if (answer.go) {
    location.assign(answer.go);
  }
}

// A message that a crash left without a reply.
async function resume(eventId) {
  if (!eventId) return;
  try {
    const call = JSON.stringify({ name: "resume", options: {} });
    await send("/do", { call, conversation: root.dataset.conversation, event_id: eventId });
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    toast(error.message, "error");
  }
}

function fragment(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}
