// Where people say what they want. Words are kept per session until they are sent, so that no
// reload, error or wandering off loses them; what is wished beside them stays with its session too.

import { append, fill, h, memory } from "../dom.js";
import { icon } from "../icons.js";
import { Attachments, watchDrops } from "./attachments.js";
import { Options } from "./options.js";
import { TargetView } from "./target.js";

const LONGEST = 8000;
const TELL_FROM = 7000;
const FRESH = "new picture: ";

export class ComposerView {
  /** `send({sid, text, files, version, options})` takes the words over. */
  constructor(root, store, { send }) {
    this.store = store;
    this.send = send;
    this.attachments = new Attachments(() => this.refresh(), (words) => this.complain(words));
    this.options = new Options(store, () => this.wished());
    this.text = this.textarea();
    this.counter = h("span.counter", { "aria-live": "polite" });
    this.problem = h("p.composer-problem", { role: "alert", testid: "composer-problem" });
    this.chips = h("span.option-chips");
    this.target = new TargetView(store, {
      attached: () => this.attachments.files.length,
      fresh: () => this.begin(FRESH + this.text.value.replace(/^new picture: */i, "")),
    });
    this.button = h("button.send", { type: "submit", testid: "send", "aria-label": "Send" }, icon("send", 19));
    append(root, [this.form()]);
    watchDrops(document.getElementById("drop-veil"), (files) => this.take(files));
    store.on("entered", () => this.enter());
    store.on("models", () => this.refresh());
    store.on("connection", () => this.refresh());
    this.enter();
  }

  textarea() {
    return h("textarea", {
      id: "composer-text",
      rows: 1,
      dir: "auto",
      "aria-label": "What should be made or changed",
      "aria-describedby": "composer-help",
      enterkeyhint: "send",
      testid: "composer",
      oninput: () => this.typed(),
      onkeydown: (event) => this.key(event),
      onpaste: (event) => this.paste(event),
    });
  }

  form() {
    const attach = h(
      "button.tool",
      { type: "button", onclick: () => this.attachments.picker.click(), testid: "attach" },
      icon("attach"),
      h("span", {}, "Picture"),
    );
    const options = h(
      "button.tool",
      {
        type: "button",
        "aria-haspopup": "dialog",
        "aria-expanded": "false",
        onclick: () => this.options.open(options),
        testid: "options",
      },
      icon("options"),
      h("span", {}, "Options"),
    );
    return h(
      "form.composer",
      {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          this.submit();
        },
      },
      this.problem,
      h("div.composer-top", {}, this.target.element, this.chips),
      this.attachments.element,
      this.text,
      h("div.composer-tools", {}, attach, this.attachments.picker, options, h("span.grow"), this.counter, this.button),
      h("p.visually-hidden", { id: "composer-help" }, "Enter sends. Shift and Enter begin a new line. Pictures can be pasted or dropped."),
    );
  }

  /** The new thread has got its session: what is being written goes on there. */
  adopt(sid) {
    memory.set("draft.new", null);
    memory.set(`draft.${sid}`, this.text.value);
    memory.set("wishes.new", null);
    memory.set(`wishes.${sid}`, kept(this.options.value));
    this.adopting = sid;
  }

  /** Another session: bring back what was being written there. */
  enter() {
    const adopted = this.adopting === this.store.sid;
    this.adopting = undefined;
    if (adopted) return this.refresh();
    this.text.value = memory.get(this.draftKey()) ?? "";
    this.options.value = recalled(memory.get(this.wishesKey()));
    this.attachments.take();
    this.complain("");
    this.refresh();
    return this.grow();
  }

  draftKey() {
    return `draft.${this.store.sid ?? "new"}`;
  }

  wishesKey() {
    return `wishes.${this.store.sid ?? "new"}`;
  }

  wished() {
    memory.set(this.wishesKey(), kept(this.options.value));
    this.refresh();
  }

  /** Have the next words of this session done by a model; `words`: where it follows no others. */
  prefer(model, words) {
    this.options.set("model", model.id);
    if (words && !this.text.value.trim()) this.begin(words);
    this.text.focus();
  }

  typed() {
    memory.set(this.draftKey(), this.text.value);
    this.complain("");
    this.refresh();
    this.grow();
  }

  grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.take(files);
  }

  take(files) {
    this.attachments.add(files);
    this.text.focus();
  }

  complain(words) {
    this.problem.textContent = words;
    this.problem.hidden = !words;
  }

  refresh() {
    const { length } = this.text.value;
    const gone = this.store.connection === "gone";
    this.counter.textContent = length >= TELL_FROM ? `${length.toLocaleString("en-GB")} of 8,000` : "";
    this.counter.classList.toggle("over", length > LONGEST);
    this.button.disabled = gone || (!this.text.value.trim() && !this.attachments.files.length);
    document.getElementById("dock").hidden = gone;
    this.text.placeholder = this.store.sid === null ? "Describe a picture…" : "Say what to change…";
    fill(this.chips, this.options.chips().map((wish) => this.chip(wish)));
    this.target.render();
  }

  chip({ key, words }) {
    return h(
      "span.chip",
      { data: { wish: key }, testid: "wish" },
      words,
      h(
        "button.chip-remove",
        { type: "button", "aria-label": `Remove ${words}`, onclick: () => this.unwish(key) },
        icon("close", 11),
      ),
    );
  }

  unwish(key) {
    this.options.set(key, null);
    this.text.focus();
  }

  submit() {
    const text = this.text.value.trim();
    if (this.button.disabled) return;
    if (text.length > LONGEST) {
      this.complain("These words are longer than 8,000 characters. Shorten them a little; nothing was sent.");
      return;
    }
    const { sid, target } = this.store;
    const options = { ...this.options.value };
    this.text.value = "";
    memory.set(this.draftKey(), null);
    const files = this.attachments.take();
    this.store.setTarget(null);
    this.refresh();
    this.grow();
    this.send({ sid, text, files, version: target, options, key: this.earlierKey(sid, text, files) });
  }

  /** Words that came back unchanged may have arrived after all: they keep their key. */
  earlierKey(sid, text, files) {
    const { returned } = this;
    this.returned = null;
    const same = returned?.sid === sid && returned.text === text && returned.files.length === files.length;
    return same && returned.files.every((file, index) => file === files[index]) ? returned.key : null;
  }

  /** Put words into the composer to be changed or sent. */
  begin(words) {
    this.text.value = words;
    this.typed();
    this.text.focus();
    this.text.setSelectionRange(words.length, words.length);
  }

  /** Bring back what was written once, before what stands here now. */
  putBack({ text, files = [], version = null, options = null, sid = null, key = null, error = null }) {
    this.returned = key && error?.passing ? { sid, text, files, key } : null;
    const now = this.text.value.trim();
    if (files.length) this.attachments.put(files);
    if (options) {
      this.options.value = { ...options };
      this.wished();
    }
    this.store.setTarget(version && this.store.versions.has(version) ? version : null);
    this.begin(now && now !== text ? `${text}\n${now}` : text);
  }
}

const kept = (wishes) => (Object.keys(wishes).length ? JSON.stringify(wishes) : null);

function recalled(text) {
  try {
    return { ...JSON.parse(text ?? "{}") };
  } catch {
    return {};
  }
}
