// The line above the thread: where we are, undo and redo, the models, the look of the page, help.

import { fill, h, hidden, memory } from "../dom.js";
import { icon } from "../icons.js";
import { openMenu } from "../menu.js";
import { MODELS_HREF } from "../router.js";
import { redoDepth } from "../store.js";
import { title } from "./sessions.js";

const THEMES = [
  { name: "system", label: "As the system", picture: "system" },
  { name: "light", label: "Light", picture: "sun" },
  { name: "dark", label: "Dark", picture: "moon" },
];

export class TopbarView {
  constructor(root, store, { onMenu, onUndo, onRedo, onHelp }) {
    this.store = store;
    this.menuButton = button("menu", "Sessions", onMenu, "menu-button");
    this.menuButton.classList.add("only-narrow");
    this.menuButton.setAttribute("aria-controls", "sidebar");
    this.menuButton.setAttribute("aria-expanded", "false");
    this.title = h("h1.topbar-title", { testid: "session-title" });
    this.connection = h("span.connection", { testid: "connection" });
    this.undo = button("undo", "Undo", onUndo, "undo");
    this.redo = button("redo", "Redo", onRedo, "redo");
    this.theme = button("system", "Theme", () => this.chooseTheme(), "theme");
    this.theme.setAttribute("aria-haspopup", "menu");
    this.models = h("a.tool.models-link", { href: MODELS_HREF, testid: "models-link" }, icon("models"), h("span", {}, "Models"));
    const help = button("help", "Keyboard shortcuts", onHelp, "help");
    help.classList.add("only-wide");
    root.append(
      this.menuButton,
      h("div.topbar-words", {}, this.title, this.connection),
      h("div.topbar-tools", {}, h("span.topbar-thread", {}, this.undo, this.redo, h("span.divider")), this.models, this.theme, help),
    );
    for (const topic of ["entered", "loaded", "session", "turn", "version", "connection", "page"]) {
      store.on(topic, () => this.render());
    }
    this.applyTheme(currentTheme());
    this.render();
  }

  render() {
    const { store } = this;
    const name = this.name();
    if (this.title.textContent !== name) this.title.textContent = name;
    const place = store.page === "models" || (store.sid && store.session);
    document.title = place ? `${name} · Easel` : "Easel";
    if (store.page === "models") this.models.setAttribute("aria-current", "page");
    else this.models.removeAttribute("aria-current");
    this.connection.dataset.state = store.connection;
    this.connection.textContent = store.connection === "connecting" ? "Connecting…" : "";
    this.undo.disabled = store.versions.size < 2;
    this.redo.disabled = store.head === null || redoDepth(store.orderedTurns()) === 0;
  }

  name() {
    const { store } = this;
    if (store.page === "models") return "Models";
    if (store.sid && !store.session) return "";
    return store.sid ? title(store.session) : "New session";
  }

  chooseTheme() {
    const now = currentTheme();
    openMenu(
      this.theme,
      "Theme",
      THEMES.map(({ name, label, picture }) => ({
        label,
        picture: icon(picture, 16),
        checked: name === now,
        testid: `theme-${name}`,
        onpick: () => {
          memory.set("theme", name === "system" ? null : name);
          this.applyTheme(name);
        },
      })),
    );
  }

  applyTheme(name) {
    if (name === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    const { picture, label } = THEMES.find((theme) => theme.name === name);
    fill(this.theme, icon(picture), hidden(`Theme: ${label}`));
    this.theme.removeAttribute("aria-label");
    const meta = document.querySelector('meta[name="theme-color"]');
    meta.content = getComputedStyle(document.documentElement).getPropertyValue("--ground").trim();
  }
}

const currentTheme = () => {
  const kept = memory.get("theme");
  return kept === "light" || kept === "dark" ? kept : "system";
};

function button(name, label, onclick, testid) {
  return h("button.icon-button", { type: "button", "aria-label": label, title: label, onclick, testid }, icon(name));
}
