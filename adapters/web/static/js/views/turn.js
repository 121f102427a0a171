// One turn: what was said, what is acted on, what came of it. Parts are replaced one by one and only
// when they changed, so that focus, scroll and selection survive whatever the server tells.

import { assetUrl, thumbUrl } from "../api.js";
import { fill, h, hidden, memory } from "../dom.js";
import { ago, capital, cost, exactTime, turnSeconds, seconds } from "../format.js";
import { icon } from "../icons.js";
import { isEnded } from "../store.js";
import { LiveView } from "./live.js";
import { summary } from "./options.js";
import { versionCard } from "./version-card.js";

const TIP = "Tip: ";
const CENT_PART = 1e-4;
const MOMENT = 0.5;
const bare = (words) => words.replace(/\.$/, "");

export class TurnView {
  /** `actions`: those of a version card, and cancel(turn), retry(turn), accept(offered id). */
  constructor(store, turn, actions) {
    this.store = store;
    this.actions = actions;
    this.seen = {};
    this.cards = [];
    this.said = h("div.said");
    this.echo = h("p.echo", { hidden: true, testid: "echo" });
    this.liveSlot = h("div.live-slot");
    this.results = h("div.results");
    this.after = h("div.after");
    this.element = h(
      "article.turn",
      { data: { turnId: turn.id }, testid: "turn", "aria-label": `Turn ${turn.number}`, tabindex: -1 },
      h("div.turn-number", { "aria-hidden": "true" }, String(turn.number)),
      h("div.turn-body", {}, this.said, this.echo, this.liveSlot, this.results, this.after),
    );
    this.update(turn);
  }

  update(turn) {
    this.turn = turn;
    this.element.dataset.state = turn.state;
    this.part("said", [turn.text, turn.inputs, turn.options, turn.versions.length, this.store.models.length], () => fill(this.said, this.words()));
    this.part("echo", [turn.echo, turn.subject, this.subject()?.id], () => this.renderEcho());
    this.renderLive();
    const results = [...turn.versions, ...turn.shows].map((id) => this.store.versions.get(id)?.id ?? null);
    this.part("results", [results, turn.enclosed, isEnded(turn)], () => this.renderResults());
    this.part("after", [turn.state, turn.notes, turn.error, this.offered()?.title, this.costInAll()], () =>
      fill(this.after, this.outcome()),
    );
  }

  part(name, state, render) {
    const signature = JSON.stringify(state);
    if (this.seen[name] === signature) return;
    this.seen[name] = signature;
    render();
  }

  words() {
    const { text, inputs, options, created_at: when } = this.turn;
    const wishes = summary(options, this.store.models);
    return [
      h(
        "div.said-line",
        {},
        text ? h("p.words", { testid: "words", dir: "auto" }, text) : h("p.words.silent", {}, "(a picture without words)"),
        h("time.when", { datetime: when, title: exactTime(when) }, ago(when)),
      ),
      this.attached(inputs ?? []),
      wishes.length ? h("p.wishes", {}, wishes.map((wish) => h("span.chip", {}, wish))) : null,
    ];
  }

  /** Attached pictures, without those that stand below as versions. */
  attached(inputs) {
    const below = new Set(this.turn.versions.map((id) => this.store.versions.get(id)?.asset.sha256));
    const rows = inputs.map((asset, index) => !below.has(asset.sha256) && this.input(asset, index)).filter(Boolean);
    return rows.length ? h("ul.inputs", { "aria-label": "Attached pictures" }, rows) : null;
  }

  input(asset, index) {
    const name = this.turn.names?.[index] || `Attached picture ${index + 1}`;
    return h(
      "li",
      {},
      h(
        "a.input",
        { href: assetUrl(asset.sha256), target: "_blank", rel: "noopener", class: asset.alpha ? "checkered" : null },
        h("img", { src: thumbUrl(asset.sha256), alt: name, loading: "lazy" }),
      ),
    );
  }

  /** The version or the attachment that is acted on. */
  subject() {
    const { subject, inputs } = this.turn;
    if (!subject) return null;
    if (subject.startsWith("input:")) {
      const asset = inputs?.[Number(subject.slice(6))];
      return asset ? { id: subject, asset } : null;
    }
    return this.store.versions.get(subject) ?? null;
  }

  renderEcho() {
    const subject = this.subject();
    this.echo.hidden = !this.turn.echo;
    fill(
      this.echo,
      subject && h("img", { src: thumbUrl(subject.asset.sha256), alt: "", width: 22, height: 22, class: subject.asset.alpha ? "checkered" : null }),
      h("span", {}, capital(this.turn.echo ?? "")),
    );
  }

  renderLive() {
    if (isEnded(this.turn)) {
      if (this.live && this.liveSlot.contains(document.activeElement)) this.element.focus({ preventScroll: true });
      this.live = null;
      this.liveSlot.replaceChildren();
      return;
    }
    if (!this.live) {
      this.live = new LiveView(() => this.actions.cancel(this.turn));
      this.liveSlot.append(this.live.element);
    }
    this.preview = this.store.previews.get(this.turn.id) ?? null;
    this.live.update(this.turn, this.preview, this.shape());
  }

  tick() {
    this.live?.tick(this.turn);
  }

  /** The shape that the result will most likely have. */
  shape() {
    const { ar, size } = this.turn.options ?? {};
    const asked = /^([\d.]+)[:x]([\d.]+)$/.exec(ar ?? size ?? "");
    if (asked) return [Number(asked[1]), Number(asked[2])];
    const asset = this.subject()?.asset;
    return asset ? [asset.width, asset.height] : [1, 1];
  }

  renderResults() {
    const made = this.turn.versions.map((id) => this.store.versions.get(id)).filter(Boolean);
    const used = new Set(made.flatMap((version) => version.parents));
    const large = made.filter((version) => !used.has(version.id));
    this.cards = made.map((version) => {
      return versionCard(this.store, version, this.turn, this.actions, { small: used.has(version.id) });
    });
    if (this.preview && this.cards.length === 1) this.cards[0].cover(this.preview);
    const shown = this.turn.shows.map((id) => this.store.versions.get(id)).filter(Boolean);
    const again = shown.map((version) => versionCard(this.store, version, this.store.turns.get(version.turn_id), this.actions));
    this.cards.push(...again);
    this.results.dataset.count = String(large.length + again.length);
    fill(this.results, [...this.cards.map((card) => card.element), ...this.turn.enclosed.map((asset) => this.enclosed(asset))]);
  }

  /** A picture that answers without being a version: the contact sheet. */
  enclosed(asset) {
    return h(
      "a.enclosed",
      { href: assetUrl(asset.sha256), target: "_blank", rel: "noopener", testid: "enclosed" },
      h("img", { src: assetUrl(asset.sha256), width: asset.width, height: asset.height, alt: "All versions of this thread on one sheet", loading: "lazy" }),
    );
  }

  markHead() {
    for (const card of this.cards) card.markHead();
  }

  outcome() {
    const { turn } = this;
    return [turn.state === "cancelled" && this.cancelled(), turn.error && this.failed(), this.notes(), this.bill()];
  }

  cancelled() {
    return h("p.ended", { testid: "cancelled" }, icon("close", 15), "Cancelled. The session is as it was. ", this.backButton("Put the words back"));
  }

  failed() {
    const { error } = this.turn;
    const spent = turnSeconds(this.turn);
    return h(
      "div.error",
      { testid: "error", data: { code: error.code } },
      icon("warning", 18),
      h(
        "div.error-words",
        {},
        h("p.error-message", {}, error.message),
        error.hint && h("p.error-hint", {}, error.hint),
        h("p.error-tools", {}, this.offerButton(), this.backButton("Put the words back"), spent > MOMENT && h("span.quiet", {}, `after ${seconds(spent)}`)),
      ),
    );
  }

  /** The model that would do it, as long as a yes would be about this turn: nothing was said since. */
  offered() {
    const offer = this.turn.error?.offer;
    if (!offer || this.store.orderedTurns().at(-1)?.id !== this.turn.id) return null;
    return this.store.models.find((model) => model.id === offer) ?? { id: offer, title: offer };
  }

  offerButton() {
    const model = this.offered();
    if (!model) return null;
    const button = h(
      "button.button.small.primary",
      {
        type: "button",
        testid: "use-offer",
        onclick: () => {
          button.disabled = true;
          this.actions.accept();
        },
      },
      `Use ${model.title} instead`,
    );
    return button;
  }

  /** What an ended turn cost, where that is not what its one picture says already. */
  costInAll() {
    const { turn } = this;
    if (!isEnded(turn) || !(turn.cost_usd > 0)) return 0;
    const made = turn.versions.map((id) => this.store.versions.get(id)).filter((version) => version?.recipe?.cost_usd);
    const told = made.length === 1 && Math.abs(made[0].recipe.cost_usd - turn.cost_usd) < CENT_PART;
    return told ? 0 : turn.cost_usd;
  }

  bill() {
    const spent = this.costInAll();
    return spent ? h("p.quiet", { testid: "turn-cost" }, `Cost in all: ${cost(spent)}`) : null;
  }

  backButton(label) {
    if (!this.turn.text && !this.turn.inputs?.length) return null;
    return h("button.button.small", { type: "button", testid: "retry", onclick: () => this.actions.retry(this.turn) }, icon("retry", 14), label);
  }

  notes() {
    const told = this.toldUnderPictures();
    const shown = (this.turn.notes ?? []).filter(
      (note) => !told.has(bare(note)) && !(note.startsWith(TIP) && memory.get(`hushed.${note}`)),
    );
    if (!shown.length) return null;
    return h("ul.notes", { "aria-label": "Notes", testid: "notes" }, shown.map((note) => this.note(note)));
  }

  /** What the report under a picture says already. */
  toldUnderPictures() {
    const warnings = this.turn.versions.flatMap((id) => this.store.versions.get(id)?.alpha_report?.warnings ?? []);
    return new Set(warnings.map(bare));
  }

  note(words) {
    if (!words.startsWith(TIP)) return h("li", {}, words);
    const row = h(
      "li.tip",
      {},
      icon("tip", 16),
      h("span", {}, hidden(TIP), words.slice(TIP.length)),
      h(
        "button.icon-button.tiny",
        {
          type: "button",
          "aria-label": "Do not show this tip again",
          title: "Do not show this tip again",
          onclick: () => {
            memory.set(`hushed.${words}`, "1");
            row.remove();
          },
        },
        icon("close", 13),
      ),
    );
    return row;
  }
}
