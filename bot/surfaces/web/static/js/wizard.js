// The wizard: every answer is saved while it is typed, the coach answers, and the portrait follows the looks.

import { askPlainly } from "./ask.js";
import { fetchJson, send, SendError } from "./send.js";
import { Stream } from "./stream.js";
import { toast } from "./toast.js";

const SAVE_DELAY = 700; // milliseconds after the last key
const LOOK_DELAY = 300; // milliseconds between looks at the takes while they change
const LOOK_ANYWAY = 2000; // milliseconds until a look without news

const form = document.querySelector("[data-wizard]");
if (form) start();

function start() {
  const base = `/create/${encodeURIComponent(form.dataset.draft)}`;
  const changed = new Set();
  let timer = 0;
  let saving = Promise.resolve();

  form.addEventListener("input", (event) => note(event.target, SAVE_DELAY));
  form.addEventListener("change", (event) => note(event.target, 0));
  form.addEventListener("submit", leave);
  for (const area of form.querySelectorAll("textarea[data-length]")) count(area);
  if ("waiting" in form.dataset) watchTakes(base);
  form.querySelector(".is-chosen")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.querySelector(".tip-blocking, .field-error")?.closest(".field")?.querySelector("input, textarea, select")?.focus();

  function note(input, wait) {
    if (!input.name?.startsWith("answer.")) return;
    changed.add(input.name);
    clearTimeout(timer);
    timer = setTimeout(() => {
      saving = saving.then(save);
    }, wait);
  }

  async function save() {
    if (!changed.size) return;
    const fields = new URLSearchParams({ step: form.dataset.step });
    const all = new FormData(form);
    for (const name of changed) fields.set(name, all.get(name) ?? "");
    const sent = [...changed];
    changed.clear();
    try {
      show(await send(`${base}/save`, fields));
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      if (!error.reached) for (const name of sent) changed.add(name);
      said(error.reached ? error.message : "Not saved yet: Selfsame cannot be reached. Trying again …");
      if (!error.reached) timer = setTimeout(() => (saving = saving.then(save)), 3000);
    }
  }

  function show(answer) {
    for (const [name, html] of Object.entries(answer.advice || {})) {
      const box = form.querySelector(`[data-tips="${CSS.escape(name)}"]`);
      if (box && box.innerHTML.trim() !== html.trim()) box.innerHTML = html; // escaped by the server's templates
    }
    if (answer.portrait) redraw(answer.portrait);
    said("Saved");
  }

  // The form itself carries all answers; only "discard" asks first.
  async function leave(event) {
    clearTimeout(timer);
    const question = event.submitter?.dataset.ask;
    if (!question || form.dataset.sure) return;
    event.preventDefault();
    if (!(await askPlainly(question, "Throw it away"))) return;
    form.dataset.sure = "yes";
    form.requestSubmit(event.submitter);
  }
}

function said(text) {
  const place = document.querySelector("[data-saved]");
  if (place) place.textContent = text;
  else if (text !== "Saved") toast(text, "error");
}

function redraw(address) {
  const image = document.querySelector("[data-portrait]");
  if (!image || image.getAttribute("src") === address) return;
  image.classList.add("is-drawing");
  const next = new Image();
  next.onload = () => {
    image.src = address;
    image.classList.remove("is-drawing");
  };
  next.onerror = () => image.classList.remove("is-drawing");
  next.src = address;
}

function count(area) {
  const longest = Number(area.dataset.length);
  const counter = document.createElement("p");
  counter.className = "counter";
  area.after(counter);
  const update = () => {
    counter.textContent = `${[...area.value].length} of ${longest}`;
    counter.classList.toggle("is-over", [...area.value].length > longest);
  };
  area.addEventListener("input", update);
  update();
}

function watchTakes(base) {
  let timer = 0;
  const again = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  };
  const news = () => again(LOOK_DELAY);
  const stream = new Stream(`${base}/events`, { on: { progress: news, message: news, text: news, resync: news } });
  again(LOOK_ANYWAY);

  async function look() {
    try {
      const page = await fetchJson(`${base}/takes`);
      document.querySelector("[data-takes]").innerHTML = page.html; // escaped by the server's templates
      if (page.waiting) return again(LOOK_ANYWAY);
      document.querySelector("button[value=takes]").disabled = false;
      return stream.stop();
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      return again(LOOK_ANYWAY);
    }
  }
}
