// @ts-check
// The list changes while its dials are turned; without this the form has a button, and its links are links.

import { findIn } from "./find.js";

const PARTS = ["title", "going", "found"];
const LATE_MS = 500;
const WAIT_MS = { range: 250, text: 600, other: 0 };
const dials = /** @type {HTMLFormElement} */ (document.getElementById("dials"));
let asked = new AbortController();
let timer = 0;

/** Give the address of what the form says, without what is as ever. */
function address() {
  const query = new URLSearchParams();
  for (const one of dials.elements) {
    if (!(one instanceof HTMLInputElement || one instanceof HTMLSelectElement) || !one.name) continue;
    const isOff = one.type === "checkbox" && !(/** @type {HTMLInputElement} */ (one).checked);
    const value = one.value.trim();
    if (!isOff && value && !isUsual(one.dataset.default, value)) query.append(one.name, value);
  }
  return `${dials.getAttribute("action")}?${query}`;
}

/** @param {string | undefined} usual @param {string} value */
function isUsual(usual, value) {
  return usual !== undefined && (usual === value || (usual !== "" && Number(usual) === Number(value)));
}

/** Take over the parts of another page of the same kind. @param {string} url @param {string} focus */
async function load(url, focus = "") {
  clearTimeout(timer);
  asked.abort(); // the last question alone is answered
  asked = new AbortController();
  const found = document.getElementById("found");
  found?.setAttribute("aria-busy", "true");
  const late = window.setTimeout(() => count("Choosing songs ..."), LATE_MS);
  try {
    const answer = await fetch(url, { signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("found")) return location.assign(url);
    history[focus ? "pushState" : "replaceState"](null, "", url); // a link is a step, a dial is none
    swap(page);
    if (focus) refocus(focus);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    found?.removeAttribute("aria-busy");
    count("No answer came: is `segue serve` still running?");
  } finally {
    clearTimeout(late);
  }
}

/** @param {Document} page */
function swap(page) {
  const open = [...document.querySelectorAll("#going details[open]")].map((one) => one.id);
  for (const id of PARTS) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old && fresh) old.replaceWith(fresh);
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  document.title = page.title;
  count(page.getElementById("count")?.textContent?.trim() ?? "");
  const vary = (/** @type {Document} */ from) => from.querySelector("#dials input[name=vary]");
  vary(document)?.remove();
  const another = vary(page);
  if (another) dials.prepend(another);
  const going = document.getElementById("going");
  if (going) findIn(going);
}

/** @param {string} sentence */
function count(sentence) {
  const line = document.getElementById("count");
  if (line) line.textContent = sentence;
}

/** Give the focus to what was used, or to where it was. @param {string} key */
function refocus(key) {
  const same = /** @type {HTMLElement | null} */ (document.querySelector(`[data-focus="${CSS.escape(key)}"]`));
  (same ?? document.getElementById("going-by"))?.focus({ preventScroll: !same });
}

/** @param {HTMLInputElement} dial */
function sayDial(dial) {
  const words = String(dial.dataset.words).split("|");
  const [low, high] = [Number(dial.min), Number(dial.max)];
  const word = words[Math.round(((Number(dial.value) - low) / (high - low)) * (words.length - 1))];
  dial.setAttribute("aria-valuetext", word);
  const shown = dials.querySelector(`output[for="${dial.id}"]`);
  if (shown) shown.textContent = word;
}

dials.classList.add("live");
dials.addEventListener("input", (event) => {
  const at = /** @type {HTMLInputElement} */ (event.target);
  if (at.dataset.words) sayDial(at);
  const kind = at.type === "range" ? "range" : at instanceof HTMLInputElement && at.type !== "checkbox" ? "text" : "other";
  clearTimeout(timer);
  timer = window.setTimeout(() => load(address()), WAIT_MS[kind]);
});
dials.addEventListener("submit", (event) => {
  event.preventDefault();
  load(address());
});

addEventListener("popstate", () => location.reload());

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("a[data-live]");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  load(link.href, link.dataset.focus ?? "going");
});

// A song is taken by its handle, with a mouse or a finger, and the order of the rows is the order of the seeds.
document.addEventListener("pointerdown", (event) => {
  const handle = /** @type {Element} */ (event.target).closest(".handle");
  const row = handle?.closest("li");
  const list = row?.parentElement;
  if (!handle || !row || !list) return;
  event.preventDefault();
  row.classList.add("taken");
  /** @param {PointerEvent} moved */
  const move = (moved) => {
    const behind = [...list.children].find((other) => {
      const box = other.getBoundingClientRect();
      return other !== row && moved.clientY < box.top + box.height / 2;
    });
    list.insertBefore(row, behind ?? null);
  };
  const drop = () => {
    row.classList.remove("taken");
    document.removeEventListener("pointermove", move);
    load(address());
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", drop, { once: true });
});
