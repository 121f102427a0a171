// What a model is like and what it can do, in the words and pictograms of the list.

import { capital, seconds } from "../format.js";

const RENDERING = {
  literal: "keeps to the words",
  balanced: "keeps to the words, with some freedom",
  free: "takes liberties",
};
const LETTERING = { good: "good", short: "short words", poor: "poor" };
const EDITING = { precise: "precise", good: "good", loose: "loose" };
const ALPHA = { native: "true transparency", preview: "sometimes, else cut out", none: "by cutting out" };

const can = (model, operation) => model.capabilities.operations.includes(operation);

export const draws = (model) => can(model, "generate") || can(model, "edit");

const edits = (model) => ["edit", "inpaint", "vary"].some((operation) => can(model, operation));

/** Makes something transparent, and not only keeps it so. */
const opens = (model) => can(model, "cutout") || (draws(model) && model.capabilities.alpha === "native");

/** Pairs of a name and words; what nothing is known of is left out. */
export function traitsOf(model) {
  const { traits, capabilities, price } = model;
  return [
    ["Style", RENDERING[traits.rendering]],
    ["Lettering", LETTERING[traits.lettering]],
    ["Edits", edits(model) && EDITING[traits.editing]],
    ["Transparent", can(model, "generate") && ALPHA[capabilities.alpha]],
    ["Speed", speedOf(traits.speed, capabilities.speed_s)],
    ["Sizes", capabilities.size_words],
    ["Chosen for", traits.subjects.join(", ")],
    ["Price", model.usable || price.known ? price.words : null],
  ]
    .filter(([, words]) => words)
    .map(([name, words]) => [name, capital(words)]);
}

function speedOf(word, usual) {
  const time = usual && `about ${seconds(Math.round(usual)).replace(".0", "")}`;
  return [word, time].filter(Boolean).join(", ");
}

/** What it can do: {picture, words}, each with its pictogram. */
export function abilitiesOf(model) {
  const { capabilities } = model;
  const scales = capabilities.scales.map((scale) => `${scale}×`).join(", ");
  return [
    can(model, "generate") && { picture: "picture", words: "Draws" },
    can(model, "edit") && { picture: "pencil", words: capabilities.edits_only_own ? "Edits its own pictures" : "Edits" },
    maskOf(model),
    can(model, "vary") && { picture: "copies", words: "Variations" },
    can(model, "cutout") && { picture: "scissors", words: "Cuts out" },
    can(model, "upscale") && { picture: "enlarge", words: `Enlarges ${scales}`.trim() },
    can(model, "adjust") && { picture: "options", words: "Exact adjustments" },
    capabilities.alpha === "native" && { picture: "squares", words: opens(model) ? "Transparent" : "Keeps transparency" },
    capabilities.max_inputs > 1 && { picture: "attach", words: `Up to ${capabilities.max_inputs} pictures in` },
    capabilities.seed && { picture: "dice", words: "Seed" },
    capabilities.previews && { picture: "eye", words: "Previews" },
    capabilities.converses && { picture: "speech", words: "Remembers the talk" },
    !capabilities.reads_words && draws(model) && { picture: "close", words: "Reads no words" },
  ].filter(Boolean);
}

function maskOf(model) {
  if (model.capabilities.mask === "true") return { picture: "brush", words: "True mask" };
  if (model.capabilities.mask === "hint") return { picture: "brush", words: "Mask as a hint" };
  return null;
}

export const FILTERS = [
  { name: "usable", label: "Ready to use", holds: (model) => model.usable },
  { name: "edit", label: "Edits", holds: (model) => can(model, "edit") },
  { name: "alpha", label: "Transparent", holds: opens },
  { name: "mask", label: "True mask", holds: (model) => model.capabilities.mask === "true" },
  { name: "upscale", label: "Enlarges", holds: (model) => can(model, "upscale") },
  { name: "free", label: "Free", holds: (model) => model.price.free },
];

/** Whether every word that is looked for stands somewhere in what the list says of a model. */
export function tells(model, wanted) {
  const said = [
    model.id,
    model.title,
    model.good_at,
    ...model.aliases,
    ...traitsOf(model).flat(),
    ...abilitiesOf(model).map(({ words }) => words),
  ];
  const all = said.join(" ").toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

/** Words to begin with where a model follows none of one's own. */
export function firstWords(model) {
  if (can(model, "generate") || can(model, "edit") || can(model, "inpaint")) return "";
  if (can(model, "upscale")) return `${model.capabilities.scales[0] ?? 2}x`;
  if (can(model, "cutout")) return "transparent";
  return can(model, "vary") ? "variations" : "";
}
