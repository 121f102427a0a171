// Says to screen readers what eyes can see happen: a turn began, waits in a line, ended, failed.

import { dimensions } from "./format.js";

/** The kind of thing that happens: a count that goes down is no news. */
const kindOf = (stage) => stage.replace(/\d+(st|nd|rd|th)?/g, "#");

export class Announcer {
  constructor(store) {
    this.store = store;
    this.polite = document.getElementById("live-polite");
    this.assertive = document.getElementById("live-assertive");
    store.on("turn", ({ turn, before }) => this.turn(turn, before));
    store.on("connection", () => this.connection());
  }

  say(words) {
    this.polite.textContent = words;
  }

  alarm(words) {
    this.assertive.textContent = words;
  }

  turn(turn, before) {
    if (before?.state === "running" && turn.state === "running") return this.stage(turn, before);
    if (!before || before.state === turn.state) return;
    if (turn.state === "running") this.say(`Turn ${turn.number} has begun.`);
    else if (turn.state === "cancelled") this.say(`Turn ${turn.number} is cancelled.`);
    else if (turn.state === "failed") this.alarm(`Turn ${turn.number} failed. ${turn.error?.message ?? ""}`);
    else if (turn.state === "done") this.say(`Turn ${turn.number} is done. ${this.results(turn)}`);
  }

  stage(turn, before) {
    const words = turn.progress?.stage ?? "";
    if (words && kindOf(words) !== kindOf(before.progress?.stage ?? "")) this.say(`${words}.`);
  }

  results(turn) {
    const made = turn.versions.map((id) => this.store.versions.get(id)).filter(Boolean);
    if (!made.length) return turn.notes.join(" ");
    return made.map((version) => `${version.name}, ${dimensions(version.asset)} pixels.`).join(" ");
  }

  connection() {
    if (this.store.connection === "lost") this.say("The connection is lost. Trying again.");
    if (this.store.connection === "gone") this.alarm(this.store.refusal?.message ?? "There is no such session.");
  }
}
