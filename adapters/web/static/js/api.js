// The HTTP contract in one place: every request that the page makes, and every way it may fail.

/** What the server refused, or that it could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(status, { code = "unknown", message = "", hint = "" } = {}) {
    super(message || "Something went wrong.");
    this.status = status;
    this.code = code;
    this.hint = hint;
  }

  /** The same request may do better in a moment, and is tried again without asking. */
  get passing() {
    return this.status === 0 || [502, 503, 504].includes(this.status);
  }

  /** The same request may do better when somebody has made room. */
  get repeatable() {
    return this.passing || [429, 507].includes(this.status);
  }
}

const AWAY = {
  code: "offline",
  message: "Easel cannot be reached.",
  hint: "Nothing is lost: your words are kept here.",
};

async function request(path, init = {}) {
  let response;
  try {
    response = await fetch(path, { ...init, headers: { Accept: "application/json", ...init.headers } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, AWAY);
  }
  if (response.status === 204) return null;
  let body;
  try {
    body = await response.json();
  } catch {
    body = null;
  }
  if (response.ok && body !== null) return body;
  throw new ApiError(response.status || 0, body?.error ?? unreadable(response.status));
}

function unreadable(status) {
  return {
    code: "unreadable",
    message: `Easel gave no readable answer (${status}).`,
    hint: "Try again. If it stays so, the log of the server tells more.",
  };
}

const sessionPath = (sid) => `/api/sessions/${encodeURIComponent(sid)}`;
const turnPath = (sid, tid) => `${sessionPath(sid)}/turns/${encodeURIComponent(tid)}`;

export const createSession = () => request("/api/sessions", { method: "POST" });

export function listSessions({ limit = 40, before = null } = {}) {
  const query = new URLSearchParams({ limit });
  if (before) query.set("before", before);
  return request(`/api/sessions?${query}`);
}

export const getSession = (sid, signal) => request(sessionPath(sid), { signal });
export const getTurn = (sid, tid) => request(turnPath(sid, tid));
export const cancelTurn = (sid, tid) => request(turnPath(sid, tid), { method: "DELETE" });
export const listModels = () => request("/api/models");

/** Keep a model in the list by its full name ("owner/name"). */
export const pinModel = (model) =>
  request("/api/models", {
    method: "POST",
    body: JSON.stringify({ model }),
    headers: { "Content-Type": "application/json" },
  });

export function unpinModel(id) {
  return request(`/api/models/${id.split("/").map(encodeURIComponent).join("/")}`, { method: "DELETE" });
}

/** What was spent this month. */
export const getUsage = () => request("/api/usage");

/** Ask for a turn. The same `key` again never makes a second one. */
export function postTurn(sid, { text, files = [], version = null, options = {}, key }) {
  const form = new FormData();
  form.set("text", text);
  for (const file of files) form.append("files", file, file.name || "pasted.png");
  if (version) form.set("version", version);
  if (Object.keys(options).length) form.set("options", JSON.stringify(options));
  return request(`${sessionPath(sid)}/turns`, {
    method: "POST",
    body: form,
    headers: { "Idempotency-Key": key },
  });
}

export const eventsUrl = (sid) => `${sessionPath(sid)}/events`;
export const assetUrl = (sha256) => `/api/assets/${sha256}`;
export const thumbUrl = (sha256, side = 256) => `/api/assets/${sha256}?thumb=${side}`;

/** The bytes of a picture as a file, to be sent once more. */
export async function pictureFile({ sha256, mime }) {
  const response = await fetch(assetUrl(sha256));
  if (!response.ok) throw new ApiError(response.status, unreadable(response.status));
  return new File([await response.blob()], `picture.${mime.replace("image/", "")}`, { type: mime });
}

export function downloadUrl(version, name, format) {
  const query = new URLSearchParams({ download: name, format, version: version.id });
  return `${assetUrl(version.asset.sha256)}?${query}`;
}

/** A key of its own for each thing sent, also where the page is not in a secure context. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
