// Listens to one session. Read with fetch instead of EventSource, because after a refusal (a server
// that restarts answers 503) EventSource gives up for good and cannot say where it had stopped.

import { eventsUrl } from "./api.js";

const SILENCE_MS = 45_000;
const LONGEST_WAIT_MS = 8_000;

export class Feed {
  /** `handlers`: open(), lost(), gone(), event(type, data). */
  constructor(handlers) {
    this.handlers = handlers;
    this.stop = null;
  }

  /** Listen from now on, or from after the event `last`. */
  follow(sid, last = null) {
    this.close();
    this.stop = new AbortController();
    this.run(sid, { last }, this.stop.signal);
  }

  close() {
    this.stop?.abort();
    this.stop = null;
  }

  async run(sid, place, signal) {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const response = await this.connect(sid, place, signal);
        if (response.status === 404) return this.handlers.gone();
        if (!response.ok) throw new Error(`events: ${response.status}`);
        failures = 0;
        this.handlers.open();
        await this.read(response.body, place, signal);
      } catch {
        // Any end of the stream is the same: tell, wait, listen again.
      }
      if (signal.aborted) return;
      this.handlers.lost();
      await pause(Math.min(LONGEST_WAIT_MS, 400 * 2 ** failures++), signal);
    }
  }

  connect(sid, place, signal) {
    const headers = { Accept: "text/event-stream" };
    if (place.last !== null) headers["Last-Event-ID"] = place.last;
    return fetch(eventsUrl(sid), { headers, signal, cache: "no-store" });
  }

  async read(body, place, signal) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const parse = parser((message) => {
      if (message.id !== null) place.last = message.id;
      if (!signal.aborted) this.handlers.event(message.type, message.data);
    });
    try {
      for (;;) {
        const { done, value } = await withDeadline(reader.read(), SILENCE_MS);
        if (done || signal.aborted) return;
        parse(value);
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  }
}

/** Server-sent events, fed in pieces of any size. Comments (pings) say nothing. */
function parser(deliver) {
  let rest = "";
  let id = null;
  let type = "message";
  let data = [];
  const line = (text) => {
    if (text === "") {
      if (data.length) deliver({ id, type, data: JSON.parse(data.join("\n")) });
      type = "message";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "id") id = value;
    else if (field === "event") type = value;
    else if (field === "data") data.push(value);
  };
  return (piece) => {
    rest += piece;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    lines.forEach(line);
  };
}

function withDeadline(promise, milliseconds) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("silence")), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Wait, but not longer than until the network is back or the page lets go. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done);
    signal?.addEventListener("abort", done);
  });
}
