// Numbers, times and names as people read them.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "5 min ago", "yesterday", "3 Nov". */
export function ago(iso, now = Date.now()) {
  const then = new Date(iso);
  const seconds = Math.max(0, (now - then.getTime()) / 1000);
  if (Number.isNaN(seconds)) return "";
  if (seconds < MINUTE) return "just now";
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  if (seconds < 2 * DAY) return "yesterday";
  const far = new Date(now).getFullYear() !== then.getFullYear();
  const form = { day: "numeric", month: "short", ...(far && { year: "numeric" }) };
  return then.toLocaleDateString("en-GB", form);
}

export const exactTime = (iso) =>
  new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${Math.round(count / 1000)} kB`;
  return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} MB`;
}

export function seconds(value) {
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 60) return `${Math.round(value)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

/** Wall time of a turn that has ended, null before that. */
export function turnSeconds(turn) {
  if (!turn.started_at || !turn.finished_at) return null;
  return Math.max(0, (new Date(turn.finished_at) - new Date(turn.started_at)) / 1000);
}

/** "no cost", "$0.042", "$0.04", "under $0.001": cents for what costs cents. */
export function cost(usd) {
  if (!usd) return "no cost";
  if (usd < 0.001) return "under $0.001";
  const cents = usd >= 0.1 || Math.abs(Math.round(usd * 100) / 100 - usd) < 5e-5;
  return `$${usd.toFixed(cents ? 2 : 3)}`;
}

/** What a picture cost; "about" where its provider does not say. */
export const costOf = (recipe) => (recipe.cost_known === false && recipe.cost_usd ? `about ${cost(recipe.cost_usd)}` : cost(recipe.cost_usd));

export const dimensions = (asset) => `${asset.width} × ${asset.height}`;

export function percent(fraction) {
  const value = fraction * 100;
  return `${value !== 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

export const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

export const clip = (words, most) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);

/** A file name from a title: "a-red-mug-v3". */
export function fileName(title, version) {
  const slug = title
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-+$/, "");
  return `${slug || "easel"}-${version}`;
}

const OPERATIONS = {
  upload: "your picture",
  generate: "new picture",
  edit: "edit",
  inpaint: "edited area",
  vary: "variation",
  cutout: "cut-out",
  upscale: "enlarged",
  adjust: "adjusted",
};

export const operationWords = (operation) => OPERATIONS[operation] ?? operation;
