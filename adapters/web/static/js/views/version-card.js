// One version in the thread: its picture, its facts, and what can be done with it.

import { assetUrl, downloadUrl, thumbUrl } from "../api.js";
import { fill, h, hidden } from "../dom.js";
import { clip, cost, costOf, dimensions, fileName, operationWords, percent, seconds } from "../format.js";
import { icon } from "../icons.js";
import { openMenu } from "../menu.js";
import { title } from "./sessions.js";

const WHOLE_UP_TO = 2048;
const THREAD_SIDE = 1024;

const SAYINGS = [
  { label: "Transparent", words: "transparent", testid: "action-transparent" },
  { label: "2x", words: "2x", testid: "action-2x" },
  { label: "4x", words: "4x", testid: "action-4x" },
  { label: "Variations", words: "variations", testid: "action-variations" },
];

const FORMATS = [
  { format: "png", label: "PNG", note: "exact, keeps transparency" },
  { format: "webp", label: "WebP", note: "small, keeps transparency" },
  { format: "jpeg", label: "JPEG", note: "small, no transparency" },
];

/** What a picture is called where it cannot be seen. */
export const altOf = (store, version) => {
  const words = store.wordsOf(version) || operationWords(version.operation);
  return `${version.name}: ${clip(words, 220)}`;
};

/** A file that is light enough to show in the thread; the viewer shows the picture itself. */
const shownUrl = (asset) =>
  Math.max(asset.width, asset.height) > WHOLE_UP_TO ? thumbUrl(asset.sha256, THREAD_SIDE) : assetUrl(asset.sha256);

export function openDownloads(button, store, version) {
  openMenu(
    button,
    `Download ${version.name}`,
    FORMATS.map(({ format, label, note }) => {
      const name = `${fileName(title(store.session), version.name)}.${format === "jpeg" ? "jpg" : format}`;
      return { label, note, href: downloadUrl(version, name, format), download: name, testid: `download-${format}` };
    }),
    "download-items",
  );
}

/**
 * `actions`: say(words, version), edit(version), view(version), details(version).
 * `small`: a picture on the way to another one of the same turn.
 */
export function versionCard(store, version, turn, actions, { small = false } = {}) {
  const { asset } = version;
  const image = h("img", {
    src: small ? thumbUrl(asset.sha256) : shownUrl(asset),
    width: asset.width,
    height: asset.height,
    alt: altOf(store, version),
    loading: "lazy",
    decoding: "async",
  });
  image.addEventListener("error", () => figure.classList.add("broken"), { once: true });
  const view = h(
    "button.picture",
    { type: "button", class: asset.alpha ? "checkered" : null, onclick: () => actions.view(version), testid: "open-viewer" },
    image,
    h("span.broken-words", {}, "This picture could not be loaded."),
    hidden(" Open large"),
  );
  view.style.setProperty("--ratio", asset.width / asset.height);
  const mark = h("span.head-mark");
  const figure = h(
    "figure.version",
    { class: small ? "small" : null, data: { versionId: version.id, version: version.name }, testid: "version" },
    view,
    h("figcaption", {}, facts(version, turn, mark), alphaLine(version), driftLine(version)),
    buttons(store, version, actions, small),
  );
  const markHead = () => {
    const isHead = store.session?.head === version.id;
    figure.classList.toggle("is-head", isHead);
    fill(mark, isHead ? "current" : null);
  };
  markHead();
  return { element: figure, markHead, cover: (sha256) => cover(view, image, sha256) };
}

/** The last preview stays until the picture itself is there. */
function cover(view, image, sha256) {
  view.style.background = `url("${assetUrl(sha256)}") center / cover`;
  image.addEventListener("load", () => view.style.removeProperty("background"), { once: true });
}

function facts(version, turn, mark) {
  const { asset, recipe } = version;
  const time = recipe?.seconds ? seconds(recipe.seconds) : null;
  const money = version.operation === "upload" ? null : recipe ? costOf(recipe) : cost(turn?.cost_usd);
  const told = [version.model || "your picture", dimensions(asset), time, money];
  return h(
    "p.facts",
    { testid: "facts" },
    h("strong", {}, version.name),
    mark,
    told.filter(Boolean).map((fact) => h("span", {}, fact)),
  );
}

function alphaLine(version) {
  const report = version.alpha_report;
  if (!report) return null;
  const told = [
    `${percent(report.coverage)} covered`,
    `${percent(report.partial)} soft edge`,
    report.corners_clear ? "corners clear" : "corners not clear",
  ].join(", ");
  return h(
    "p.report",
    { class: report.warnings.length || !report.corners_clear ? "warns" : null, testid: "alpha-report" },
    icon(report.warnings.length ? "warning" : "check", 15),
    h("span", {}, `True transparency: ${told}. Made from ${report.method}.`, report.warnings.map((text) => ` ${text.replace(/\.?$/, ".")}`)),
  );
}

/** How well the rest was kept, where that was measured. */
function driftLine(version) {
  const kept = version.drift?.words;
  if (typeof kept !== "string" || !kept) return null;
  return h("p.report", { testid: "drift" }, icon("check", 15), h("span", {}, kept));
}

function buttons(store, version, actions, small) {
  const menu = h(
    "button.button.small",
    {
      type: "button",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      testid: "download-menu",
      onclick: () => openDownloads(menu, store, version),
    },
    "Download",
    icon("down", 14),
  );
  const sayings = h(
    "div.action-group",
    {},
    SAYINGS.map(({ label, words, testid }) =>
      h("button.button.small", { type: "button", testid, onclick: () => actions.say(words, version) }, label.replace(/^(\d)x$/, "$1×")),
    ),
  );
  return h(
    "div.actions",
    { role: "group", "aria-label": `What to do with ${version.name}` },
    small ? null : sayings,
    h("button.button.small", { type: "button", testid: "action-edit", onclick: () => actions.edit(version) }, "Edit from here"),
    h("button.button.small", { type: "button", testid: "action-details", onclick: () => actions.details(version) }, "Details"),
    menu,
  );
}
