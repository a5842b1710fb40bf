// @ts-check
// The map: fetched, drawn, moved, searched, and asked about.
import { Chart } from "./chart.js";
import { buttons, listen } from "./gestures.js";

const REACH = 14, REST = 250;
const box = /** @type {HTMLElement} */ (document.querySelector(".map"));
const about = /** @type {HTMLElement} */ (document.querySelector(".about"));
const music = box.dataset.of === "music";
const waiting = made("p", "waiting", "Drawing the map…");
waiting.setAttribute("role", "status");
box.append(waiting);
start().catch((error) => {
  waiting.textContent = `The map cannot be drawn: ${error.message}. Load the page again.`;
  waiting.classList.add("bad");
});

async function start() {
  const answer = await fetch(box.dataset.points ?? "");
  if (!answer.ok) throw new Error(`the server says ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", `A map of ${music ? "songs" : "listeners"}. Arrow keys move it, plus and minus zoom, `
    + `zero shows all, Enter tells what is in the middle. The table below says the same in words.`);
  box.prepend(canvas);
  const chart = new Chart(canvas, bytes, Number(box.dataset.count), regions(), box.dataset.colour ?? "genre");
  waiting.remove();
  recall(chart);
  const moves = {
    pan: (/** @type {number} */ dx, /** @type {number} */ dy) => { chart.pan(dx, dy); settle(chart); },
    zoom: (/** @type {number} */ factor, /** @type {number} */ x, /** @type {number} */ y) => { chart.zoom(factor, x, y); settle(chart); },
    whole: () => { Object.assign(chart.view, { x: 0.5, y: 0.5, scale: 1 }); chart.redraw(); settle(chart); },
    tap: (/** @type {number} */ x, /** @type {number} */ y) => choose(chart, chart.near(x, y, REACH)),
  };
  listen(canvas, moves);
  buttons(box, canvas, moves);
  hover(chart);
  keys(chart);
  legend(chart);
  places(chart);
  if (music) search(chart);
  new ResizeObserver(() => chart.restyle()).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.restyle());
  box.dataset.ready = "yes";
}

/** @param {string} kind @param {string} name @param {string} [text] */
function made(kind, name, text = "") {
  const found = document.createElement(kind);
  found.className = name;
  found.textContent = text;
  return found;
}

/** Read the regions from the table, which is there for everybody. */
function regions() {
  return [...document.querySelectorAll("tr[data-region]")].map((row) => {
    const told = /** @type {HTMLElement} */ (row).dataset;
    return {
      name: row.querySelector(".called")?.textContent ?? "", size: Number(told.size), tone: Number(told.tone),
      x: Number(told.x) / 65535, y: Number(told.y) / 65535,
    };
  });
}

/** @param {string} address @param {Record<string, string>} asked */
async function asked(address, asked) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the server says ${answer.status}`);
  return answer.json();
}

/** What was told of points, by their numbers. @type {Map<number, {at: number, name: string, who: string}>} */
const known = new Map();

/** @param {number[]} places */
async function learn(places) {
  const strange = places.filter((at) => !known.has(at)).slice(0, 200);
  if (!strange.length) return;
  const told = await asked(box.dataset.names ?? "", { at: strange.join(",") }).catch(() => ({ points: [] }));
  for (const point of told.points) known.set(point.at, point);
}

let rest = 0;

/** Once the map rests, keep its place in the address, and name what is in sight. @param {Chart} chart */
function settle(chart) {
  clearTimeout(rest);
  rest = setTimeout(async () => {
    const { x, y, scale } = chart.view, url = new URL(location.href);
    if (scale === 1 && x === 0.5 && y === 0.5) url.searchParams.delete("view");
    else url.searchParams.set("view", [x.toFixed(4), y.toFixed(4), scale.toFixed(2)].join(","));
    if (chart.chosen >= 0) url.searchParams.set("point", String(chart.chosen));
    else url.searchParams.delete("point");
    history.replaceState(null, "", url);
    const seen = chart.inSight();
    await learn(seen);
    chart.labelled = seen;
    for (const at of seen) chart.names.set(at, known.get(at)?.name ?? "");
    chart.redraw();
  }, REST);
}

/** Go to where the address says. @param {Chart} chart */
function recall(chart) {
  const told = new URLSearchParams(location.search);
  const [x, y, scale] = (told.get("view") ?? "").split(",").map(Number);
  if (scale > 0 && x >= 0 && x <= 1 && y >= 0 && y <= 1) chart.view = { x, y, scale: Math.min(Math.max(scale, 0.8), 400) };
  const point = told.get("point") ? Number(told.get("point")) : -1;
  if (point >= 0 && point < chart.count) choose(chart, point);
  settle(chart);
}

/** @param {Chart} chart @param {number} at */
async function choose(chart, at) {
  chart.chosen = at;
  chart.redraw();
  settle(chart);
  about.hidden = at < 0;
  if (at < 0) return;
  const answer = await fetch((box.dataset.about ?? "").replace("/0?", `/${at}?`));
  if (chart.chosen !== at) return;
  // From our own server alone, which escapes what it writes.
  about.innerHTML = answer.ok ? await answer.text() : "<p>This place of the map is gone: load the page again.</p>";
}

/** @param {Chart} chart */
function hover(chart) {
  const tip = made("div", "tip");
  tip.hidden = true;
  box.append(tip);
  const leave = () => { tip.hidden = true; chart.pointed = -1; chart.redraw(); };
  chart.canvas.addEventListener("pointerleave", leave);
  chart.canvas.addEventListener("pointermove", async (event) => {
    chart.canvas.classList.toggle("held", event.buttons > 0);
    if (event.pointerType === "touch" || event.buttons) return;
    const at = chart.near(event.offsetX, event.offsetY, REACH);
    if (at === chart.pointed) return;
    chart.pointed = at;
    chart.canvas.classList.toggle("points", at >= 0);
    chart.redraw();
    tip.hidden = true;
    if (at < 0) return;
    await learn([at]);
    const point = known.get(at);
    if (chart.pointed !== at || !point) return;
    tip.replaceChildren(made("div", "name", point.name), made("div", "artists", point.who));
    tip.hidden = false;
    const [x, y] = chart.toPage(chart.x[at] / 65535, chart.y[at] / 65535);
    const left = Math.min(Math.max(x - tip.offsetWidth / 2, 4), chart.width - tip.offsetWidth - 4);
    tip.style.transform = `translate(${left}px, ${y > tip.offsetHeight + 24 ? y - tip.offsetHeight - 14 : y + 16}px)`;
  });
}

/** @param {Chart} chart */
function keys(chart) {
  chart.canvas.addEventListener("keydown", (event) => {
    chart.crossed = true;
    chart.redraw();
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    choose(chart, chart.near(chart.width / 2, chart.height / 2, 60));
  });
  chart.canvas.addEventListener("blur", () => { chart.crossed = false; chart.redraw(); });
  chart.canvas.addEventListener("pointerdown", () => { chart.crossed = false; });
}

/** Let the entries of the legend show and hide their points. @param {Chart} chart */
function legend(chart) {
  for (const entry of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".legend li"))) {
    const tone = Number(entry.dataset.tone);
    const group = chart.byRegion ? Number(entry.dataset.group) : tone < 0 ? 255 : tone;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "true");
    button.append(...entry.childNodes);
    button.addEventListener("click", () => {
      const shown = !chart.hidden.delete(group);
      if (shown) chart.hidden.add(group);
      button.setAttribute("aria-pressed", String(!shown));
      chart.redraw();
    });
    entry.replaceChildren(button);
  }
}

/** Let the names of regions in the table lead to their places. @param {Chart} chart */
function places(chart) {
  for (const name of document.querySelectorAll("tr[data-region] .called")) {
    const told = /** @type {HTMLElement} */ (name.closest("tr")).dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.title = "Show it on the map";
    button.textContent = name.textContent;
    button.addEventListener("click", () => {
      fly(chart, Number(told.x) / 65535, Number(told.y) / 65535, 4);
      chart.canvas.focus();
    });
    name.replaceChildren(button);
  }
}

/** @param {Chart} chart @param {number} x @param {number} y @param {number} scale */
function fly(chart, x, y, scale) {
  const from = { ...chart.view }, began = performance.now();
  const length = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1 : 600;
  box.scrollIntoView({ block: "nearest" });
  const step = () => {
    const share = Math.min((performance.now() - began) / length, 1), eased = share * share * (3 - 2 * share);
    chart.view.x = from.x + (x - from.x) * eased;
    chart.view.y = from.y + (y - from.y) * eased;
    chart.view.scale = from.scale * (scale / from.scale) ** eased;
    chart.redraw();
    if (share < 1) requestAnimationFrame(step);
    else settle(chart);
  };
  step();
}

/** @param {Chart} chart */
function search(chart) {
  const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-find]"));
  const found = /** @type {HTMLElement} */ (document.querySelector(".found"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = String(new FormData(form).get("q") ?? "").trim();
    found.replaceChildren();
    if (!words) return;
    const told = await asked(form.dataset.find ?? "", { q: words }).catch(() => null);
    if (!told?.songs.length) {
      found.append(made("p", "soft", told ? `Nothing is found for "${words}".` : "The search failed: try again."));
      return;
    }
    const list = made("ol", "places");
    for (const song of told.songs) {
      const button = /** @type {HTMLButtonElement} */ (made("button", "", `${song.name} · ${song.who}`));
      button.type = "button";
      button.disabled = song.at < 0;
      if (song.at < 0) button.title = "Too little known to stand on the map";
      button.addEventListener("click", () => {
        choose(chart, song.at);
        fly(chart, chart.x[song.at] / 65535, chart.y[song.at] / 65535, Math.max(chart.view.scale, 12));
      });
      list.append(document.createElement("li"));
      list.lastElementChild?.append(button);
    }
    found.append(list);
  });
}
