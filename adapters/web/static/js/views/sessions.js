// The sessions on the side: find one again by its picture, its words or its time.

import { thumbUrl } from "../api.js";
import { fill, h, hidden } from "../dom.js";
import { ago, exactTime } from "../format.js";
import { icon } from "../icons.js";
import { sessionHref } from "../router.js";

const FILTER_FROM = 6;

export class SessionsView {
  constructor(root, store, { onNew, onMore, onRetry, onPick }) {
    this.store = store;
    this.actions = { onNew, onMore, onRetry, onPick };
    this.filter = h("input.filter", {
      type: "search",
      placeholder: "Find a session",
      "aria-label": "Find a session by its words",
      testid: "session-filter",
      oninput: () => this.render(),
    });
    this.filterBox = h("label.filter-box", { hidden: true }, icon("search", 16), this.filter);
    this.list = h("ul.session-list", { testid: "session-list" });
    this.foot = h("div.session-foot");
    root.append(this.head(), this.filterBox, this.list, this.foot);
    store.on("sessions", () => this.render());
    store.on("entered", () => this.render());
    store.on("page", () => this.render());
    setInterval(() => this.render(), 60_000);
    this.render();
  }

  head() {
    return h(
      "div.side-head",
      {},
      h("a.wordmark", { href: "#/", onclick: () => this.actions.onPick() }, icon("easel", 22), h("span", {}, "Easel")),
      h(
        "button.button.new-session",
        { type: "button", testid: "new-session", onclick: this.actions.onNew },
        icon("plus", 16),
        "New session",
      ),
    );
  }

  render() {
    const { sessions, listError } = this.store;
    const wanted = this.filter.value.trim().toLowerCase();
    this.filterBox.hidden = sessions.length < FILTER_FROM && !wanted;
    const shown = sessions.filter((one) => title(one).toLowerCase().includes(wanted));
    const focused = document.activeElement?.dataset?.sid;
    fill(this.list, shown.map((one) => this.row(one)));
    if (focused) this.list.querySelector(`[data-sid="${CSS.escape(focused)}"]`)?.focus();
    fill(this.foot, this.word(shown, wanted, listError), this.more());
  }

  word(shown, wanted, error) {
    if (error) {
      return h(
        "p.side-note",
        { role: "alert" },
        error.message,
        " ",
        h("button.link", { type: "button", onclick: this.actions.onRetry }, "Try again"),
      );
    }
    if (!shown.length && wanted) return h("p.side-note", {}, "No session with these words.");
    if (!shown.length) return h("p.side-note", {}, "Your sessions will stand here, each with its newest picture.");
    return null;
  }

  more() {
    if (!this.store.nextSessions) return null;
    return h("button.link.more", { type: "button", onclick: this.actions.onMore }, "Show earlier sessions");
  }

  row(session) {
    const open = session.id === this.store.sid && this.store.page === "thread";
    const picture = session.thumbnail
      ? h("img", { src: thumbUrl(session.thumbnail.sha256), alt: "", loading: "lazy" })
      : icon("picture", 18);
    return h(
      "li",
      {},
      h(
        "a.session",
        {
          href: sessionHref(session.id),
          "aria-current": open ? "page" : null,
          data: { sid: session.id },
          testid: "session",
          onclick: () => this.actions.onPick(),
        },
        h("span.session-picture", { class: session.thumbnail?.alpha ? "checkered" : null }, picture),
        h(
          "span.session-words",
          {},
          h("span.session-title", { dir: "auto" }, title(session)),
          h(
            "span.session-facts",
            { title: exactTime(session.updated_at) },
            ago(session.updated_at),
            session.version_count ? ` · ${plural(session.version_count, "version")}` : "",
          ),
        ),
        open ? hidden("(open)") : null,
      ),
    );
  }
}

export const title = (session) => session?.title || "Untitled session";

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
