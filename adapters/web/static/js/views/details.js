// How a picture came to be, on demand: enough to tell somebody, and where possible to repeat it.

import { h } from "../dom.js";
import { bytes, cost, costOf, dimensions, exactTime, operationWords, seconds, turnSeconds } from "../format.js";
import { openDialog } from "../menu.js";

export function openDetails(store, version) {
  const turn = store.turns.get(version.turn_id);
  const rows = factsOf(store, version, turn).filter(([, value]) => value !== null && value !== undefined && value !== "");
  openDialog(
    `Details of ${version.name}`,
    [
      h("dl.details", {}, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
      steps(turn),
    ],
    { className: "narrow", testid: "details" },
  );
}

function factsOf(store, version, turn) {
  const { asset, recipe } = version;
  const parents = version.parents.map((id) => store.versions.get(id)?.name ?? id);
  return [
    ["Words", recipe.words || turn?.text],
    ["Made by", operationWords(version.operation)],
    ["From", parents.join(", ")],
    ["Model", [version.model, recipe.snapshot && recipe.snapshot !== version.model ? `(${recipe.snapshot})` : ""].join(" ").trim()],
    ["Engine", recipe.engine],
    ["Seed", recipe.seed === null ? null : String(recipe.seed ?? "")],
    ["Quality", recipe.quality],
    ["Asked size", recipe.size],
    ["Picture", `${dimensions(asset)}, ${asset.mime.replace("image/", "").toUpperCase()}, ${bytes(asset.bytes)}${asset.alpha ? ", with transparency" : ""}`],
    ["Source", recipe.from_photograph ? "A photograph, changed by computer" : null],
    ["Time", recipe.seconds ? seconds(recipe.seconds) : null],
    ["Cost", version.operation === "upload" ? null : costOf(recipe)],
    ["Whole turn", turn && turnSeconds(turn) !== null ? `${seconds(turnSeconds(turn))}, ${cost(turn.cost_usd)}` : null],
    ["Asked", turn ? exactTime(turn.created_at) : null],
    ["SHA-256", h("code", {}, asset.sha256)],
    ...Object.entries(recipe.details ?? {}).map(([name, value]) => [name.replaceAll("_", " "), plain(value)]),
  ];
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (value !== null && typeof value === "object") return JSON.stringify(value);
  return value === null ? null : String(value);
}

function steps(turn) {
  if (!turn || (turn.plan ?? []).length < 2) return null;
  return [
    h("h3", {}, "Steps of the turn"),
    h("ol.steps", {}, turn.plan.map((step) => h("li", {}, operationWords(step.op), step.prompt ? `: ${step.prompt}` : ""))),
  ];
}
