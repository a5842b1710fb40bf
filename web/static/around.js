// @ts-check
// The network of neighbours: what is joined to a dot lights up, and the picture can be moved and zoomed.
import { buttons, listen } from "./gestures.js";

for (const box of document.querySelectorAll(".network")) {
  const picture = /** @type {SVGSVGElement} */ (box.querySelector("svg"));
  const whole = picture.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  const moves = {
    wheelWithKey: true,
    pan(/** @type {number} */ dx, /** @type {number} */ dy) {
      const scale = whole.width / picture.getBoundingClientRect().width;
      whole.x = within(whole.x - dx * scale, full.width - whole.width);
      whole.y = within(whole.y - dy * scale, full.height - whole.height);
    },
    zoom(/** @type {number} */ factor, /** @type {number} */ x, /** @type {number} */ y) {
      const edge = picture.getBoundingClientRect();
      const width = Math.min(Math.max(whole.width / factor, full.width / 8), full.width);
      const change = 1 - width / whole.width;
      const [left, top] = [x / edge.width * whole.width * change, y / edge.height * whole.height * change];
      whole.height *= 1 - change;
      whole.width = width;
      whole.x = within(whole.x + left, full.width - whole.width);
      whole.y = within(whole.y + top, full.height - whole.height);
    },
    whole() { Object.assign(whole, full); },
  };
  listen(picture, moves);
  buttons(box, picture, moves);
  box.prepend(/** @type {Element} */ (box.querySelector(".keys")));
  for (const node of box.querySelectorAll(".node")) {
    for (const kind of ["pointerenter", "focus"]) node.addEventListener(kind, () => light(box, node));
    for (const kind of ["pointerleave", "blur"]) node.addEventListener(kind, () => light(box, null));
  }
}

/** @param {number} place @param {number} most */
function within(place, most) {
  return Math.min(Math.max(place, 0), Math.max(most, 0));
}

/** @param {Element} box @param {Element | null} node */
function light(box, node) {
  box.classList.toggle("asked", Boolean(node));
  for (const lit of box.querySelectorAll(".lit")) lit.classList.remove("lit");
  if (!node) return;
  const own = node.getAttribute("data-node");
  node.classList.add("lit");
  for (const line of box.querySelectorAll("line")) {
    const ends = [line.getAttribute("data-a"), line.getAttribute("data-b")];
    if (!ends.includes(own)) continue;
    line.classList.add("lit");
    for (const end of ends) box.querySelector(`[data-node="${end}"]`)?.classList.add("lit");
  }
}
