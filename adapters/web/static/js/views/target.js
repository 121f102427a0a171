// Says which picture the next words will act on, and lets one tap change it. Editing the wrong
// picture is the fault that people meet most with such tools, so this is never hidden.

import { thumbUrl } from "../api.js";
import { fill, h } from "../dom.js";
import { clip, operationWords } from "../format.js";
import { icon } from "../icons.js";
import { openMenu } from "../menu.js";

const MOST_OFFERED = 60;

const pictures = (count) => (count === 1 ? "your picture" : `${count} pictures`);

export class TargetView {
  /** `attached()`: how many pictures go with the words; `fresh()`: begin a new picture. */
  constructor(store, { attached, fresh }) {
    this.store = store;
    this.attached = attached;
    this.fresh = fresh;
    this.element = h("div.target", { testid: "target" });
    for (const topic of ["target", "version", "session"]) store.on(topic, () => this.render());
    this.render();
  }

  render() {
    const { store } = this;
    const chosen = store.versions.get(store.target) ?? null;
    const version = chosen ?? store.head;
    const count = this.attached();
    this.element.hidden = !version && count === 0;
    const focused = this.element.contains(document.activeElement);
    if (!chosen && count) fill(this.element, this.own(count));
    else if (version) fill(this.element, this.editing(version, chosen !== null, count), chosen && this.clear());
    if (focused) this.element.querySelector("button")?.focus();
  }

  own(count) {
    const words = count === 1 ? "Editing your picture" : `Editing your first picture, with ${count - 1} more`;
    return h("span.target-words", {}, icon("picture", 15), words);
  }

  editing(version, chosen, count) {
    const button = h(
      "button.target-button",
      {
        type: "button",
        class: chosen ? "chosen" : null,
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        title: "Change which version is edited",
        testid: "target-version",
        onclick: () => this.choose(button, version),
      },
      h("img", { src: thumbUrl(version.asset.sha256), alt: "", width: 22, height: 22, class: version.asset.alpha ? "checkered" : null }),
      h("span", {}, "Editing ", h("strong", {}, version.name), count ? ` with ${pictures(count)}` : ""),
      icon("down", 13),
    );
    return button;
  }

  clear() {
    return h(
      "button.icon-button.tiny",
      {
        type: "button",
        "aria-label": `Back to the current version${this.store.head ? `, ${this.store.head.name}` : ""}`,
        title: "Back to the current version",
        testid: "target-clear",
        onclick: () => this.store.setTarget(null),
      },
      icon("close", 13),
    );
  }

  choose(button, now) {
    const { store } = this;
    const newest = store.orderedVersions().reverse().slice(0, MOST_OFFERED);
    openMenu(button, "Which version to edit", [
      ...newest.map((version) => ({
        label: version.name,
        note: clip(store.wordsOf(version) || operationWords(version.operation), 60),
        picture: h("img.menu-picture", {
          src: thumbUrl(version.asset.sha256),
          alt: "",
          loading: "lazy",
          class: version.asset.alpha ? "checkered" : null,
        }),
        checked: version.id === now.id,
        onpick: () => store.setTarget(version.id === store.head?.id ? null : version.id),
      })),
      { label: "None: start a new picture", note: "the thread keeps all versions", picture: icon("plus", 18), onpick: this.fresh },
    ]);
  }
}
