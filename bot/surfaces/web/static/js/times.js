// Times in the reader's own zone and words; and the zone itself, which the server cannot know.

import { send, SendError } from "./send.js";

const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const HOUR = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

export function localiseTimes(root) {
  for (const element of root.querySelectorAll("time[datetime]")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const today = at.toDateString() === new Date().toDateString();
    element.textContent = "day" in element.dataset ? DAY.format(at) : today ? HOUR.format(at) : FULL.format(at);
    element.title = FULL.format(at);
  }
}

// Said once while the browser is open. It counts only until somebody has said /timezone.
export async function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || sessionStorage.getItem("told-zone") === zone) return;
  try {
    await send("/do", { call: JSON.stringify({ name: "timezone", options: { zone, unasked: true } }) });
    sessionStorage.setItem("told-zone", zone);
  } catch (error) {
    if (!(error instanceof SendError)) throw error; // the next page tells it again
  }
}
