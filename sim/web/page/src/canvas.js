// A canvas as wide as its place on the page, sharp on any screen.

export function fitted(canvas, width, height) {
  const density = Math.max(1, window.devicePixelRatio || 1);
  canvas.width = Math.round(width * density);
  canvas.height = Math.round(height * density);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.setTransform(density, 0, 0, density, 0, 0);
  return context;
}

export function whenResized(node, act) {
  let before = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0 && width !== before) {
      before = width;
      act(width);
    }
  }).observe(node);
}
