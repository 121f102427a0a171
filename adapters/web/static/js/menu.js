// Menus and small panels that open from a button. The popover of the platform gives the top layer,
// Escape and the click outside; this adds the place, the arrow keys and the way back for the focus.

import { h, hidden } from "./dom.js";
import { icon } from "./icons.js";

const GAP = 6;
const EDGE = 8;

/** Put a popover beside its button, on the side where it fits. */
function place(panel, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const above = at.top - GAP - height;
  const below = at.bottom + GAP;
  const fitsBelow = below + height <= innerHeight - EDGE;
  const top = fitsBelow ? below : Math.max(EDGE, above);
  const left = Math.min(Math.max(EDGE, at.left), Math.max(EDGE, innerWidth - width - EDGE));
  panel.style.top = `${Math.round(Math.min(top, Math.max(EDGE, innerHeight - height - EDGE)))}px`;
  panel.style.left = `${Math.round(left)}px`;
}

/** Open a panel under a button; gives a function that closes it. */
export function openPanel(button, panel, { focus = null } = {}) {
  const host = button.closest("dialog") ?? document.body;
  panel.setAttribute("popover", "auto");
  host.append(panel);
  panel.showPopover();
  place(panel, button);
  button.setAttribute("aria-expanded", "true");
  const follow = () => place(panel, button);
  addEventListener("resize", follow);
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    removeEventListener("resize", follow);
    button.setAttribute("aria-expanded", "false");
    const inside = panel.contains(document.activeElement) || document.activeElement === document.body;
    panel.remove();
    if (inside && button.isConnected) button.focus();
  });
  (focus ?? panel.querySelector("button:not([disabled]), input, select, a"))?.focus();
  return () => panel.isConnected && panel.hidePopover();
}

/**
 * Open a menu. Items: {label, note, href, download, onpick, checked, disabled, picture, testid}.
 * A item with `href` is a link (a download); the others call `onpick`.
 */
export function openMenu(button, label, items, testid = null) {
  const menu = h("div.menu", { role: "menu", "aria-label": label, testid });
  let close = () => {};
  for (const item of items) menu.append(entry(item, () => close()));
  menu.addEventListener("keydown", (event) => walk(event, menu));
  const checked = menu.querySelector("[aria-checked=true]");
  close = openPanel(button, menu, { focus: checked });
}

function entry(item, close) {
  const radio = item.checked !== undefined;
  const shared = {
    role: radio ? "menuitemradio" : "menuitem",
    "aria-checked": radio ? String(item.checked) : null,
    testid: item.testid,
    tabindex: -1,
  };
  const inner = [
    item.picture ?? null,
    h("span.menu-words", {}, h("span.menu-label", {}, item.label), item.note && h("span.menu-note", {}, item.note)),
    item.checked ? icon("check", 16) : null,
    item.checked ? hidden("chosen") : null,
  ];
  if (item.href) {
    const onclick = () => setTimeout(close);
    return h("a.menu-item", { ...shared, href: item.href, download: item.download ?? "", onclick }, inner);
  }
  const onclick = () => {
    close();
    item.onpick();
  };
  return h("button.menu-item", { ...shared, type: "button", disabled: item.disabled, onclick }, inner);
}

function walk(event, menu) {
  const items = [...menu.querySelectorAll(".menu-item:not([disabled])")];
  const at = items.indexOf(document.activeElement);
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (to === undefined) return;
  event.preventDefault();
  items[to].focus();
}

/** Open a modal dialog with a title; the platform keeps the focus inside and closes on Escape. */
export function openDialog(title, content, { className = "", testid = null } = {}) {
  const back = document.activeElement;
  const close = h("button.icon-button", { type: "button", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"));
  const heading = h("h2", {}, title);
  heading.id = "dialog-title";
  const dialog = h(
    "dialog.dialog",
    { class: className, testid, "aria-labelledby": heading.id },
    h("header.dialog-head", {}, heading, close),
    h("div.dialog-body", {}, content),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (back?.isConnected) back.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
