// The number under the pointer or the arrow keys, written below its figure.
for (const figure of document.querySelectorAll("figure.probe")) {
  const svg = figure.querySelector("svg"), out = figure.querySelector("output");
  const cells = [...figure.querySelectorAll(".cells rect")];
  const place = c => [+c.getAttribute("x"), +c.getAttribute("y")];
  let now = null;
  out.textContent = out.dataset.hint;
  const choose = c => {
    now?.classList.remove("on");
    now = c;
    c.classList.add("on");
    out.textContent = c.querySelector("title").textContent;
  };
  svg.addEventListener("pointerover", e => {
    const c = e.target.closest(".cells rect");
    if (c) choose(c);
  });
  svg.addEventListener("keydown", e => {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key] ?? [0, 0];
    if (!dx && !dy) return;
    e.preventDefault();
    if (!now) return choose(cells[0]);
    const [x, y] = place(now);
    const ahead = c => { const [a, b] = place(c); return (dx ? b === y : a === x) ? (a - x) * dx + (b - y) * dy : 0; };
    const next = cells.filter(c => ahead(c) > 0).sort((a, b) => ahead(a) - ahead(b))[0];
    if (next) {
      choose(next);
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });
}
