// Looking closely: fit, zoom and pan of one stage, by wheel, drag, pinch and keys.

const MOST = 16;
const STEP = 1.25;
const MARGIN = 24;

export class Zoom {
  /** `stage` is the window, `canvas` what moves in it; `told(scale)` hears the scale on screen. */
  constructor(stage, canvas, told) {
    this.stage = stage;
    this.canvas = canvas;
    this.told = told;
    this.pointers = new Map();
    this.size = [1, 1];
    stage.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.down(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => this.up(event));
    stage.addEventListener("dblclick", (event) => this.toggle(event));
    new ResizeObserver(() => this.fitting && this.fit()).observe(stage);
  }

  /** A picture of that many pixels comes on the stage. */
  hold(width, height) {
    this.size = [width, height];
    this.fit();
  }

  fitScale() {
    const [width, height] = this.size;
    const room = [this.stage.clientWidth - MARGIN, this.stage.clientHeight - MARGIN];
    return Math.min(Math.max(1, room[0]) / width, Math.max(1, room[1]) / height, 4);
  }

  fit() {
    this.fitting = true;
    this.scale = this.fitScale();
    this.x = this.y = 0;
    this.draw();
  }

  /** `scale` 1: one pixel of the picture on one pixel of the screen. */
  to(scale, [px, py] = [0, 0]) {
    const wanted = Math.min(MOST, Math.max(Math.min(this.fitScale(), 1) / 2, scale));
    const ratio = wanted / this.scale;
    this.x = px - (px - this.x) * ratio;
    this.y = py - (py - this.y) * ratio;
    this.scale = wanted;
    this.fitting = false;
    this.draw();
  }

  whole() {
    this.to(1 / devicePixelRatio);
  }

  by(steps, at) {
    this.to(this.scale * STEP ** steps, at);
  }

  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.fitting = false;
    this.draw();
  }

  toggle(event) {
    if (this.fitting) this.to(Math.max(1 / devicePixelRatio, this.scale * 2), this.from(event));
    else this.fit();
  }

  /** The place of a pointer, from the middle of the stage. */
  from(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
  }

  wheel(event) {
    event.preventDefault();
    this.to(this.scale * Math.exp(-event.deltaY * 0.0015), this.from(event));
  }

  down(event) {
    if (event.button !== 0) return;
    this.stage.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.from(event));
    this.stage.classList.add("grabbing");
  }

  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = this.from(event);
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const ratio = distance(now, other) / Math.max(1, distance(before, other));
      this.to(this.scale * ratio, [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
    } else if (now[0] !== before[0] || now[1] !== before[1]) {
      this.pan(now[0] - before[0], now[1] - before[1]);
    }
    this.pointers.set(event.pointerId, now);
  }

  up(event) {
    this.pointers.delete(event.pointerId);
    if (!this.pointers.size) this.stage.classList.remove("grabbing");
  }

  draw() {
    const [width, height] = this.size;
    this.holdInside(width * this.scale, height * this.scale);
    this.canvas.style.width = `${width * this.scale}px`;
    this.canvas.style.height = `${height * this.scale}px`;
    this.canvas.style.transform = `translate(-50%, -50%) translate(${this.x}px, ${this.y}px)`;
    this.canvas.classList.toggle("pixelated", this.scale * devicePixelRatio >= 3);
    this.told(this.scale * devicePixelRatio);
  }

  /** A picture never leaves the stage. */
  holdInside(width, height) {
    const reachX = Math.max(0, (width - this.stage.clientWidth) / 2 + 80);
    const reachY = Math.max(0, (height - this.stage.clientHeight) / 2 + 80);
    this.x = width > this.stage.clientWidth ? Math.min(reachX, Math.max(-reachX, this.x)) : 0;
    this.y = height > this.stage.clientHeight ? Math.min(reachY, Math.max(-reachY, this.y)) : 0;
  }
}

const distance = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);
