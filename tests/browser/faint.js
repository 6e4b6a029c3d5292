/* Texts whose contrast is below what WCAG AA asks for; what is switched off may be faint. */
() => {
  const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const colours = new Map();
  const colour = (css) => {
    if (!colours.has(css)) {
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = css;
      paint.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
      colours.set(css, [red, green, blue, alpha / 255]);
    }
    return colours.get(css);
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const light = (rgb) => {
    const [red, green, blue] = rgb.map((part) =>
      part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const grounds = new Map([[null, { ground: [255, 255, 255], opacity: 1 }]]);
  const behind = (element) => {
    if (!grounds.has(element)) {
      const { ground, opacity } = behind(element.parentElement);
      const style = getComputedStyle(element);
      grounds.set(element, {
        ground: over(colour(style.backgroundColor), ground),
        opacity: opacity * style.opacity,
      });
    }
    return grounds.get(element);
  };
  const isSeen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 1 &&
    !element.closest("[disabled], [aria-disabled=true]");

  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode.data.trim();
    const element = texts.currentNode.parentElement;
    if (!text || !isSeen(element)) continue;
    const { ground, opacity } = behind(element);
    const style = getComputedStyle(element);
    const ink = colour(style.color);
    const [a, b] = [light(over([...ink.slice(0, 3), ink[3] * opacity], ground)), light(ground)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) {
      found.push(`${contrast.toFixed(2)}: ${text.slice(0, 40)}`);
    }
  }
  return found;
}
