// A turn while it waits or runs: the unfinished picture, what happens now, how far it is, Cancel.
// Progress arrives five times a second, so everything here is changed in place.

import { assetUrl } from "../api.js";
import { h } from "../dom.js";
import { percent, seconds } from "../format.js";

const LOCAL = new Set(["undo", "redo", "jump", "show_versions", "show", "recap", "advise"]);

export class LiveView {
  constructor(onCancel) {
    this.preview = h("img.preview", { alt: "", hidden: true, testid: "preview" });
    this.frame = h("div.live-frame", {}, h("div.shimmer"), this.preview);
    this.stage = h("span.live-stage", { testid: "stage" });
    this.facts = h("span.live-facts");
    this.bar = h("div.progress", { role: "progressbar", "aria-label": "Progress", "aria-valuemin": 0, "aria-valuemax": 100, testid: "progress" });
    this.fill = h("div.progress-fill");
    this.bar.append(this.fill);
    this.cancel = h("button.button.small", { type: "button", onclick: () => this.stop(onCancel), testid: "cancel" }, "Cancel");
    this.element = h(
      "div.live",
      { testid: "live" },
      this.frame,
      this.bar,
      h("div.live-line", {}, h("span.live-words", {}, this.stage, this.facts), this.cancel),
    );
  }

  /** The button stays enabled, so that it does not lose the focus before the turn has ended. */
  async stop(onCancel) {
    if (this.cancelling) return;
    this.cancelling = true;
    this.cancel.textContent = "Cancelling…";
    try {
      await onCancel();
    } catch (error) {
      this.stage.textContent = error.message;
      this.cancel.textContent = "Cancel";
      this.cancelling = false;
    }
  }

  update(turn, preview, shape) {
    const { stage, fraction, place } = progressOf(turn);
    this.element.dataset.state = turn.state;
    this.frame.hidden = turn.state === "queued" || !draws(turn);
    this.frame.style.aspectRatio = `${shape[0]} / ${shape[1]}`;
    this.element.style.setProperty("--ratio", shape[0] / shape[1]);
    if (this.stage.textContent !== stage) this.stage.textContent = stage;
    this.bar.classList.toggle("unknown", fraction === null);
    if (fraction === null) {
      this.bar.removeAttribute("aria-valuenow");
      this.fill.style.width = "";
    } else {
      this.bar.setAttribute("aria-valuenow", Math.round(fraction * 100));
      this.fill.style.width = `${fraction * 100}%`;
    }
    this.facts.textContent = factsOf(turn, fraction, place);
    this.show(preview);
  }

  /** Seconds pass also when nothing is told. */
  tick(turn) {
    const { fraction, place } = progressOf(turn);
    this.facts.textContent = factsOf(turn, fraction, place);
  }

  show(sha256) {
    if (this.shown === sha256) return;
    this.shown = sha256;
    this.preview.hidden = !sha256;
    if (!sha256) return;
    const next = new Image();
    next.onload = () => {
      if (this.shown !== sha256) return;
      this.preview.src = next.src;
      this.preview.classList.add("shown");
    };
    next.src = assetUrl(sha256);
  }
}

function progressOf(turn) {
  const told = turn.progress ?? {};
  const place = told.queue_place ?? null;
  if (turn.state === "queued") {
    const before = place ? `, ${place} ${place === 1 ? "turn" : "turns"} before it` : "";
    return { stage: `Waiting${before}`, fraction: null, place };
  }
  return { stage: told.stage || "Beginning", fraction: told.fraction ?? null, place };
}

function factsOf(turn, fraction) {
  const facts = [];
  if (fraction !== null) facts.push(percent(Math.floor(fraction * 100) / 100));
  if (turn.started_at) {
    facts.push(seconds(Math.max(0, Math.floor((Date.now() - new Date(turn.started_at)) / 1000))).replace(".0", ""));
  }
  if (turn.progress?.expected) facts.push(turn.progress.expected);
  return facts.join(" · ");
}

const draws = (turn) => !turn.plan?.length || turn.plan.some((step) => !LOCAL.has(step.op));
