// Files that stand in the page itself, when it is one file that opens by double-click: base64 of what gzip makes of each.

const holders = () => [...document.querySelectorAll("script[data-file]")];
const opened = new Map();

export const areInside = (place) => holders().some(({ dataset }) => dataset.file.startsWith(place));

// All files whose name begins with a place, by name.
export async function filesInside(place = "") {
  const found = holders().filter(({ dataset }) => dataset.file.startsWith(place));
  return new Map(await Promise.all(found.map(async (holder) => [holder.dataset.file, await bytesInside(holder)])));
}

function bytesInside(holder) {
  const name = holder.dataset.file;
  if (!opened.has(name)) opened.set(name, inflated(holder.textContent, "gzip"));
  return opened.get(name);
}

// Text in base64, inflated: an ArrayBuffer.
export function inflated(text, format) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format))).arrayBuffer();
}
