// Sends what a person wrote, and never loses it. Each entry keeps one idempotency key through all
// its tries, so that trying again after a lost answer cannot make a second turn. Words that were
// not accepted are kept over a reload too (pictures cannot be; it says so).

import { ApiError, createSession, newKey, postTurn } from "./api.js";
import { memory } from "./dom.js";
import { pause } from "./events.js";

const FRESH_MS = 120_000;
const WAITS_MS = [600, 1500, 3000, 6000, 10_000];

export class Outbox {
  /** `opened(sid)`: a session was made for the first words of a new thread. */
  constructor(store, opened) {
    this.store = store;
    this.opened = opened;
    this.line = Promise.resolve();
    this.recover();
  }

  /** Send words, pictures and wishes to a session (null: a new one). `key`: of an earlier try. */
  send({ sid, text, files = [], version = null, options = {}, key = null }) {
    const entry = { key: key ?? newKey(), sid, text, files, version, options, error: null };
    entry.state = "sending";
    entry.at = Date.now();
    this.store.outgoing.push(entry);
    this.changed();
    return this.enqueue(entry);
  }

  again(entry) {
    entry.state = "sending";
    entry.error = null;
    this.changed();
    return this.enqueue(entry);
  }

  drop(entry) {
    this.store.outgoing = this.store.outgoing.filter((one) => one !== entry);
    this.changed();
  }

  /** One after the other: turns run in the order in which they were written. */
  enqueue(entry) {
    this.line = this.line.then(() => this.deliver(entry));
    return this.line;
  }

  async deliver(entry) {
    for (let attempt = 0; this.store.outgoing.includes(entry); attempt++) {
      try {
        await this.place(entry);
        const turn = await postTurn(entry.sid, entry);
        this.drop(entry);
        this.store.putTurn(turn);
        return;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        entry.error = error;
        if (!error.passing || attempt >= WAITS_MS.length) break;
        entry.state = "waiting";
        this.changed();
        await pause(WAITS_MS[attempt]);
      }
    }
    entry.state = "failed";
    this.changed();
  }

  /** Make the session that an entry of a new thread goes to; followers of it go there too. */
  async place(entry) {
    if (entry.sid !== null) return;
    const session = await createSession();
    for (const other of this.store.outgoing) if (other.sid === null) other.sid = session.id;
    this.store.noteSession(session);
    this.changed();
    this.opened(session.id);
  }

  changed() {
    const kept = this.store.outgoing.map(({ files, error, ...entry }) => ({ ...entry, pictures: files.length }));
    memory.set("outbox", kept.length ? JSON.stringify(kept) : null);
    this.store.tell("outgoing");
  }

  /**
   * What an earlier visit did not see accepted. What was on its way a moment ago goes on its way
   * again; older words wait to be asked for, because the person may have gone on.
   */
  recover() {
    let kept;
    try {
      kept = JSON.parse(memory.get("outbox") ?? "[]");
    } catch {
      kept = [];
    }
    for (const { pictures, ...entry } of kept) {
      const hint = pictures
        ? "The pictures have to be attached again: put the words back first."
        : "Send them again; should they have arrived, nothing is doubled.";
      const error = new ApiError(0, { code: "unsent", message: "These words may not have arrived.", hint });
      const known = { ...entry, files: [], state: "failed", error, partial: pictures > 0 };
      this.store.outgoing.push(known);
      if (entry.state !== "failed" && !pictures && Date.now() - entry.at < FRESH_MS) this.again(known);
    }
  }
}
