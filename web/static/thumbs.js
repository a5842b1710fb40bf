// @ts-check
// Thumbs beside a song, without loading the page anew; without this file each is a form of its own.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("form.thumbs")) return;
  event.preventDefault();
  void tell(form, event.submitter);
});

/** @param {HTMLFormElement} form @param {HTMLElement | null} by */
async function tell(form, by) {
  if (!(by instanceof HTMLButtonElement)) return;
  const told = new URLSearchParams();
  for (const [name, value] of new FormData(form)) told.append(name, String(value));
  told.append("said", by.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body: told, headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    show(form, (await answer.json()).liked);
  } catch {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "said", value: by.value }));
    form.submit();
  }
}

/** @param {HTMLFormElement} form @param {boolean | null} liked */
function show(form, liked) {
  for (const button of form.querySelectorAll("button")) {
    const said = button.dataset.said ?? "";
    const pressed = liked !== null && (said === "like") === liked;
    button.setAttribute("aria-pressed", String(pressed));
    button.value = pressed ? "none" : said;
  }
}
