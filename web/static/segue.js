// @ts-check
// What every page does beyond what its HTML does by itself: what changes something is sent once, and says that it works.

const LATE_MS = 500;

// Of the window, so that files that send a form by themselves were asked before.
addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.getAttribute("method") !== "post" || event.defaultPrevented) return;
  if (form.hasAttribute("aria-busy")) return event.preventDefault();
  form.setAttribute("aria-busy", "true");
  const line = document.createElement("p");
  line.className = "soft working";
  line.setAttribute("role", "status");
  form.append(line);
  setTimeout(() => (line.textContent = "Working ..."), LATE_MS);
});

// A page that comes back from the browser's memory may be used again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) {
    form.removeAttribute("aria-busy");
    form.querySelector(".working")?.remove();
  }
});
