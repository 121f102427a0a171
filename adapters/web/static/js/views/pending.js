// Words on their way to the server, or held back because they could not get there.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { summary } from "./options.js";

/** `actions`: again(entry), putBack(entry), drop(entry). */
export function pendingView(entry, actions) {
  const failed = entry.state === "failed";
  return h(
    "article.turn.pending",
    { data: { state: entry.state, key: entry.key }, testid: "pending", "aria-label": "Not sent yet" },
    h("div.turn-number", { "aria-hidden": "true" }, "…"),
    h(
      "div.turn-body",
      {},
      h("div.said", {}, h("p.words", { dir: "auto" }, entry.text || "(pictures without words)"), wishesOf(entry)),
      failed ? trouble(entry, actions) : h("p.sending", { role: "status" }, h("span.spinner"), waiting(entry)),
    ),
  );
}

function wishesOf(entry) {
  const wishes = summary(entry.options);
  if (entry.files.length) wishes.unshift(`${entry.files.length} ${entry.files.length === 1 ? "picture" : "pictures"}`);
  return wishes.length ? h("p.wishes", {}, wishes.map((wish) => h("span.chip", {}, wish))) : null;
}

const waiting = (entry) => (entry.state === "waiting" ? `${entry.error.message} Trying again…` : "Sending…");

function trouble(entry, actions) {
  const { error } = entry;
  return h(
    "div.error",
    { role: "alert", testid: "error", data: { code: error.code } },
    icon("warning", 18),
    h(
      "div.error-words",
      {},
      h("p.error-message", {}, error.message),
      error.hint && h("p.error-hint", {}, error.hint),
      h(
        "p.error-tools",
        {},
        !entry.partial &&
          error.repeatable &&
          h("button.button.small", { type: "button", testid: "send-again", onclick: () => actions.again(entry) }, icon("retry", 14), "Send again"),
        h("button.button.small", { type: "button", testid: "retry", onclick: () => actions.putBack(entry) }, "Put the words back"),
        h("button.link", { type: "button", onclick: () => actions.drop(entry) }, "Discard"),
      ),
    ),
  );
}
