// A stream of server-sent events that comes back by itself, a little later each time, after the last event it saw.

const FIRST_WAIT = 500; // milliseconds
const LONGEST_WAIT = 20000;

export class Stream {
  constructor(url, { after = "", on, opened = () => {}, lost = () => {} }) {
    Object.assign(this, { url, after, on, opened, lost, wait: FIRST_WAIT, source: null, timer: 0 });
    addEventListener("online", () => this.retry(0));
    addEventListener("pagehide", () => this.stop());
    addEventListener("pageshow", (event) => event.persisted && this.start());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && !this.source) this.retry(0);
    });
    this.start();
  }

  start() {
    this.stop();
    this.source = new EventSource(`${this.url}?after=${encodeURIComponent(this.after)}`);
    this.source.addEventListener("open", () => {
      this.wait = FIRST_WAIT;
      this.opened();
    });
    this.source.addEventListener("error", () => {
      this.stop();
      this.lost();
      this.retry(this.wait * (0.75 + Math.random() / 2));
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
    for (const [kind, act] of Object.entries(this.on)) {
      this.source.addEventListener(kind, (event) => {
        this.after = event.lastEventId || this.after;
        act(JSON.parse(event.data));
      });
    }
  }

  retry(wait) {
    if (this.source) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), wait);
  }

  stop() {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
  }
}
