// All versions at a glance, as a tree: standing beside the thread where there is room, lying above
// the composer where there is not. Arrow keys walk along it, Enter shows a version in the thread.

import { thumbUrl } from "../api.js";
import { fill, h, hidden } from "../dom.js";
import { clip, operationWords } from "../format.js";
import { drawing, icon } from "../icons.js";
import { layOut } from "../tree.js";

const MOST = 150;
const LANE = 14;
const LOW_LANE = 11;
const ROW = 64;
const COLUMN = 64;
const MOST_LANES = 6;

export class StripView {
  /** `actions`: show(version), edit(version). */
  constructor(root, store, actions) {
    this.root = root;
    this.store = store;
    this.actions = actions;
    this.all = false;
    this.standing = matchMedia("(min-width: 1180px)");
    this.rails = h("div.rails");
    this.list = h("ol.strip", { testid: "versions" });
    this.head = h("div.strip-head");
    root.append(this.head, h("div.strip-scroll", {}, this.rails, this.list));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.standing.addEventListener("change", () => this.render());
    for (const topic of ["entered", "loaded", "turn", "version", "session", "target"]) {
      store.on(topic, () => this.schedule());
    }
    store.on("entered", () => {
      this.all = false;
    });
    this.render();
  }

  /** Several things change at once; draw them once. */
  schedule() {
    if (this.due) return;
    this.due = true;
    queueMicrotask(() => {
      this.due = false;
      this.render();
    });
  }

  render() {
    const everything = this.store.orderedVersions();
    const shown = this.all ? everything : everything.slice(-MOST);
    const signature = JSON.stringify([shown.map((one) => one.id), this.store.session?.head, this.store.target, this.standing.matches]);
    const wanted = everything.length > 0 || (this.standing.matches && this.store.turns.size > 0);
    this.root.hidden = !wanted;
    document.getElementById("app").classList.toggle("has-versions", wanted);
    if (signature === this.signature) return;
    this.signature = signature;
    const focused = document.activeElement?.closest?.(".strip-item")?.dataset.id;
    const layout = layOut(shown);
    this.drawRails(layout);
    this.focusable = focused ?? this.focusable ?? this.store.session?.head;
    if (!shown.some((one) => one.id === this.focusable)) this.focusable = shown.at(-1)?.id;
    fill(this.list, shown.map((version, row) => this.item(version, layout.places[row])));
    this.renderHead(everything.length, shown.length);
    if (focused) this.button(focused)?.focus({ preventScroll: true });
    if (shown.at(-1)?.id !== this.newestSeen) this.toNewest(shown);
  }

  toNewest(shown) {
    this.newestSeen = shown.at(-1)?.id;
    const scroller = this.list.parentElement;
    scroller.scrollTo({ left: scroller.scrollWidth, top: scroller.scrollHeight, behavior: "instant" });
  }

  renderHead(total, shown) {
    fill(
      this.head,
      h("h2", {}, "Versions"),
      h("span.strip-count", {}, total ? total.toLocaleString("en-GB") : "none yet"),
      total > shown &&
        h(
          "button.link",
          {
            type: "button",
            onclick: () => {
              this.all = true;
              this.signature = null;
              this.render();
            },
          },
          `Show all ${total.toLocaleString("en-GB")}`,
        ),
    );
  }

  item(version, place) {
    const isHead = version.id === this.store.session?.head;
    const chosen = version.id === this.store.target;
    const words = this.store.wordsOf(version) || operationWords(version.operation);
    const parents = version.parents.map((id) => this.store.versions.get(id)?.name).filter(Boolean);
    const origin = parents.length ? `from ${parents.join(" and ")}` : operationWords(version.operation);
    return h(
      "li.strip-item",
      {
        class: [isHead && "is-head", chosen && "is-target"].filter(Boolean).join(" ") || null,
        data: { id: version.id, version: version.name, lane: place.lane },
        testid: "strip-item",
      },
      h(
        "button.strip-main",
        {
          type: "button",
          tabindex: version.id === this.focusable ? 0 : -1,
          "aria-current": isHead ? "true" : null,
          onclick: () => this.actions.show(version),
          ondblclick: () => this.actions.edit(version),
        },
        h(
          "span.strip-picture",
          { class: version.asset.alpha ? "checkered" : null },
          h("img", { src: thumbUrl(version.asset.sha256), alt: "", loading: "lazy", width: 48, height: 48 }),
        ),
        h(
          "span.strip-words",
          {},
          h("span.strip-name", {}, version.name, isHead && h("span.head-mark", {}, "current")),
          h("span.strip-note", {}, clip(words, 60)),
          hidden(`, ${origin}`),
        ),
      ),
      h(
        "button.icon-button.tiny.strip-edit",
        { type: "button", tabindex: -1, "aria-label": `Edit from ${version.name}`, title: `Edit from ${version.name} (e)`, onclick: () => this.actions.edit(version) },
        icon("pencil", 15),
      ),
    );
  }

  /** The lines of descent beside (or above) the pictures. */
  drawRails({ places, lines, width }) {
    const standing = this.standing.matches;
    const step = standing ? ROW : COLUMN;
    const lanes = Math.min(width, MOST_LANES);
    const across = lanes * (standing ? LANE : LOW_LANE) + 4;
    const along = places.length * step;
    const rails = standing ? drawing(across, along, "rail") : drawing(along, across, "rail");
    const lane = (place) => (Math.min(place.lane, MOST_LANES - 1) + 0.5) * (standing ? LANE : LOW_LANE) + 2;
    const point = (place) => {
      const middle = place.row * step + step / 2;
      return standing ? [lane(place), middle] : [middle, across - lane(place)];
    };
    for (const { from, to } of lines) rails.add("path", { d: bend(point(from), point(to), standing), class: "rail-line" });
    for (const place of places) {
      const [x, y] = point(place);
      const isHead = place.id === this.store.session?.head;
      rails.add("circle", { cx: x, cy: y, r: isHead ? 5 : 3.5, class: isHead ? "rail-dot is-head" : "rail-dot" });
    }
    fill(this.rails, rails.svg);
    this.list.style.setProperty("--row", `${ROW}px`);
    this.list.style.setProperty("--column", `${COLUMN}px`);
  }

  button(id) {
    return this.list.querySelector(`[data-id="${CSS.escape(id)}"] .strip-main`);
  }

  key(event) {
    const items = [...this.list.children];
    const at = items.indexOf(document.activeElement.closest(".strip-item"));
    const version = this.store.versions.get(items[at]?.dataset.id);
    const to = {
      ArrowDown: at + 1,
      ArrowRight: at + 1,
      ArrowUp: at - 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: items.length - 1,
    }[event.key];
    if (event.key === "e" && version) {
      event.preventDefault();
      event.stopPropagation();
      this.actions.edit(version);
    }
    if (to === undefined || !items[to]) return;
    event.preventDefault();
    this.focusOn(items[to].dataset.id);
  }

  focusOn(id) {
    this.button(this.focusable)?.setAttribute("tabindex", "-1");
    this.focusable = id;
    const button = this.button(id);
    button?.setAttribute("tabindex", "0");
    button?.focus();
  }

  /** Bring the focus here. */
  focus() {
    if (!this.root.hidden) this.button(this.focusable)?.focus();
  }
}

/** A straight line within a lane; to another lane it leaves at once and then goes straight. */
function bend([x1, y1], [x2, y2], standing) {
  const half = (standing ? ROW : COLUMN) / 2;
  if (standing) {
    const turn = y1 + 2 * half;
    return x1 === x2 ? `M${x1} ${y1}V${y2}` : `M${x1} ${y1}C${x1} ${y1 + half} ${x2} ${y1 + half} ${x2} ${turn}V${y2}`;
  }
  const turn = x1 + 2 * half;
  return y1 === y2 ? `M${x1} ${y1}H${x2}` : `M${x1} ${y1}C${x1 + half} ${y1} ${x1 + half} ${y2} ${turn} ${y2}H${x2}`;
}
