// The list of models: what each is good at and can do, which are ready, what the others need.
// Choosing is never needed; this page is for those who want to.

import { fill, h, hidden, reveal } from "../dom.js";
import { cost } from "../format.js";
import { icon } from "../icons.js";
import { FILTERS, abilitiesOf, tells, traitsOf } from "./model-words.js";

export class ModelsView {
  /** `actions`: tryOut(model), pin(name) and unpin(model), both of which give a promise. */
  constructor(root, store, actions) {
    this.root = root;
    this.store = store;
    this.actions = actions;
    this.chosen = new Set();
    this.search = h("input.filter", {
      type: "search",
      placeholder: "Find a model: lettering, seed, flux…",
      "aria-label": "Find a model by its words",
      testid: "model-search",
      oninput: () => this.render(),
    });
    this.spent = h("p.quiet", { testid: "spent", hidden: true });
    this.count = h("p.quiet", { role: "status", testid: "model-count" });
    this.lists = h("div.model-groups", { testid: "models" });
    root.append(h("div.models-inner", {}, this.head(), this.lists, this.adding()));
    store.on("models", () => this.render());
    store.on("usage", () => this.renderSpent());
    this.render();
  }

  focus() {
    this.search.focus();
  }

  head() {
    const toForm = () => this.wanted.focus();
    return h(
      "header.models-head",
      {},
      h(
        "p.models-lead",
        {},
        "You need not choose: Easel takes a model that can do what you ask, and says which. Here is what each is like. ",
        h("button.link", { type: "button", onclick: toForm }, "Add a model"),
      ),
      this.spent,
      h("label.filter-box", {}, icon("search", 16), this.search),
      h("div.model-filters", { role: "group", "aria-label": "Show only" }, FILTERS.map((filter) => this.filter(filter))),
      this.count,
    );
  }

  filter({ name, label }) {
    const button = h(
      "button.button.small",
      {
        type: "button",
        "aria-pressed": "false",
        testid: `filter-${name}`,
        onclick: () => {
          if (!this.chosen.delete(name)) this.chosen.add(name);
          button.setAttribute("aria-pressed", String(this.chosen.has(name)));
          this.render();
        },
      },
      label,
    );
    return button;
  }

  render() {
    const { models } = this.store;
    const wanted = this.search.value.trim();
    const asked = FILTERS.filter(({ name }) => this.chosen.has(name));
    const shown = models.filter((model) => asked.every(({ holds }) => holds(model)) && tells(model, wanted));
    const focused = document.activeElement?.closest?.(".model-card")?.dataset.model;
    const ready = shown.filter((model) => model.usable);
    const others = shown.filter((model) => !model.usable);
    this.count.textContent = shown.length === models.length ? `${models.length} models` : `${shown.length} of ${models.length} models`;
    fill(this.lists, this.group("Ready to use", ready), this.group("Not ready here", others), shown.length ? null : this.nothing());
    if (focused) this.lists.querySelector(`[data-model="${CSS.escape(focused)}"] button`)?.focus();
  }

  nothing() {
    return h("p.quiet", { testid: "no-models" }, this.whyNone());
  }

  whyNone() {
    const { models, modelsError } = this.store;
    if (models.length) return "No model fits all of this. Take a filter away, or search for less.";
    return modelsError ? `${modelsError.message} Reload the page to try again.` : "Reading the models…";
  }

  group(heading, models) {
    if (!models.length) return null;
    return h("section.model-group", {}, h("h2", {}, heading), h("ul.model-cards", {}, models.map((model) => this.card(model))));
  }

  card(model) {
    return h(
      "li.model-card",
      { data: { model: model.id, usable: model.usable }, testid: "model-card" },
      h("header", {}, h("h3", {}, model.title), h("code.model-id", {}, model.id)),
      model.good_at && h("p.model-good", {}, model.good_at),
      model.usable ? null : h("p.model-missing", { testid: "missing" }, icon("warning", 15), h("span", {}, `Not ready: ${model.missing || "not set up"}`)),
      h("ul.abilities", { "aria-label": "What it can do" }, abilitiesOf(model).map(({ picture, words }) => h("li.chip", {}, icon(picture, 14), words))),
      h("dl.traits", {}, traitsOf(model).map(([name, words]) => [h("dt", {}, name), h("dd", {}, words)])),
      this.tools(model),
    );
  }

  tools(model) {
    const trouble = h("p.model-trouble", { role: "alert", hidden: true });
    const tryIt =
      model.usable &&
      h(
        "button.button.small",
        { type: "button", testid: "try-model", onclick: () => this.actions.tryOut(model) },
        "Try it",
        hidden(` with ${model.title}`),
      );
    const unpin =
      model.pinned &&
      h(
        "button.link",
        { type: "button", testid: "unpin", onclick: () => this.unpin(model, trouble) },
        "Remove from the list",
        hidden(`: ${model.title}`),
      );
    return tryIt || unpin ? h("footer.model-tools", {}, tryIt, unpin, trouble) : null;
  }

  async unpin(model, trouble) {
    try {
      await this.actions.unpin(model);
      this.focus();
      this.tell(`${model.title} is removed from the list.`);
    } catch (error) {
      trouble.hidden = false;
      trouble.textContent = [error.message, error.hint].filter(Boolean).join(" ");
    }
  }

  adding() {
    this.wanted = h("input", {
      id: "pin-name",
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: "owner/name",
      maxlength: 200,
      "aria-describedby": "pin-answer",
      testid: "pin-name",
    });
    this.answer = h("p.pin-answer", { id: "pin-answer", role: "status", testid: "pin-answer" });
    this.add = h("button.button", { type: "submit", testid: "pin" }, "Add");
    this.adder = h(
      "section.model-add",
      {},
      h("h2", {}, "Add a model"),
      h("p.quiet", {}, "Any image model on Replicate, by its name there. Easel reads what it takes, and it stays in this list for everyone here."),
      h(
        "form",
        {
          novalidate: true,
          onsubmit: (event) => {
            event.preventDefault();
            this.pin();
          },
        },
        h("label", { for: "pin-name" }, "Name"),
        h("div.pin-line", {}, this.wanted, this.add),
        this.answer,
      ),
    );
    return this.adder;
  }

  async pin() {
    const name = this.wanted.value.trim();
    if (!name) return this.refuse("Write the name of a model first, as owner/name.");
    if (this.asking) return;
    this.asking = true;
    this.tell(`Looking for ${name}…`);
    try {
      const model = await this.actions.pin(name);
      this.wanted.value = "";
      this.tell(model.pinned ? `${model.title} is in the list now.` : `${model.title} is in the list already.`);
    } catch (error) {
      this.refuse([error.message, error.hint].filter(Boolean).join(" "));
    } finally {
      this.asking = false;
    }
  }

  tell(words) {
    this.answer.textContent = words;
    if (this.adder.contains(document.activeElement)) reveal(this.answer, "nearest");
    this.answer.classList.remove("refused");
    this.wanted.removeAttribute("aria-invalid");
  }

  refuse(words) {
    this.tell(words);
    this.answer.classList.add("refused");
    this.wanted.setAttribute("aria-invalid", "true");
    this.wanted.focus();
  }

  renderSpent() {
    const total = this.store.usage?.total_usd ?? 0;
    this.spent.hidden = total <= 0;
    this.spent.textContent = `This month: ${cost(total)}`;
  }
}
