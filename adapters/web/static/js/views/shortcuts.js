// Keys for people who work with the keyboard, the list of them, and the switch that turns off the
// single ones (they get in the way of dictation).

import { h, isTyping, memory } from "../dom.js";
import { openDialog } from "../menu.js";

const LIST = [
  ["In the thread", [
    ["/", "to the composer"],
    ["n", "new session"],
    ["u", "undo"],
    ["r", "redo"],
    ["j  k", "next turn, turn before"],
    ["v", "to the versions"],
    ["?", "this list"],
  ]],
  ["In the composer", [
    ["Enter", "send"],
    ["Shift Enter", "new line"],
    ["Esc", "leave the composer"],
  ]],
  ["In the versions", [
    ["Arrows", "walk along them"],
    ["Enter", "show in the thread"],
    ["e", "edit from there"],
  ]],
  ["In the large view", [
    ["+  −", "larger, smaller"],
    ["0  1", "fit, real size"],
    ["Left  Right", "version before, next"],
    ["c", "compare with the version before"],
    ["b", "ground behind transparency"],
  ]],
];

const areOn = () => memory.get("keys") !== "off";

export function openShortcuts() {
  if (document.querySelector("dialog[open]")) return;
  const groups = LIST.map(([heading, keys]) =>
    h(
      "section.keys-group",
      {},
      h("h3", {}, heading),
      h("dl.keys", {}, keys.map(([key, does]) => h("div", {}, h("dt", {}, key.split("  ").map((one) => h("kbd", {}, one))), h("dd", {}, does)))),
    ),
  );
  const choice = h(
    "label.switch",
    {},
    h("input", {
      type: "checkbox",
      role: "switch",
      checked: areOn(),
      onchange: (event) => memory.set("keys", event.target.checked ? null : "off"),
    }),
    h("span.switch-track", { "aria-hidden": "true" }),
    h("span", {}, "Use single keys as shortcuts"),
  );
  openDialog("Keyboard shortcuts", [h("div.keys-groups", {}, groups), choice], { testid: "shortcuts" });
}

/** `acts`: {key: function}. Only plain keys, only where nobody is typing. */
export function watchKeys(acts) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && event.target.id === "composer-text") return event.target.blur();
    if (isTyping(event.target) || document.querySelector("dialog[open], [popover]:popover-open")) return;
    const act = acts[event.key];
    if (!act || (!areOn() && event.key !== "?")) return;
    event.preventDefault();
    act();
  });
}
