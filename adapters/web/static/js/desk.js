// Keeps the store in step with the server: loads what the address names, listens to it, loads it
// again when the connection was lost, and asks after turns that have been silent for too long.

import { ApiError, cancelTurn, getSession, getTurn, getUsage, listModels, listSessions, pinModel, unpinModel } from "./api.js";
import { Feed, pause } from "./events.js";

const SILENT_MS = 8_000;
const AGAIN_MS = 1_500;

export class Desk {
  constructor(store) {
    this.store = store;
    this.heardAt = Date.now();
    this.waiting = null;
    this.loading = null;
    this.listening = false;
    this.complete = false;
    this.feed = new Feed({
      open: () => this.opened(),
      lost: () => this.lost(),
      gone: () => this.gone(),
      event: (type, data) => this.hear(type, data),
    });
    setInterval(() => this.askAfterSilence(), SILENT_MS / 2);
    addEventListener("online", () => this.refreshList());
    addEventListener("visibilitychange", () => document.hidden || this.refreshList());
  }

  /** Open the session that the address names; null is a new one. */
  enter(sid) {
    this.feed.close();
    this.loading?.abort();
    this.waiting = null;
    this.listening = false;
    this.store.enter(sid);
    this.store.setConnection(sid === null ? "idle" : "connecting");
    if (sid !== null) this.load();
  }

  /** Load the whole session. What is heard meanwhile is newer, so it is applied afterwards. */
  async load() {
    const sid = this.store.sid;
    this.loading?.abort();
    this.loading = new AbortController();
    const { signal } = this.loading;
    this.waiting = [];
    try {
      const whole = await getSession(sid, signal);
      if (signal.aborted) return;
      this.store.takeSession(whole);
      const heard = this.waiting;
      this.waiting = null;
      for (const [type, data] of heard) this.apply(type, data);
      this.heardAt = Date.now();
      if (this.listening) this.back();
      else this.listen(sid, whole.last_event || null);
    } catch (error) {
      if (signal.aborted || !(error instanceof ApiError)) return;
      if (error.passing) this.again(signal);
      else this.gone(error);
    }
  }

  /** The session could not be read: tell, and try again in a moment. */
  async again(signal) {
    this.lost();
    await pause(AGAIN_MS, signal);
    if (!signal.aborted) this.load();
  }

  listen(sid, last) {
    this.complete = last !== null;
    this.feed.follow(sid, last);
  }

  /** The connection stands again; other sessions may have moved meanwhile. */
  back() {
    this.store.setConnection("live");
    this.refreshList();
  }

  /** Listening has begun: from the event after which all was known, or with something missing. */
  opened() {
    this.listening = true;
    if (this.complete) this.store.setConnection("live");
    else this.load();
    this.complete = false;
  }

  lost() {
    this.store.setConnection("lost");
  }

  /** The session is not there, or not for us: nothing is tried again. */
  gone(error = null) {
    this.feed.close();
    this.store.refusal = error;
    this.store.setConnection("gone");
  }

  hear(type, data) {
    this.heardAt = Date.now();
    if (this.waiting) this.waiting.push([type, data]);
    else this.apply(type, data);
  }

  apply(type, data) {
    if (type === "turn") this.store.putTurn(data);
    else if (type === "version") this.store.putVersion(data);
    else if (type === "session") this.store.putSession(data);
    else if (type === "preview") this.store.putPreview(data);
  }

  async cancel(turn) {
    this.store.putTurn(await cancelTurn(turn.session_id, turn.id));
  }

  async refreshList() {
    try {
      this.store.takeSessions(await listSessions(), true);
      this.store.listError = null;
    } catch (error) {
      this.store.listError = error;
      this.store.tell("sessions");
    }
  }

  async moreSessions() {
    if (!this.store.nextSessions) return;
    this.store.takeSessions(await listSessions({ before: this.store.nextSessions }), false);
  }

  /** What is known of them stays when it can't be asked for anew. */
  async refreshModels() {
    try {
      this.store.models = (await listModels()).models;
      this.store.modelsError = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.store.modelsError = error;
    }
    this.store.tell("models");
  }

  /** Raises ApiError. Gives the model as it is listed now. */
  async pin(name) {
    const model = await pinModel(name);
    await this.refreshModels();
    return model;
  }

  /** Raises ApiError. */
  async unpin(model) {
    await unpinModel(model.id);
    await this.refreshModels();
  }

  /** Not kept everywhere, and not for everyone to see: then nothing is said. */
  async refreshUsage() {
    try {
      this.store.usage = await getUsage();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.store.usage = null;
    }
    this.store.tell("usage");
  }

  async askAfterSilence() {
    if (this.store.connection !== "live" || Date.now() - this.heardAt < SILENT_MS) return;
    const oldest = this.store.liveTurns()[0];
    if (!oldest) return;
    this.heardAt = Date.now();
    try {
      const turn = await getTurn(oldest.session_id, oldest.id);
      if (turn.state === oldest.state) this.store.putTurn(turn);
      else await this.load();
    } catch {
      // The feed notices a lost connection by itself.
    }
  }
}
