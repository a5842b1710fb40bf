// @ts-check
// A song opens at Spotify itself, so that a phone hands it to the app, and that it was opened is told beside.
// Without this file the link leads over a page of ours that does the same.

/** @param {Event} event */
function opening(event) {
  const link = event.target instanceof Element ? event.target.closest("a[data-link]") : null;
  if (!(link instanceof HTMLAnchorElement) || !link.dataset.link || link.href === link.dataset.link) return;
  if (navigator.sendBeacon(link.href)) link.href = link.dataset.link;
}

document.addEventListener("click", opening, true);
document.addEventListener("auxclick", opening, true);
