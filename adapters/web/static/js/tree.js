// Lays the versions out as a tree with lanes. The first child of a version stays in its lane; every
// other child leaves at once for a lane that is free from there to the end of its own line, so that
// no line ever runs through a picture that it does not belong to.

/**
 * Give every version (sorted by number) its row and lane, and the lines between them.
 * A version whose parent is not among them begins a line of its own.
 */
export function layOut(versions) {
  const rows = new Map(versions.map((version, row) => [version.id, row]));
  const parentRows = versions.map((version) => parentRow(version, rows));
  const taken = [];
  const lanes = new Array(versions.length);
  for (const chain of chains(parentRows)) {
    const first = chain[0];
    const from = parentRows[first] === null ? first : parentRows[first] + 1;
    const span = [from, chain.at(-1)];
    const lane = freeLane(taken, span);
    taken[lane].push(span);
    for (const row of chain) lanes[row] = lane;
  }
  const places = versions.map((version, row) => ({ id: version.id, row, lane: lanes[row] }));
  const lines = places
    .filter((place) => parentRows[place.row] !== null)
    .map((place) => ({ from: places[parentRows[place.row]], to: place }));
  return { places, lines, width: 1 + Math.max(0, ...lanes) };
}

function parentRow(version, rows) {
  const parent = version.parents.find((id) => rows.has(id));
  return parent === undefined ? null : rows.get(parent);
}

/** Lines of first children, by the row in which they begin. */
function chains(parentRows) {
  const continued = new Map();
  const found = [];
  parentRows.forEach((parent, row) => {
    const chain = parent === null || continued.has(parent) ? [] : chainOf(found, parent);
    if (chain.length === 0) found.push(chain);
    else continued.set(parent, row);
    chain.push(row);
  });
  return found;
}

const chainOf = (found, row) => found.find((chain) => chain.at(-1) === row) ?? [];

function freeLane(taken, [from, to]) {
  const free = taken.findIndex((spans) => spans.every(([start, end]) => to < start || end < from));
  if (free >= 0) return free;
  taken.push([]);
  return taken.length - 1;
}
