// @ts-check
// Moving and zooming what lies in a box: by wheel, by one finger or the mouse, by two fingers, and by keys.

const STEP = 60, FACTOR = 1.4;

/**
 * @typedef {object} Moves
 * @property {(dx: number, dy: number) => void} pan by so many pixels of the page
 * @property {(factor: number, x: number, y: number) => void} zoom at a place of the box
 * @property {() => void} whole show all
 * @property {(x: number, y: number) => void} [tap] at a place of the box
 * @property {boolean} [wheelWithKey] whether the wheel zooms with Ctrl alone, so that the page can scroll
 */

/** @param {HTMLElement | SVGSVGElement} box @param {Moves} moves */
export function listen(box, moves) {
  /** @type {Map<number, {x: number, y: number}>} */
  const held = new Map();
  let moved = 0;
  const at = (/** @type {MouseEvent} */ event) => {
    const edge = box.getBoundingClientRect();
    return { x: event.clientX - edge.left, y: event.clientY - edge.top };
  };
  box.addEventListener("wheel", (/** @type {any} */ event) => {
    if (moves.wheelWithKey && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const { x, y } = at(event);
    moves.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), x, y);
  }, { passive: false });
  box.addEventListener("pointerdown", (/** @type {any} */ event) => {
    if (event.button) return;
    held.set(event.pointerId, at(event));
    if (held.size === 1) moved = 0;
  });
  box.addEventListener("pointermove", (/** @type {any} */ event) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    moved += Math.hypot(now.x - before.x, now.y - before.y);
    // Only then, because a click on a link within the box would be lost otherwise.
    if (moved > 4 && !box.hasPointerCapture(event.pointerId)) box.setPointerCapture(event.pointerId);
    if (held.size === 1) {
      if (moved > 4) moves.pan(now.x - before.x, now.y - before.y);
    } else {
      const [other] = [...held].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      const apart = Math.hypot(before.x - other.x, before.y - other.y) || 1;
      moves.zoom(Math.hypot(now.x - other.x, now.y - other.y) / apart, (now.x + other.x) / 2, (now.y + other.y) / 2);
      moves.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
      moved = Infinity;
    }
    held.set(event.pointerId, now);
  });
  const end = (/** @type {any} */ event) => {
    const was = held.delete(event.pointerId);
    if (was && event.type === "pointerup" && moved <= 4 && !held.size && moves.tap) moves.tap(at(event).x, at(event).y);
  };
  for (const kind of ["pointerup", "pointercancel"]) box.addEventListener(kind, end);
  // What was dragged is not clicked as well.
  box.addEventListener("click", (event) => { if (moved > 4) { event.preventDefault(); moved = 0; } }, true);
  box.addEventListener("keydown", (/** @type {any} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { width, height } = box.getBoundingClientRect();
    const done = {
      ArrowLeft: () => moves.pan(STEP, 0), ArrowRight: () => moves.pan(-STEP, 0),
      ArrowUp: () => moves.pan(0, STEP), ArrowDown: () => moves.pan(0, -STEP),
      "+": () => moves.zoom(FACTOR, width / 2, height / 2), "=": () => moves.zoom(FACTOR, width / 2, height / 2),
      "-": () => moves.zoom(1 / FACTOR, width / 2, height / 2), "0": () => moves.whole(),
    }[/** @type {string} */ (event.key)];
    if (done) { event.preventDefault(); done(); }
  });
}

/** Put buttons beside the box that do what the keys do. @param {Element} beside @param {HTMLElement | SVGSVGElement} box @param {Moves} moves */
export function buttons(beside, box, moves) {
  const keys = document.createElement("div");
  keys.className = "keys";
  const middle = (/** @type {number} */ factor) => {
    const { width, height } = box.getBoundingClientRect();
    moves.zoom(factor, width / 2, height / 2);
  };
  for (const [sign, name, act] of /** @type {[string, string, () => void][]} */ ([
    ["+", "Nearer", () => middle(FACTOR)], ["−", "Further away", () => middle(1 / FACTOR)], ["⤢", "All of it", moves.whole],
  ])) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: sign, title: name });
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    keys.append(button);
  }
  beside.append(keys);
}
