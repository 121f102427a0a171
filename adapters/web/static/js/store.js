// What the page knows. Views read from here and are told by topic when something has changed;
// nothing else is remembered about the server's state, so a reload comes back to the same page.

/** Steps that only say something: heads stay where they are. */
const TALK = new Set(["show_versions", "show", "recap", "advise"]);

const ENDED = new Set(["done", "failed", "cancelled"]);

export const isEnded = (turn) => ENDED.has(turn.state);

export class Store {
  constructor() {
    this.sessions = [];
    this.nextSessions = null;
    this.models = [];
    this.modelsError = null;
    this.usage = null;
    this.page = "thread";
    this.connection = "idle";
    this.refusal = null;
    this.listError = null;
    this.outgoing = [];
    this.listeners = new Map();
    this.clear();
  }

  /** Leave the session: nothing of it stays. */
  clear() {
    this.sid = null;
    this.session = null;
    this.turns = new Map();
    this.versions = new Map();
    this.previews = new Map();
    this.target = null;
  }

  on(topic, listener) {
    if (!this.listeners.has(topic)) this.listeners.set(topic, new Set());
    this.listeners.get(topic).add(listener);
  }

  tell(topic, detail) {
    for (const listener of this.listeners.get(topic) ?? []) listener(detail);
  }

  /** Begin with a session (null: a new one that the server does not know yet). */
  enter(sid) {
    this.clear();
    this.sid = sid;
    this.tell("entered", sid);
    this.tell("target");
  }

  /** Take in a whole session as the server tells it. */
  takeSession(whole) {
    const { turns, versions, ...session } = whole;
    this.session = session;
    this.versions = new Map(versions.map((version) => [version.id, numbered(version)]));
    const known = this.turns;
    this.turns = new Map(turns.map((turn) => [turn.id, turn]));
    for (const [id, turn] of known) if (!this.turns.has(id)) this.turns.set(id, turn);
    for (const id of this.previews.keys()) if (this.ended(id)) this.previews.delete(id);
    this.noteSession(session);
    this.tell("loaded");
    this.tell("target");
  }

  ended(turnId) {
    const turn = this.turns.get(turnId);
    return turn !== undefined && isEnded(turn);
  }

  /** Take in a turn, unless it is older news than what is known. */
  putTurn(turn) {
    if (turn.session_id !== this.sid) return;
    const known = this.turns.get(turn.id);
    if (known && isEnded(known) && !isEnded(turn)) return;
    if (known?.state === "running" && turn.state === "queued") return;
    this.turns.set(turn.id, turn);
    if (isEnded(turn)) this.previews.delete(turn.id);
    this.tell("turn", { turn, before: known ?? null });
  }

  putVersion(version) {
    this.versions.set(version.id, numbered(version));
    this.tell("version", version);
  }

  putSession(session) {
    if (session.id === this.sid) {
      this.session = { ...this.session, ...session };
      this.tell("session");
      this.tell("target");
    }
    this.noteSession(session);
  }

  putPreview({ turn_id: turnId, sha256 }) {
    if (this.ended(turnId)) return;
    if (sha256) this.previews.set(turnId, sha256);
    else this.previews.delete(turnId);
    this.tell("preview", turnId);
  }

  /** Keep the list beside the thread in step: newest first. */
  noteSession(session) {
    const known = this.sessions.find((one) => one.id === session.id);
    const row = { ...known, ...session };
    if (row.id === this.sid && this.head) row.thumbnail = this.head.asset;
    const others = this.sessions.filter((one) => one.id !== session.id);
    this.sessions = [...others, row].sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
    this.tell("sessions");
  }

  takeSessions(page, fresh) {
    const listed = fresh ? [] : this.sessions;
    const ids = new Set(page.sessions.map((one) => one.id));
    this.sessions = [...listed.filter((one) => !ids.has(one.id)), ...page.sessions];
    this.nextSessions = page.next;
    this.tell("sessions");
  }

  /** Show the thread, or the models; the session stays open behind them. */
  setPage(page) {
    if (page === this.page) return;
    this.page = page;
    this.tell("page");
  }

  setConnection(connection) {
    if (connection === this.connection) return;
    this.connection = connection;
    this.tell("connection");
  }

  /** Choose the version that the next turn acts on; null goes back to the head. */
  setTarget(versionId) {
    this.target = versionId;
    this.tell("target");
  }

  get head() {
    return this.versions.get(this.session?.head) ?? null;
  }

  /** Turns in the order in which they were written. */
  orderedTurns() {
    return [...this.turns.values()].sort((a, b) => a.number - b.number);
  }

  orderedVersions() {
    return [...this.versions.values()].sort((a, b) => a.number - b.number);
  }

  liveTurns() {
    return this.orderedTurns().filter((turn) => !isEnded(turn));
  }

  /** The words that a version came from, for labels and alt texts. */
  wordsOf(version) {
    if (version.operation === "upload") return "";
    const turn = this.turns.get(version.turn_id);
    return turn?.means || turn?.text || version.recipe?.words || "";
  }
}

/** Versions sort by the number in their name ("v12"). */
const numbered = (version) => ({ ...version, number: version.number ?? Number(version.name.slice(1)) });

/** How many undos could be taken back now, told from the turns. */
export function redoDepth(turns) {
  let depth = 0;
  for (const turn of turns) {
    if (turn.state !== "done") continue;
    for (const step of turn.plan ?? []) {
      if (step.op === "undo") depth += step.steps ?? 1;
      else if (step.op === "redo") depth = Math.max(0, depth - (step.steps ?? 1));
      else if (!TALK.has(step.op)) depth = 0;
    }
  }
  return depth;
}
