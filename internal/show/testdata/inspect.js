// Lists what is wrong with how the page is shown now.
(() => {
  const wrong = [];
  const say = (what, e) => wrong.push(what + ": " + (e?.outerHTML ?? "").slice(0, 160));
  if (document.documentElement.scrollWidth > innerWidth) {
    say(`scrolls sideways: ${document.documentElement.scrollWidth} > ${innerWidth}`,
      [...document.querySelectorAll("body *")].find(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".wide")));
  }
  for (const svg of document.querySelectorAll("svg")) {
    if (!svg.getAttribute("aria-label") || svg.getAttribute("role") !== "img") say("picture without a name", svg);
    const box = svg.getBoundingClientRect();
    if (!(box.width > 100 && box.height > 50)) say("picture without a size", svg);
  }
  for (const math of document.querySelectorAll("math")) {
    if (!math.checkVisibility()) continue;
    const box = math.getBoundingClientRect();
    if (!(box.width > 0 && box.height > 0)) say("formula without a size", math);
  }

  const rgb = color => color.match(/^rgba?\(([^)]*)\)$/)?.[1].split(",").map(Number);
  const luminance = ([r, g, b]) => {
    const linear = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
  };
  const style = getComputedStyle;
  // What a text of a picture stands on: its node, its cell, or the page.
  const shapeOf = text => {
    const written = text.closest(".written");
    if (written) return written.parentNode.querySelectorAll(".cells rect")[[...written.children].indexOf(text)];
    return text.previousElementSibling?.matches("circle, rect") ? text.previousElementSibling : null;
  };
  const backOf = e => {
    for (; e; e = e.parentElement) {
      const color = rgb(style(e).backgroundColor);
      if (color && color[3] !== 0) return color;
    }
  };
  for (const e of document.querySelectorAll("body *")) {
    if (e.matches("script, title") || !e.checkVisibility()) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
    const text = e.closest("svg text"), shape = text && shapeOf(text);
    const ink = rgb(text ? style(e).fill : style(e).color), back = shape ? rgb(style(shape).fill) : backOf(e);
    if (!ink || !back) say("colour not understood", e);
    else if (contrast(ink, back) < 4.5) say(`contrast ${contrast(ink, back).toFixed(2)} of ${ink} on ${back}`, e);
  }
  return wrong;
})()
