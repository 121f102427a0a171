// Wishes beside the words: model, shape, count, seed, quality, transparency. What is set stands as
// chips in the composer, so that nobody is surprised by a setting of an hour ago.

import { fill, h } from "../dom.js";
import { openPanel } from "../menu.js";

const SHAPES = [
  { ar: null, label: "Auto" },
  { ar: "1:1", label: "1:1" },
  { ar: "4:5", label: "4:5" },
  { ar: "3:4", label: "3:4" },
  { ar: "2:3", label: "2:3" },
  { ar: "9:16", label: "9:16" },
  { ar: "5:4", label: "5:4" },
  { ar: "4:3", label: "4:3" },
  { ar: "3:2", label: "3:2" },
  { ar: "16:9", label: "16:9" },
];

const QUALITIES = [
  { quality: null, label: "Auto" },
  { quality: "low", label: "Low" },
  { quality: "medium", label: "Medium" },
  { quality: "high", label: "High" },
];

const DRAWS = ["generate", "edit"];
const MOST = 4;
const SEED_MOST = 2 ** 32 - 1;

/** What is set, in a word each. `names` maps model ids to titles. */
export function wishes(options = {}, names = new Map()) {
  const found = [];
  const add = (key, words) => found.push({ key, words });
  if (options.model) add("model", names.get(options.model) ?? options.model);
  if (options.ar) add("ar", options.ar);
  if (options.size) add("size", options.size.replace(/^(\d+)x(\d+)$/, "$1 × $2"));
  if (options.n > 1) add("n", `${options.n} pictures`);
  if (options.seed !== null && options.seed !== undefined) add("seed", `seed ${options.seed}`);
  if (options.quality) add("quality", `${options.quality} quality`);
  if (options.transparent) add("transparent", "transparent");
  if (options.style) add("style", `style ${options.style}`);
  return found;
}

const missingOf = (model) => (model.usable ? "" : model.missing || "not set up");

const titles = (models) => new Map(models.map((model) => [model.id, model.title]));

/** What was set, as words; with the `models`, by their titles. */
export const summary = (options, models = []) => wishes(options ?? {}, titles(models)).map((wish) => wish.words);

export class Options {
  constructor(store, onchange) {
    this.store = store;
    this.onchange = onchange;
    this.value = {};
  }

  set(key, value) {
    if (value === null || value === undefined || value === "" || value === false) delete this.value[key];
    else this.value[key] = value;
    this.onchange();
  }

  chips() {
    return wishes(this.value, titles(this.store.models));
  }

  open(button) {
    const panel = h("div.panel.options", { role: "dialog", "aria-label": "Options", testid: "options-panel" });
    const render = () => fill(panel, this.form(render));
    render();
    openPanel(button, panel, { focus: panel.querySelector("input:checked") });
  }

  form(again) {
    return [
      this.models(),
      this.choice("Shape", "ar", SHAPES),
      this.choice("Quality", "quality", QUALITIES),
      h("div.fields", {}, this.count(), this.seed()),
      this.transparent(),
      h(
        "div.panel-foot",
        {},
        h(
          "button.link",
          {
            type: "button",
            onclick: () => {
              this.value = {};
              this.onchange();
              again();
            },
          },
          "Back to automatic",
        ),
      ),
    ];
  }

  models() {
    const drawing = this.store.models
      .filter((model) => DRAWS.some((op) => model.capabilities.operations.includes(op)))
      .sort((one, other) => Number(other.usable) - Number(one.usable));
    const rows = [
      this.model(null, "Automatic", "the best that is set up", ""),
      ...drawing.map((model) => this.model(model.id, model.title, [model.good_at, model.price.words].filter(Boolean).join(" · "), missingOf(model))),
    ];
    return h("fieldset", {}, h("legend", {}, "Model"), h("div.model-list", {}, rows));
  }

  model(id, name, goodAt, missing) {
    return h(
      "label.model",
      { class: missing ? "missing" : null },
      h("input", {
        type: "radio",
        name: "model",
        checked: (this.value.model ?? null) === id,
        disabled: Boolean(missing),
        onchange: () => this.set("model", id),
      }),
      h("span.model-words", {}, h("span.model-name", {}, name), h("span.model-note", {}, missing || goodAt)),
    );
  }

  choice(legend, key, choices) {
    return h(
      "fieldset",
      {},
      h("legend", {}, legend),
      h(
        "div.segments",
        {},
        choices.map((choice) =>
          h(
            "label.segment",
            {},
            h("input", {
              type: "radio",
              name: key,
              checked: (this.value[key] ?? null) === choice[key],
              onchange: () => this.set(key, choice[key]),
            }),
            h("span", {}, choice.label),
          ),
        ),
      ),
    );
  }

  count() {
    return h(
      "label.field",
      {},
      h("span", {}, "Pictures"),
      h(
        "select",
        { onchange: (event) => this.set("n", Number(event.target.value) > 1 ? Number(event.target.value) : null) },
        Array.from({ length: MOST }, (_, index) => {
          const option = h("option", { value: String(index + 1) }, String(index + 1));
          option.selected = (this.value.n ?? 1) === index + 1;
          return option;
        }),
      ),
    );
  }

  seed() {
    const input = h("input", {
      type: "number",
      min: 0,
      max: SEED_MOST,
      step: 1,
      placeholder: "any",
      inputmode: "numeric",
      value: this.value.seed ?? "",
      oninput: () => {
        const wanted = input.value === "" ? null : Number(input.value);
        const good = wanted === null || (Number.isInteger(wanted) && wanted >= 0 && wanted <= SEED_MOST);
        input.setCustomValidity(good ? "" : "A whole number from 0");
        if (good) this.set("seed", wanted);
      },
    });
    return h("label.field", {}, h("span", {}, "Seed"), input);
  }

  transparent() {
    return h(
      "label.switch",
      {},
      h("input", {
        type: "checkbox",
        role: "switch",
        checked: Boolean(this.value.transparent),
        onchange: (event) => this.set("transparent", event.target.checked),
      }),
      h("span.switch-track", { "aria-hidden": "true" }),
      h("span", {}, "Transparent background"),
    );
  }
}
