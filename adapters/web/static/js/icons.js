// The few pictograms of the page, drawn as strokes so that they take the colour of their words.

const PATHS = {
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5L5 15",
  menu: "M3 6h14M3 10h14M3 14h14",
  send: "M10 16V4M5 9l5-5 5 5",
  attach: "M3 13.5V15a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-1.5M10 13V4M6.5 7.5L10 4l3.5 3.5",
  picture: "M3 5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM3 14l4-4 4 4 2-2 4 4M13 7.5h.01",
  options: "M3 6h7M14 6h3M3 14h3M10 14h7M12 4v4M8 12v4",
  undo: "M7 4L3 8l4 4M3 8h8.5a4.5 4.5 0 0 1 0 9H8",
  redo: "M13 4l4 4-4 4M17 8H8.5a4.5 4.5 0 0 0 0 9H12",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1 1M14.7 14.7l1 1M15.7 4.3l-1 1M5.3 14.7l-1 1",
  moon: "M16.5 11.7A7 7 0 1 1 8.3 3.5a5.5 5.5 0 0 0 8.2 8.2z",
  system: "M3 4.5h14v9H3zM7 17h6M10 13.5V17",
  help: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M7.8 7.7a2.3 2.3 0 1 1 3.3 2c-.7.4-1.1.8-1.1 1.6M10 14h.01",
  down: "M5.5 8l4.5 4.5L14.5 8",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M13 13l4 4",
  download: "M10 3v10M5.5 9L10 13.5 14.5 9M4 17h12",
  check: "M4 10.5l4 4 8-9",
  warning: "M10 3L2.5 16.5h15zM10 8v4M10 14.2v.1",
  minus: "M4 10h12",
  fit: "M3 7V3h4M17 7V3h-4M3 13v4h4M17 13v4h-4",
  compare: "M10 2v16M3 5h4.5M3 5v10h4.5M17 5h-4.5M17 5v10h-4.5",
  left: "M12.5 4.5L7 10l5.5 5.5",
  right: "M7.5 4.5L13 10l-5.5 5.5",
  retry: "M16.5 10a6.5 6.5 0 1 1-2-4.7L16.5 7M16.5 3v4h-4",
  tip: "M7.5 14.5h5M8 17h4M10 2.5a5 5 0 0 0-3 9c.5.4.8 1 .8 1.7h4.4c0-.7.3-1.3.8-1.7a5 5 0 0 0-3-9z",
  pencil: "M4 16l.8-3.4L13.5 4a1.7 1.7 0 0 1 2.5 2.5l-8.6 8.7z",
  models: "M3.5 3.5h5.5v5.5H3.5zM11 3.5h5.5v5.5H11zM3.5 11h5.5v5.5H3.5zM11 11h5.5v5.5H11z",
  brush: "M16.5 3.5L9 11M9.5 11.5a2.6 2.6 0 0 0-4.3 1.9c0 1.2-.7 2-1.7 2.4 2.6 1.2 6.6.5 6.6-2.6",
  copies: "M7 7V3.5h9.5V13H13M3.5 7H13v9.5H3.5z",
  scissors: "M5.5 7.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4M5.5 16.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4M7 7l9.5 8M7 13l9.5-8",
  enlarge: "M12 3.5h4.5V8M16.5 3.5L11 9M8 16.5H3.5V12M3.5 16.5L9 11",
  squares: "M3.5 3.5h13v13h-13zM3.5 10h13M10 3.5v13",
  dice: "M3.5 3.5h13v13h-13zM6.7 7a.3.3 0 1 0 .6 0a.3.3 0 1 0-.6 0M9.7 10a.3.3 0 1 0 .6 0a.3.3 0 1 0-.6 0M12.7 13a.3.3 0 1 0 .6 0a.3.3 0 1 0-.6 0",
  eye: "M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5M10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4",
  speech: "M3 4.5h14v9H9L5.5 17v-3.5H3z",
  easel: "M5 4h10v8H5zM10 2v2M7.5 12L5 18M12.5 12L15 18M10 12v4",
};

const SVG = "http://www.w3.org/2000/svg";

/** A decorative icon; the words beside it (or a label) carry the meaning. */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 20 20", width: size, height: size, class: "icon" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** An empty drawing of a size, for rails and the like. */
export function drawing(width, height, className) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", width);
  svg.setAttribute("height", height);
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  return {
    svg,
    add(tag, attributes) {
      const shape = document.createElementNS(SVG, tag);
      for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
      svg.append(shape);
    },
  };
}
