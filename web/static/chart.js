// @ts-check
// Tens of thousands of points on a canvas, with the names of regions, and what lies near to a place.

const FULL = 65535, CELLS = 128, TAU = 2 * Math.PI;

/**
 * @typedef {{name: string, size: number, x: number, y: number, tone: number}} Region
 * @typedef {{x: number, y: number, scale: number}} View what lies in the middle, and how large it is drawn: 1 is all
 */

export class Chart {
  /** @param {HTMLCanvasElement} canvas @param {ArrayBuffer} bytes @param {number} count @param {Region[]} regions @param {string} colour */
  constructor(canvas, bytes, count, regions, colour) {
    this.canvas = canvas;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.count = count;
    this.x = new Uint16Array(bytes, 0, count);
    this.y = new Uint16Array(bytes, 2 * count, count);
    this.labels = new Uint8Array(bytes, 4 * count, count);
    this.regions = regions;
    this.byRegion = colour === "region";
    /** The group of each point: what the legend turns on and off. */
    this.groups = this.byRegion ? this.labels : new Uint8Array(bytes, 5 * count, count);
    /** @type {Set<number>} */
    this.hidden = new Set();
    /** @type {View} */
    this.view = { x: 0.5, y: 0.5, scale: 1 };
    this.chosen = -1;
    this.pointed = -1;
    this.crossed = false;
    /** The points whose names stand on the map. @type {number[]} */
    this.labelled = [];
    /** @type {Map<number, string>} */
    this.names = new Map();
    this.order = this.sorted();
    this.cells = this.sown();
    this.waiting = 0;
    this.restyle();
  }

  /** Order the points by group, so that the pen changes its colour rarely; within one the best known come last, on top. */
  sorted() {
    return Uint32Array.from({ length: this.count }, (_, at) => at).sort((a, b) => this.groups[b] - this.groups[a] || b - a);
  }

  /** Sow the points into cells, so that what is near is found without a look at all. */
  sown() {
    /** @type {number[][]} */
    const cells = Array.from({ length: CELLS * CELLS }, () => []);
    for (let at = 0; at < this.count; at++) cells[this.cell(this.x[at] / FULL, this.y[at] / FULL)].push(at);
    return cells;
  }

  /** @param {number} x @param {number} y */
  cell(x, y) {
    const clamp = (/** @type {number} */ part) => Math.min(Math.max(Math.floor(part * CELLS), 0), CELLS - 1);
    return clamp(y) * CELLS + clamp(x);
  }

  /** Take colours and size from the page, as after a change between light and dark. */
  restyle() {
    const style = getComputedStyle(document.documentElement);
    const told = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    this.tones = [1, 2, 3, 4, 5, 6, 7].map((one) => told(`--s${one}`));
    [this.ink, this.card, this.rest, this.mark] = ["--ink", "--card", "--soft", "--mark"].map(told);
    const { width, height } = this.canvas.getBoundingClientRect();
    this.dense = Math.min(window.devicePixelRatio || 1, 2);
    [this.width, this.height] = [width, height];
    this.canvas.width = Math.round(width * this.dense);
    this.canvas.height = Math.round(height * this.dense);
    this.image = this.pen.createImageData(Math.max(this.canvas.width, 1), Math.max(this.canvas.height, 1));
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.size = Math.min(width, height) * 0.98;
    this.redraw();
  }

  /** Give the colour of a group; undefined for what has none of its own. @param {number} group @returns {string | undefined} */
  tone(group) {
    return this.tones[this.byRegion ? this.regions[group].tone : group];
  }

  redraw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.draw(); });
  }

  draw() {
    const { pen } = this;
    const began = performance.now();
    pen.setTransform(this.dense, 0, 0, this.dense, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    this.dots();
    this.regionNames();
    this.songNames();
    for (const at of [this.chosen, this.pointed]) if (at >= 0) this.ring(at);
    if (this.crossed) this.cross();
    this.canvas.dataset.drawn = (performance.now() - began).toFixed(1);
  }

  /** Draw all points: small ones pixel by pixel, which is ten times as fast as rectangles. */
  dots() {
    const { pen, x, y, groups, order, dense } = this;
    const k = this.size * this.view.scale, unit = k / FULL, radius = this.radius(), round = radius > 1.6;
    const left = this.width / 2 - this.view.x * k, top = this.height / 2 - this.view.y * k;
    const { width, height } = this.canvas, side = Math.max(Math.round(2 * radius * dense), 1);
    this.pixels.fill(0);
    let group = -1, hidden = false, colour = 0;
    for (let place = 0; place < order.length; place++) {
      const at = order[place];
      if (groups[at] !== group) {
        group = groups[at];
        hidden = this.hidden.has(group);
        const rest = this.tone(group) === undefined;
        pen.fillStyle = this.tone(group) ?? this.rest;
        pen.globalAlpha = rest ? 0.45 : 0.85;
        colour = packed(String(pen.fillStyle), rest ? 115 : 215);
      }
      if (hidden) continue;
      const px = x[at] * unit + left, py = y[at] * unit + top;
      if (px < -radius || py < -radius || px > this.width + radius || py > this.height + radius) continue;
      if (round) { pen.beginPath(); pen.arc(px, py, radius, 0, TAU); pen.fill(); continue; }
      const column = Math.round(px * dense - side / 2), row = Math.round(py * dense - side / 2);
      if (column < 0 || row < 0 || column + side > width || row + side > height) continue;
      for (let line = row; line < row + side; line++) {
        const start = line * width + column;
        for (let cell = start; cell < start + side; cell++) this.pixels[cell] = colour;
      }
    }
    pen.globalAlpha = 1;
    if (!round) pen.putImageData(this.image, 0, 0);
  }

  radius() {
    const few = Math.sqrt(20000 / Math.max(this.count, 300));
    return Math.min(Math.max(1.1 * Math.min(few, 4), 0.8) * this.view.scale ** 0.45, 7);
  }

  /** Names of regions, the largest first, where there is room. */
  regionNames() {
    const { pen } = this;
    /** @type {number[][]} */
    const taken = [];
    pen.textAlign = "center";
    pen.lineJoin = "round";
    pen.font = `600 ${this.width < 600 ? 11 : 13}px system-ui, sans-serif`;
    this.regions.forEach((region, number) => {
      if (this.byRegion && this.hidden.has(number)) return;
      const [px, py] = this.toPage(region.x, region.y);
      const [first, second = ""] = this.count > 60 ? region.name.split(" · ") : [region.name];
      const half = Math.max(pen.measureText(first).width, pen.measureText(second).width) / 2 + 5;
      const high = second ? 34 : 18;
      if (px < -half || px > this.width + half || py < 0 || py > this.height) return;
      const x = Math.min(Math.max(px, half), this.width - half);
      if (taken.some(([tx, ty, wide, tall]) => Math.abs(tx - x) < wide + half && Math.abs(ty - py) < (tall + high) / 2)) return;
      taken.push([x, py, half, high]);
      this.write(first, x, py - (second ? 8 : 0), this.ink);
      if (second) this.write(second, x, py + 8, this.ink);
    });
    this.taken = taken;
  }

  /** Names of the best known songs in sight, where there is room. */
  songNames() {
    const { pen } = this;
    pen.font = "12px system-ui, sans-serif";
    const taken = this.taken ?? [];
    for (const at of this.labelled) {
      if (this.hidden.has(this.groups[at])) continue;
      const full = this.names.get(at);
      if (!full) continue;
      const name = full.length > 28 ? `${full.slice(0, 27).trimEnd()}…` : full;
      const [px, py] = this.toPage(this.x[at] / FULL, this.y[at] / FULL);
      const half = pen.measureText(name).width / 2 + 3, y = py - this.radius() - 12;
      if (px < half || px > this.width - half || y < 8) continue;
      if (taken.some(([tx, ty, wide, tall]) => Math.abs(tx - px) < wide + half && Math.abs(ty - y) < (tall + 14) / 2)) continue;
      taken.push([px, y, half, 14]);
      this.write(name, px, y, this.rest);
    }
  }

  /** The points in sight whose names are to stand there: the best known, once the map is large enough. */
  inSight() {
    if (this.view.scale < 2.5 && this.count > 200) return [];
    const [left, top] = this.toMap(0, 0), [right, bottom] = this.toMap(this.width, this.height);
    const found = [];
    for (let row = Math.max(Math.floor(top * CELLS), 0); row <= Math.min(Math.floor(bottom * CELLS), CELLS - 1); row++) {
      for (let column = Math.max(Math.floor(left * CELLS), 0); column <= Math.min(Math.floor(right * CELLS), CELLS - 1); column++) {
        for (const at of this.cells[row * CELLS + column]) {
          const [x, y] = [this.x[at] / FULL, this.y[at] / FULL];
          if (x >= left && x <= right && y >= top && y <= bottom && !this.hidden.has(this.groups[at])) found.push(at);
        }
      }
    }
    return found.sort((a, b) => a - b).slice(0, LABELLED);
  }

  /** @param {string} text @param {number} x @param {number} y @param {string} colour */
  write(text, x, y, colour) {
    this.pen.textBaseline = "middle";
    this.pen.lineWidth = 4;
    this.pen.strokeStyle = this.card;
    this.pen.strokeText(text, x, y);
    this.pen.fillStyle = colour;
    this.pen.fillText(text, x, y);
  }

  /** @param {number} at */
  ring(at) {
    const [x, y] = this.toPage(this.x[at] / FULL, this.y[at] / FULL);
    this.pen.lineWidth = 3;
    this.pen.strokeStyle = this.mark;
    this.pen.beginPath();
    this.pen.arc(x, y, this.radius() + 5, 0, TAU);
    this.pen.stroke();
  }

  cross() {
    const [x, y] = [this.width / 2, this.height / 2];
    this.pen.lineWidth = 1.5;
    this.pen.strokeStyle = this.ink;
    this.pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      this.pen.moveTo(x + 4 * dx, y + 4 * dy);
      this.pen.lineTo(x + 12 * dx, y + 12 * dy);
    }
    this.pen.stroke();
  }

  /** @param {number} x @param {number} y @returns {[number, number]} */
  toPage(x, y) {
    const k = this.size * this.view.scale;
    return [(x - this.view.x) * k + this.width / 2, (y - this.view.y) * k + this.height / 2];
  }

  /** @param {number} x @param {number} y @returns {[number, number]} */
  toMap(x, y) {
    const k = this.size * this.view.scale;
    return [(x - this.width / 2) / k + this.view.x, (y - this.height / 2) / k + this.view.y];
  }

  /** Give the point that is nearest to a place of the page, -1 where none is near. @param {number} x @param {number} y @param {number} reach */
  near(x, y, reach) {
    const [mx, my] = this.toMap(x, y), wide = reach / (this.size * this.view.scale);
    let best = -1, nearest = wide * wide;
    for (let row = Math.floor((my - wide) * CELLS); row <= (my + wide) * CELLS; row++) {
      for (let column = Math.floor((mx - wide) * CELLS); column <= (mx + wide) * CELLS; column++) {
        if (row < 0 || column < 0 || row >= CELLS || column >= CELLS) continue;
        for (const at of this.cells[row * CELLS + column]) {
          const far = (this.x[at] / FULL - mx) ** 2 + (this.y[at] / FULL - my) ** 2;
          if (far < nearest && !this.hidden.has(this.groups[at])) [best, nearest] = [at, far];
        }
      }
    }
    return best;
  }

  /** @param {number} dx @param {number} dy */
  pan(dx, dy) {
    const k = this.size * this.view.scale;
    this.view.x = Math.min(Math.max(this.view.x - dx / k, 0), 1);
    this.view.y = Math.min(Math.max(this.view.y - dy / k, 0), 1);
    this.redraw();
  }

  /** @param {number} factor @param {number} x @param {number} y */
  zoom(factor, x, y) {
    const [mx, my] = this.toMap(x, y);
    this.view.scale = Math.min(Math.max(this.view.scale * factor, 0.8), 400);
    const [px, py] = this.toPage(mx, my);
    this.pan(x - px, y - py);
  }
}

/** So many names of songs stand on the map at most. */
const LABELLED = 45;

/** Give a colour as the four bytes of a pixel. @param {string} hex such as #0b6b62 @param {number} alpha */
function packed(hex, alpha) {
  const [red, green, blue] = [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
