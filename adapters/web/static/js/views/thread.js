// The thread: turns in the order in which they were written. Only the newest are drawn, so that
// turn 1,000 of a session is as quick as turn 10; earlier ones come on demand.

import { calm, fill, h, reveal } from "../dom.js";
import { icon } from "../icons.js";
import { emptyState, goneState } from "./empty.js";
import { pendingView } from "./pending.js";
import { TurnView } from "./turn.js";

const PAGE = 50;
const NEAR_END = 90;

export class ThreadView {
  /** `actions`: those of turns and of pending words, and begin(words), fresh(). */
  constructor(root, store, actions) {
    this.root = root;
    this.store = store;
    this.actions = actions;
    this.views = new Map();
    this.pinned = true;
    this.scrollTop = 0;
    this.earlier = h("button.button.earlier", { type: "button", testid: "earlier", onclick: () => this.showEarlier() });
    this.list = h("div.turns");
    this.pending = h("div.turns");
    this.notice = h("div.notice");
    this.inner = h("div.thread-inner", {}, this.notice, h("div.earlier-slot", {}, this.earlier), this.list, this.pending);
    this.newest = h("button.newest", { type: "button", hidden: true, onclick: () => this.toEnd(true) }, icon("down", 16), "Newest");
    root.append(this.inner, this.newest);
    this.watch();
    this.enter();
  }

  watch() {
    const { store } = this;
    store.on("entered", () => this.enter());
    store.on("loaded", () => this.render());
    store.on("turn", ({ turn }) => this.put(turn));
    store.on("version", (version) => this.refresh(version.turn_id));
    store.on("preview", (turnId) => this.refresh(turnId));
    store.on("session", () => this.markHead());
    store.on("models", () => this.views.forEach((view) => view.update(view.turn)));
    store.on("outgoing", () => this.renderPending());
    store.on("connection", () => this.renderNotice());
    this.root.addEventListener("scroll", () => this.scrolled(), { passive: true });
    new ResizeObserver(() => this.keepEnd()).observe(this.inner);
    new ResizeObserver(() => this.keepEnd()).observe(this.root);
    setInterval(() => this.tick(), 1000);
  }

  enter() {
    this.views.clear();
    this.list.replaceChildren();
    this.from = null;
    this.pinned = true;
    this.newest.hidden = true;
    this.renderEarlier();
    this.renderPending();
  }

  /** Draw the newest turns, keeping those that stand already. */
  render() {
    const turns = this.store.orderedTurns();
    this.from ??= turns[Math.max(0, turns.length - PAGE)]?.number ?? 1;
    const shown = turns.filter((turn) => turn.number >= this.from);
    const ids = new Set(shown.map((turn) => turn.id));
    for (const [id, view] of this.views) {
      if (ids.has(id)) continue;
      view.element.remove();
      this.views.delete(id);
    }
    for (const turn of shown) this.place(turn);
    this.markHead();
    this.renderEarlier();
    this.renderNotice();
    this.keepEnd();
  }

  place(turn) {
    const known = this.views.get(turn.id);
    if (known) return known.update(turn);
    const view = new TurnView(this.store, turn, this.actions);
    this.views.set(turn.id, view);
    const after = [...this.list.children].reverse().find((one) => Number(one.dataset.number) < turn.number);
    view.element.dataset.number = turn.number;
    if (after) after.after(view.element);
    else this.list.prepend(view.element);
    return view;
  }

  put(turn) {
    if (this.from !== null && turn.number < this.from) return;
    this.place(turn);
    this.renderOffers();
    this.renderNotice();
  }

  /** An offer stands until something else is said. */
  renderOffers() {
    for (const view of this.views.values()) if (view.turn.error?.offer) view.update(view.turn);
  }

  refresh(turnId) {
    const turn = this.store.turns.get(turnId);
    if (turn && this.views.has(turnId)) this.views.get(turnId).update(turn);
  }

  markHead() {
    for (const view of this.views.values()) view.markHead();
  }

  tick() {
    for (const turn of this.store.liveTurns()) this.views.get(turn.id)?.tick();
  }

  renderPending() {
    const mine = this.store.outgoing.filter((entry) => entry.sid === this.store.sid);
    fill(this.pending, mine.map((entry) => pendingView(entry, this.actions)));
    this.renderNotice();
  }

  renderNotice() {
    const { store } = this;
    const nothing = store.sid === null || store.session !== null;
    const empty = nothing && store.turns.size === 0 && this.pending.children.length === 0;
    const wanted = store.connection === "gone" ? "gone" : empty ? "empty" : this.loading() ? "loading" : "none";
    if (this.notice.dataset.kind === wanted) return;
    this.notice.dataset.kind = wanted;
    this.root.dataset.empty = String(wanted === "empty" || wanted === "gone");
    fill(this.notice, this.noticeOf(wanted));
  }

  loading() {
    return this.store.sid !== null && this.store.session === null && this.pending.children.length === 0;
  }

  noticeOf(kind) {
    if (kind === "gone") return goneState(this.store.refusal, this.actions.fresh);
    if (kind === "empty") return emptyState(this.actions.begin);
    if (kind === "loading") return h("p.loading", {}, h("span.spinner"), "Opening the session…");
    return null;
  }

  renderEarlier() {
    const hiddenTurns = this.store.orderedTurns().filter((turn) => turn.number < (this.from ?? 0)).length;
    this.earlier.hidden = hiddenTurns === 0;
    this.earlier.textContent = `Show earlier turns (${hiddenTurns.toLocaleString("en-GB")})`;
  }

  /** Draw a page of earlier turns and stay where the eyes are. */
  showEarlier(until = null) {
    const earlier = this.store.orderedTurns().filter((turn) => turn.number < this.from);
    const start = until === null ? Math.max(0, earlier.length - PAGE) : earlier.findIndex((turn) => turn.number >= until);
    const fromEnd = this.root.scrollHeight - this.root.scrollTop;
    this.pinned = false;
    this.from = earlier[Math.max(0, start)]?.number ?? 1;
    this.render();
    this.root.scrollTop = this.root.scrollHeight - fromEnd;
  }

  /** Bring a version before the eyes. */
  show(version) {
    const turn = this.store.turns.get(version.turn_id);
    if (!turn) return;
    if (turn.number < this.from) this.showEarlier(turn.number);
    this.pinned = false;
    const card = this.list.querySelector(`[data-version-id="${CSS.escape(version.id)}"]`);
    const element = card ?? this.views.get(turn.id)?.element;
    if (!element) return;
    reveal(element);
    element.classList.remove("flash");
    requestAnimationFrame(() => element.classList.add("flash"));
  }

  /** Move the focus from turn to turn. */
  step(direction) {
    const all = [...this.list.children];
    const at = all.indexOf(document.activeElement?.closest?.(".turn"));
    const to = at < 0 ? all.length - 1 : Math.min(all.length - 1, Math.max(0, at + direction));
    all[to]?.focus({ preventScroll: true });
    if (all[to]) reveal(all[to], "start");
  }

  /** Only going up lets go of the end; that more has come below does not. */
  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.root;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (near || scrollTop < this.scrollTop) this.pinned = near;
    this.scrollTop = scrollTop;
    this.newest.hidden = this.pinned;
  }

  keepEnd() {
    if (this.pinned) this.toEnd();
  }

  toEnd(smooth = false) {
    this.pinned = true;
    this.root.scrollTo({ top: this.root.scrollHeight, behavior: smooth && !calm() ? "smooth" : "instant" });
  }
}
