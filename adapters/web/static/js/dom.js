// Builds elements. All words go in as text nodes, so that nothing that a person or a server wrote
// can ever become markup.

/** Make an element: h("button.quiet", {type: "button", onclick}, "Save"). */
export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  append(element, children);
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "class") element.classList.add(...String(value).split(" ").filter(Boolean));
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "testid") element.dataset.testid = value;
  else if (name === "value" || name === "checked") element[name] = value;
  else element.setAttribute(name, value === true ? "" : String(value));
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child);
  }
  return element;
}

/** Replace what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

/** Words that only a screen reader says. */
export const hidden = (words) => h("span.visually-hidden", {}, words);

/** True where single keys are typing and not shortcuts. */
export function isTyping(target) {
  return Boolean(target.closest?.("input, textarea, select, [contenteditable]"));
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Scroll to an element, smoothly where motion is welcome. */
export function reveal(element, block = "center") {
  element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });
}

/** What storage remembers, where storage is allowed. */
export const memory = {
  get(key) {
    try {
      return localStorage.getItem(`easel.${key}`);
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      if (value === null || value === "") localStorage.removeItem(`easel.${key}`);
      else localStorage.setItem(`easel.${key}`, value);
    } catch {
      // Full or forbidden: the page works without a memory.
    }
  },
};
