// The address says which session is open (#/s/ID), or that the models are looked at (#/models), so
// that a reload, a bookmark and the back button do what people expect.

const PATTERN = /^#\/s\/([^/?#]+)$/;

export function currentSession() {
  const found = PATTERN.exec(location.hash);
  return found ? decodeURIComponent(found[1]) : null;
}

export const MODELS_HREF = "#/models";

export const currentPage = () => (location.hash === MODELS_HREF ? "models" : "thread");

export const sessionHref = (sid) => `#/s/${encodeURIComponent(sid)}`;

/** Go to a session; `replace` leaves no step in the history. null is a new session. */
export function go(sid, { replace = false } = {}) {
  const href = sid ? sessionHref(sid) : "#/";
  if (replace) {
    history.replaceState(null, "", href);
    dispatchEvent(new HashChangeEvent("hashchange"));
  } else if (location.hash !== href) {
    location.hash = href;
  }
}

export function onRoute(listener) {
  addEventListener("hashchange", () => {
    if (location.hash.startsWith("#/") || location.hash === "") listener();
  });
}
