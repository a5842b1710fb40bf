// Pictures that take long come one after another, while the page stands already.
// @ts-check

/** @param {HTMLElement} place */
async function fill(place) {
  const status = place.querySelector("[role=status]");
  const link = status?.innerHTML ?? "";
  place.setAttribute("aria-busy", "true");
  if (status) status.textContent = "Counting ...";
  try {
    const answer = await fetch(place.dataset.picture ?? "");
    if (!answer.ok) throw new Error(`${answer.status}`);
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("figure");
    if (!drawn) throw new Error("no picture");
    place.replaceWith(drawn);
  } catch {
    place.removeAttribute("aria-busy");
    if (status) status.innerHTML = link;
  }
}

for (const place of document.querySelectorAll("[data-picture]")) {
  if (place instanceof HTMLElement) await fill(place);
}
