// Pictures that wait to be sent with the words: picked, pasted or dropped anywhere on the page.

import { fill, h } from "../dom.js";
import { bytes } from "../format.js";
import { icon } from "../icons.js";

const MOST_FILES = 16;
const MOST_BYTES = 25_000_000;

export class Attachments {
  /** `complain(words)` tells what was not taken and why. */
  constructor(onchange, complain) {
    this.files = [];
    this.urls = new Map();
    this.onchange = onchange;
    this.complain = complain;
    this.element = h("ul.attachments", { "aria-label": "Attached pictures", hidden: true, testid: "attachments" });
    this.picker = h("input.visually-hidden", {
      type: "file",
      accept: "image/*",
      multiple: true,
      tabindex: -1,
      "aria-hidden": "true",
      testid: "file-input",
      onchange: () => {
        this.add(this.picker.files);
        this.picker.value = "";
      },
    });
  }

  add(list) {
    const problems = [];
    for (const file of list) {
      const problem = this.problem(file);
      if (problem) problems.push(problem);
      else this.files.push(file);
    }
    this.complain(problems.join(" "));
    this.render();
    this.onchange();
  }

  problem(file) {
    if (this.files.length >= MOST_FILES) return `“${file.name}” was left out: ${MOST_FILES} pictures go with one turn.`;
    if (file.size === 0) return `“${file.name}” is empty.`;
    if (file.size > MOST_BYTES) return `“${file.name}” has ${bytes(file.size)}; up to 25 MB can be read.`;
    return null;
  }

  remove(file) {
    this.files = this.files.filter((one) => one !== file);
    this.forget(file);
    this.render();
    this.onchange();
  }

  /** Take all of them out, for sending. */
  take() {
    const taken = this.files;
    this.files = [];
    for (const file of taken) this.forget(file);
    this.render();
    return taken;
  }

  /** Bring back what was not sent. */
  put(files) {
    this.files = [...files, ...this.files];
    this.render();
    this.onchange();
  }

  forget(file) {
    URL.revokeObjectURL(this.urls.get(file));
    this.urls.delete(file);
  }

  render() {
    this.element.hidden = this.files.length === 0;
    fill(this.element, this.files.map((file, index) => this.row(file, index)));
  }

  row(file, index) {
    if (!this.urls.has(file)) this.urls.set(file, URL.createObjectURL(file));
    const image = h("img", { src: this.urls.get(file), alt: file.name });
    image.addEventListener("error", () => image.replaceWith(icon("picture", 22)), { once: true });
    return h(
      "li.attachment",
      { title: `${file.name}, ${bytes(file.size)}` },
      image,
      h("span.attachment-number", { "aria-hidden": "true" }, String(index + 1)),
      h(
        "button.attachment-remove",
        { type: "button", "aria-label": `Remove ${file.name}`, onclick: () => this.remove(file) },
        icon("close", 12),
      ),
    );
  }
}

/** Take pictures that are dropped anywhere on the page. */
export function watchDrops(veil, take) {
  let depth = 0;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const show = (visible) => {
    veil.hidden = !visible;
    if (!visible) depth = 0;
  };
  addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth += 1;
    show(true);
  });
  addEventListener("dragleave", (event) => {
    if (carries(event) && --depth <= 0) show(false);
  });
  addEventListener("dragover", (event) => carries(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    show(false);
    take(event.dataTransfer.files);
  });
}
