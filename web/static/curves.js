// @ts-check
// Walking along the course of a playlist, by pointer or by keys: which song it is, and how it sounds.

/** @param {Element} figure */
function walk(figure) {
  const drawings = [...figure.querySelectorAll("svg")];
  const steps = drawings.map((drawing) => [...drawing.querySelectorAll("rect")]);
  const told = steps[0].map((step) => step.querySelector("title")?.textContent ?? "");

  const row = document.createElement("div");
  row.className = "walk";
  const id = `walk-${[...document.querySelectorAll("[data-curve]")].indexOf(figure)}`;
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = "Walk";
  const range = document.createElement("input");
  Object.assign(range, { type: "range", id, min: "0", max: String(told.length - 1), value: "0" });
  const output = document.createElement("output");
  output.htmlFor.add(id);
  output.textContent = "Point at the curve, or walk along it with the arrow keys.";
  row.append(label, range, output);
  figure.querySelector("details")?.before(row);

  /** @param {number} place */
  function show(place) {
    range.value = String(place);
    range.setAttribute("aria-valuetext", told[place]);
    output.textContent = told[place];
    drawings.forEach((drawing, number) => {
      const step = steps[number][place];
      const middle = Number(step.getAttribute("x")) + Number(step.getAttribute("width")) / 2;
      const here = drawing.querySelector(".here");
      here?.setAttribute("d", `M${middle} 0V100`);
      here?.setAttribute("visibility", "visible");
    });
  }

  range.addEventListener("input", () => show(Number(range.value)));
  drawings.forEach((drawing, number) => {
    // What a pointer shows as a small window without a script stands below the drawing with one.
    steps[number].forEach((step) => step.querySelector("title")?.remove());
    drawing.addEventListener("pointermove", (event) => {
      const place = event.target instanceof SVGRectElement ? steps[number].indexOf(event.target) : -1;
      if (place >= 0) show(place);
    });
  });
}

document.querySelectorAll("[data-curve]").forEach(walk);
