// The invitation where a thread will be: what to say, and what works with pictures of one's own.

import { h } from "../dom.js";

// Each picture is what the offline studio drew from these very words.
const EXAMPLES = [
  { picture: "mug", words: "A red mug to the left of a white candle on a walnut table, soft window light" },
  { picture: "lemons", words: "Three lemons in a blue ceramic bowl, golden hour, marble surface" },
  { picture: "vase", words: "A teal ceramic vase behind two green apples, overhead softbox, pale grey backdrop" },
  { picture: "lamp", words: "A brass lamp beside a stack of books on an oak table, night" },
];

/** `onpick(words)`: put an example into the composer. */
export function emptyState(onpick) {
  return h(
    "div.empty",
    { testid: "empty" },
    h("h2.empty-title", {}, "What would you like to see?"),
    h(
      "p.empty-lead",
      {},
      "Describe a picture. Then change it by saying what should be different: every answer becomes a version you can return to.",
    ),
    h(
      "ul.examples",
      { "aria-label": "Examples" },
      EXAMPLES.map(({ picture, words }) =>
        h(
          "li",
          {},
          h(
            "button.example",
            { type: "button", testid: "example", onclick: () => onpick(words) },
            h("img", { src: `/static/examples/${picture}.webp`, alt: "", width: 512, height: 384 }),
            h("span", {}, words),
          ),
        ),
      ),
    ),
    h(
      "p.empty-own",
      {},
      h("strong", {}, "Have a picture of your own? "),
      "Drop it anywhere. Say “crop to 4:5”, “transparent”, “4x”, “warmer” or “add the text ‘Open’ at the top”: these are done exactly, here, at no cost.",
    ),
  );
}

/** Where a session that the address names does not exist, or may not be opened (`error` says). */
export function goneState(error, onNew) {
  return h(
    "div.empty",
    { testid: "gone" },
    h("h2.empty-title", {}, error?.message || "There is no such session here."),
    h("p.empty-lead", {}, error?.hint || "It may have been forgotten, or the address is not whole."),
    h("button.button.primary", { type: "button", onclick: onNew }, "Start a new session"),
  );
}
