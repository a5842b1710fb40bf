// @ts-check
// Finding while typing: every field of a search form becomes a combobox, whose choices the server writes.

const WAIT_MS = 120, LATE_MS = 500;
let made = 0;

/** Make all search fields below an element find while typing. @param {ParentNode} root */
export function findIn(root) {
  for (const form of root.querySelectorAll("form[data-goes]")) {
    if (form instanceof HTMLFormElement) combobox(form);
  }
}

/** @param {HTMLFormElement} form */
function combobox(form) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
  const list = document.createElement("ul");
  const said = document.createElement("p");
  list.id = `choices-${++made}`;
  list.className = "choices";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Songs found");
  said.className = "unseen";
  said.setAttribute("role", "status");
  const has = { role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" };
  for (const [name, value] of Object.entries(has)) field.setAttribute(name, value);
  field.after(list, said);

  let asked = new AbortController();
  let timer = 0;
  let active = -1;
  const choices = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=option]")]);

  /** @param {boolean} open */
  function show(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  }

  /** @param {number} place */
  function mark(place) {
    active = place;
    choices().forEach((one, number) => one.setAttribute("aria-selected", String(number === place)));
    const chosen = choices()[place];
    if (chosen) {
      field.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    asked.abort(); // the last question alone is answered
    asked = new AbortController();
    const words = field.value.trim();
    if (!words) return show(false);
    const late = setTimeout(() => tell("Searching ..."), LATE_MS);
    try {
      const answer = await fetch(`/find/words?q=${encodeURIComponent(words)}`, { signal: asked.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      fill(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      tell("No answer came: is `segue serve` still running?");
    } finally {
      clearTimeout(late);
    }
  }

  /** @param {Document} told */
  function fill(told) {
    const found = [...told.querySelectorAll("li[role=option]")];
    list.replaceChildren(...found);
    found.forEach((one, number) => (one.id = `${list.id}-${number}`));
    const sentence = told.querySelector("p")?.textContent ?? "";
    if (!found.length) return tell(sentence);
    said.textContent = sentence;
    mark(-1);
    show(document.activeElement === field);
  }

  /** Say a sentence in the place of choices. @param {string} sentence */
  function tell(sentence) {
    const line = document.createElement("li");
    line.className = "none";
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    line.textContent = sentence;
    list.replaceChildren(line);
    said.textContent = sentence;
    show(document.activeElement === field);
  }

  /** @param {HTMLElement | undefined} one */
  function choose(one) {
    const track = one?.dataset.track;
    if (!track) return;
    const goes = String(form.dataset.goes);
    const as = String(form.dataset.field);
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      const isHere = value === track && (name === "seed" || name === "unlike");
      if (!["q", "to", "as"].includes(name) && !isHere) query.append(name, String(value));
    }
    query.append(as, track);
    location.assign(`${goes}?${query}`);
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(ask, WAIT_MS);
  });
  field.addEventListener("focus", () => {
    if (choices().length && field.value.trim()) show(true);
  });
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", (event) => {
    const count = choices().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!count) return;
      event.preventDefault();
      show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 ? (step > 0 ? 0 : count - 1) : (active + step + count) % count);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(choices()[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const at = /** @type {Element} */ (event.target);
    choose(/** @type {HTMLElement | undefined} */ (at.closest("[role=option]") ?? undefined));
  });
}

findIn(document);
