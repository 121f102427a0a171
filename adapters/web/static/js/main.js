// Puts the page together: the store in the middle, views around it, the desk that keeps it in step
// with the server and the outbox that sends what people write.

import { Announcer } from "./announce.js";
import { pictureFile } from "./api.js";
import { Desk } from "./desk.js";
import { append, h } from "./dom.js";
import { Outbox } from "./outbox.js";
import { currentPage, currentSession, go, onRoute } from "./router.js";
import { Store } from "./store.js";
import { ComposerView } from "./views/composer.js";
import { openDetails } from "./views/details.js";
import { Drawer } from "./views/drawer.js";
import { firstWords } from "./views/model-words.js";
import { ModelsView } from "./views/models.js";
import { SessionsView } from "./views/sessions.js";
import { openShortcuts, watchKeys } from "./views/shortcuts.js";
import { StripView } from "./views/strip.js";
import { ThreadView } from "./views/thread.js";
import { TopbarView } from "./views/topbar.js";
import { Viewer } from "./views/viewer.js";

const part = (id) => document.getElementById(id);

const store = new Store();
const desk = new Desk(store);
const announcer = new Announcer(store);
const outbox = new Outbox(store, (sid) => {
  if (store.sid !== null) return;
  composer.adopt(sid);
  if (store.page === "thread") go(sid, { replace: true });
  else desk.enter(sid);
});
const viewer = new Viewer(store, { edit });
const drawer = new Drawer(part("sidebar"), part("scrim"), part("main"));

const composer = new ComposerView(part("dock"), store, { send });
const thread = new ThreadView(part("thread"), store, {
  say,
  edit,
  view: (version) => viewer.open(version),
  details: (version) => openDetails(store, version),
  cancel: (turn) => desk.cancel(turn),
  accept: () => say("yes", null),
  retry,
  again: (entry) => outbox.again(entry),
  putBack(entry) {
    outbox.drop(entry);
    composer.putBack(entry);
  },
  drop: (entry) => outbox.drop(entry),
  begin: (words) => composer.begin(words),
  fresh,
});
const strip = new StripView(part("versions"), store, { show: (version) => thread.show(version), edit });
const topbar = new TopbarView(part("topbar"), store, {
  onMenu: () => drawer.open(topbar.menuButton),
  onUndo: () => say("undo", null),
  onRedo: () => say("redo", null),
  onHelp: openShortcuts,
});
const models = new ModelsView(part("models"), store, {
  tryOut(model) {
    fresh();
    composer.prefer(model, firstWords(model));
  },
  pin: (name) => desk.pin(name),
  unpin: (model) => desk.unpin(model),
});
new SessionsView(part("sidebar"), store, {
  onNew: fresh,
  onMore: () => desk.moreSessions(),
  onRetry: () => desk.refreshList(),
  onPick: () => drawer.close(),
});

function send(words) {
  thread.pinned = true;
  outbox.send(words);
}

/** A button is nothing but words: it does what saying them would do. */
function say(text, version) {
  if (store.sid === null) return;
  send({ sid: store.sid, text, version: version?.id ?? null });
}

function edit(version) {
  store.setTarget(version.id);
  announcer.say(`The next words edit ${version.name}.`);
  composer.text.focus();
}

/** Bring back what was said in a turn, and the pictures that did not become versions of the thread. */
async function retry(turn) {
  const kept = new Set(turn.versions.map((id) => store.versions.get(id)?.asset.sha256));
  const lost = turn.inputs.filter((asset) => !kept.has(asset.sha256));
  const fetched = await Promise.allSettled(lost.map(pictureFile));
  const files = fetched.filter((one) => one.status === "fulfilled").map((one) => one.value);
  if (turn.session_id === store.sid) composer.putBack({ text: turn.text, version: chosenFor(turn), files });
}

/** The version that a turn was about, where it was not just the newest. */
function chosenFor(turn) {
  return turn.subject && turn.subject !== store.session?.head ? turn.subject : null;
}

/** A new thread, at once: what follows may write into it. */
function fresh() {
  drawer.close();
  go(null);
  follow();
  composer.text.focus();
}

/** Show what the address names. The session stays open behind the models. */
function follow() {
  const page = currentPage();
  const sid = page === "models" ? store.sid : currentSession();
  if (sid !== store.sid) desk.enter(sid);
  store.setPage(page);
}

const inThread = (act) => () => store.page === "thread" && act();

const toWriting = () => (store.page === "models" ? models.focus() : composer.text.focus());

store.on("page", () => {
  part("app").dataset.page = store.page;
  document.querySelector(".skip-link").textContent = store.page === "models" ? "Skip to the models" : "Skip to the composer";
  if (store.page !== "models") return;
  desk.refreshModels();
  desk.refreshUsage();
});

store.on("connection", () => {
  const banner = part("banner");
  banner.hidden = store.connection !== "lost";
  banner.replaceChildren();
  if (banner.hidden) return;
  append(banner, [h("span.spinner"), "The connection to Easel is lost. Trying again; what you write is kept and sent afterwards."]);
});

document.querySelector(".skip-link").addEventListener("click", (event) => {
  event.preventDefault();
  toWriting();
});

watchKeys({
  "/": toWriting,
  "?": openShortcuts,
  n: fresh,
  u: inThread(() => store.head && say("undo", null)),
  r: inThread(() => store.head && say("redo", null)),
  j: inThread(() => thread.step(1)),
  k: inThread(() => thread.step(-1)),
  v: inThread(() => strip.focus()),
});

onRoute(follow);
desk.enter(currentSession());
follow();
desk.refreshList();
desk.refreshModels();
