// One picture, large: zoom, the grounds that show transparency, and a slider that lays the version
// over the one it came from.

import { assetUrl } from "../api.js";
import { fill, h, hidden, memory } from "../dom.js";
import { clip, dimensions } from "../format.js";
import { icon } from "../icons.js";
import { title } from "./sessions.js";
import { altOf, openDownloads } from "./version-card.js";
import { Zoom } from "./zoom.js";

const GROUNDS = [
  { name: "checker", label: "Checkerboard" },
  { name: "black", label: "Black" },
  { name: "white", label: "White" },
];

export class Viewer {
  /** `actions`: edit(version). */
  constructor(store, actions) {
    this.store = store;
    this.actions = actions;
  }

  open(version) {
    if (this.dialog) return;
    const back = document.activeElement;
    this.build();
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      this.dialog = null;
      if (back?.isConnected) back.focus();
    });
    this.zoom = new Zoom(this.stage, this.canvas, (scale) => {
      this.scale.textContent = `${Math.round(scale * 100)} %`;
    });
    this.show(version);
    this.stage.focus();
  }

  build() {
    this.after = h("img.viewer-image", { draggable: "false" });
    this.before = h("img.viewer-image.viewer-before", { draggable: "false", hidden: true });
    this.edge = h("div.compare-edge", { hidden: true });
    this.canvas = h("div.viewer-canvas", { testid: "checkerboard" }, this.after, this.before, this.edge);
    this.stage = h("div.viewer-stage", { tabindex: 0, role: "group", "aria-label": "Picture", testid: "viewer-stage" }, this.canvas);
    this.slider = h("input.compare-slider", {
      type: "range",
      min: 0,
      max: 100,
      step: 1,
      value: 50,
      testid: "compare-slider",
      oninput: () => this.slide(),
    });
    this.tags = h("div.compare-tags", { "aria-hidden": "true" });
    this.compareBox = h("div.compare-box", { hidden: true }, this.tags, this.slider);
    this.scale = h("output.viewer-scale", { "aria-label": "Scale" });
    this.name = h("h2.viewer-name");
    this.dialog = h(
      "dialog.viewer",
      { "aria-label": "Picture, large", testid: "viewer", onkeydown: (event) => this.key(event) },
      h("header.viewer-head", {}, this.name, this.tools()),
      this.stage,
      h("footer.viewer-foot", {}, this.compareBox, this.bottom()),
    );
  }

  tools() {
    const download = h(
      "button.button.small",
      { type: "button", "aria-haspopup": "menu", "aria-expanded": "false", testid: "viewer-download", onclick: () => openDownloads(download, this.store, this.version) },
      icon("download", 16),
      h("span.only-wide", {}, "Download"),
    );
    const edit = h(
      "button.button.small",
      {
        type: "button",
        testid: "viewer-edit",
        onclick: () => {
          const { version } = this;
          this.dialog.close();
          this.actions.edit(version);
        },
      },
      icon("pencil", 16),
      h("span.only-wide", {}, "Edit from here"),
    );
    return h("div.viewer-tools", {}, edit, download, tool("close", "Close", () => this.dialog.close(), "viewer-close"));
  }

  bottom() {
    this.previous = tool("left", "Version before", () => this.step(-1), "viewer-previous");
    this.next = tool("right", "Next version", () => this.step(1), "viewer-next");
    this.compare = h(
      "button.button.small",
      { type: "button", "aria-pressed": "false", testid: "compare", onclick: () => this.setCompare(!this.comparing) },
      icon("compare", 16),
      "Compare",
    );
    return h(
      "div.viewer-bar",
      {},
      h("div.viewer-group", {}, this.previous, this.next),
      h(
        "div.viewer-group",
        {},
        tool("minus", "Smaller", () => this.zoom.by(-1), "zoom-out"),
        this.scale,
        tool("plus", "Larger", () => this.zoom.by(1), "zoom-in"),
        tool("fit", "Fit", () => this.zoom.fit(), "zoom-fit"),
        h("button.button.small", { type: "button", onclick: () => this.zoom.whole(), testid: "zoom-whole", "aria-label": "Real size, one to one" }, "1:1"),
      ),
      this.grounds(),
      this.compare,
    );
  }

  grounds() {
    const chosen = memory.get("ground") ?? "checker";
    const choices = GROUNDS.map(({ name, label }) =>
      h(
        "label.ground",
        { class: `ground-${name}`, title: label },
        h("input", { type: "radio", name: "ground", value: name, checked: name === chosen, testid: `ground-${name}`, onchange: () => this.setGround(name) }),
        hidden(label),
      ),
    );
    this.groundBox = h("fieldset.grounds", {}, h("legend.visually-hidden", {}, "Ground behind transparency"), choices);
    return this.groundBox;
  }

  setGround(name) {
    memory.set("ground", name);
    this.canvas.dataset.ground = name;
  }

  show(version) {
    const { asset } = version;
    this.version = version;
    const words = this.store.wordsOf(version);
    fill(
      this.name,
      h("strong", {}, version.name),
      h("span.viewer-words", {}, words ? clip(words, 140) : title(this.store.session)),
      h("span.viewer-facts.only-wide", {}, dimensions(asset)),
    );
    this.after.src = assetUrl(asset.sha256);
    this.after.alt = altOf(this.store, version);
    this.canvas.dataset.ground = memory.get("ground") ?? "checker";
    this.canvas.classList.toggle("has-alpha", asset.alpha);
    this.groundBox.hidden = !asset.alpha;
    this.zoom.hold(asset.width, asset.height);
    const at = this.around(version);
    this.previous.disabled = !at.before;
    this.next.disabled = !at.after;
    this.parent = this.parentOf(version);
    this.compare.disabled = !this.parent;
    this.compare.title = this.parent ? `Compare with ${this.parent.name} (c)` : "There is no version before this one";
    this.setCompare(Boolean(this.comparing && this.parent));
  }

  parentOf(version) {
    return version.parents.map((id) => this.store.versions.get(id)).find(Boolean) ?? null;
  }

  around(version) {
    const all = this.store.orderedVersions();
    const at = all.findIndex((one) => one.id === version.id);
    return { before: all[at - 1], after: all[at + 1] };
  }

  step(direction) {
    const { before, after } = this.around(this.version);
    const to = direction < 0 ? before : after;
    if (to) this.show(to);
  }

  setCompare(on) {
    this.comparing = on;
    this.compare.setAttribute("aria-pressed", String(on));
    this.compareBox.hidden = !on;
    this.before.hidden = !on;
    this.edge.hidden = !on;
    if (!on) {
      this.after.style.clipPath = "";
      return;
    }
    const { parent, version } = this;
    this.before.src = assetUrl(parent.asset.sha256);
    this.before.alt = `Before, ${altOf(this.store, parent)}`;
    this.slider.setAttribute("aria-label", `Before and after: ${parent.name} on the left, ${version.name} on the right`);
    fill(this.tags, h("span", {}, `Before · ${parent.name}`), h("span", {}, `After · ${version.name}`));
    this.canvas.classList.toggle("has-alpha", version.asset.alpha || parent.asset.alpha);
    this.groundBox.hidden = !(version.asset.alpha || parent.asset.alpha);
    this.slide();
  }

  slide() {
    const at = Number(this.slider.value);
    this.before.style.clipPath = `inset(0 ${100 - at}% 0 0)`;
    this.after.style.clipPath = `inset(0 0 0 ${at}%)`;
    this.edge.style.left = `${at}%`;
    this.slider.setAttribute("aria-valuetext", `${at} % before, ${100 - at} % after`);
  }

  key(event) {
    if (event.target === this.slider || event.target.closest("[role=menu], .grounds") || event.ctrlKey || event.metaKey) return;
    const act = {
      "+": () => this.zoom.by(1),
      "=": () => this.zoom.by(1),
      "-": () => this.zoom.by(-1),
      0: () => this.zoom.fit(),
      1: () => this.zoom.whole(),
      c: () => this.parent && this.setCompare(!this.comparing),
      b: () => this.nextGround(),
      ArrowLeft: () => (this.zoom.fitting ? this.step(-1) : this.zoom.pan(60, 0)),
      ArrowRight: () => (this.zoom.fitting ? this.step(1) : this.zoom.pan(-60, 0)),
      ArrowUp: () => this.zoom.pan(0, 60),
      ArrowDown: () => this.zoom.pan(0, -60),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  nextGround() {
    const inputs = [...this.groundBox.querySelectorAll("input")];
    const at = inputs.findIndex((input) => input.checked);
    inputs[(at + 1) % inputs.length].click();
  }
}

function tool(name, label, onclick, testid) {
  return h("button.icon-button", { type: "button", "aria-label": label, title: label, onclick, testid }, icon(name));
}
