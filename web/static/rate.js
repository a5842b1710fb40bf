// @ts-check
// Rating by key, by swipe, and without loading the page anew. Without this file the three buttons do the same.

const KEYS = { ArrowRight: "like", l: "like", ArrowLeft: "dislike", d: "dislike", " ": "skip", s: "skip", u: "undo" };
const FAR = 70; // pixels that a finger goes before it means something

let busy = false;

/** @param {string} said */
function press(said) {
  const button = said === "undo"
    ? document.querySelector("#rate .undo button")
    : document.querySelector(`#rate .says [value=${said}]`);
  if (button instanceof HTMLButtonElement) button.click();
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} by */
async function send(form, by) {
  if (busy) return;
  busy = true;
  const told = new URLSearchParams();
  for (const [name, value] of new FormData(form)) told.append(name, String(value));
  if (by instanceof HTMLButtonElement && by.name) told.append(by.name, by.value);
  const said = told.get("said") ?? "";
  const inSong = form.matches(".says, .undo");
  if (form.matches(".says")) document.querySelector(".asked")?.classList.add(`to-${said}`);
  try {
    const answer = await fetch(form.action, { method: "POST", body: told });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("rate");
    if (!answer.ok || !fresh) throw new Error(String(answer.status));
    document.getElementById("rate")?.replaceWith(fresh);
    history.replaceState(null, "", new URL(answer.url).pathname + new URL(answer.url).search);
    if (inSong) /** @type {HTMLElement | null} */ (fresh.querySelector(".asked"))?.focus({ preventScroll: true });
  } catch {
    // What went wrong is said on a page of its own, as without this file.
    if (by instanceof HTMLButtonElement && by.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: by.name, value: by.value }));
    form.submit();
  } finally {
    busy = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.closest("#rate")) return;
  event.preventDefault();
  void send(form, event.submitter);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest("input, select, textarea")) return;
  if (event.key === " " && target.closest("button, a, summary")) return;
  const said = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
  if (!said) return;
  event.preventDefault();
  press(said);
});

/** @type {{ x: number, y: number } | null} */
let start = null;

document.addEventListener("touchstart", (event) => {
  const inside = event.target instanceof Element && event.target.closest(".asked");
  const touch = event.touches[0];
  start = inside && touch && event.touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : null;
}, { passive: true });

document.addEventListener("touchend", (event) => {
  const touch = event.changedTouches[0];
  if (!start || !touch) return;
  const across = touch.clientX - start.x, down = touch.clientY - start.y;
  start = null;
  if (Math.abs(across) > FAR && Math.abs(across) > 2 * Math.abs(down)) press(across > 0 ? "like" : "dislike");
});
