// Posts to the server, with the token that shows that the post comes from our page.

const TIMEOUT = 20000; // milliseconds; a server on the same machine answers in a few

export class SendError extends Error {
  constructor(text, field = "", reached = true) {
    super(text);
    this.field = field;
    this.reached = reached; // false: the server was not there; the same post may be sent again
  }
}

export async function send(url, fields) {
  const answer = await reach(url, {
    method: "POST",
    headers: {
      "X-CSRF-Token": document.querySelector('meta[name="csrf-token"]').content,
      Accept: "application/json",
    },
    body: fields instanceof URLSearchParams ? fields : new URLSearchParams(fields),
  });
  return read(answer);
}

export async function fetchJson(url) {
  return read(await reach(url, { headers: { Accept: "application/json" } }));
}

export function sendForm(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.set(button.name, button.value);
  return send(form.action, fields);
}

async function reach(url, options) {
  try {
    return await fetch(url, { ...options, credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT) });
  } catch {
    throw new SendError("Selfsame cannot be reached right now. Your words are kept here; try again in a moment.", "", false);
  }
}

async function read(answer) {
  const type = answer.headers.get("content-type") || "";
  if (answer.ok && !type.includes("json")) return { download: answer };
  let data = {};
  try {
    data = await answer.json();
  } catch {
    // An answer that is not ours, e.g. of a proxy; the status says enough.
  }
  if (!answer.ok) throw new SendError(data.text || "That did not work. Please try again.", data.field || "");
  return data;
}
