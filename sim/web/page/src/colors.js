// Colors of meanings: those of the figures (FRAME_LOOKS in sim/figures/style.py) and, on a dark ground, of the report. Any two
// stay apart for readers with normal, deuteranopic and protanopic vision.
import { cssColor } from "./dom.js";

export const MEANINGS = ["social", "collaboration", "broadcast"];
const SHARPNESS = 3; // how soon the largest share decides the color

const parts = (hex) => [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));

export function readPalette() {
  return {
    meanings: MEANINGS.map((name) => parts(cssColor(`--${name}`))),
    ink: cssColor("--ink"),
    quiet: cssColor("--quiet"),
    line: cssColor("--line"),
    ground: cssColor("--card"),
    groundParts: parts(cssColor("--card")),
    words: ["social-word", "collaboration", "broadcast"].map((name) => cssColor(`--${name}`)),
    fill: cssColor("--fill"),
  };
}

// The color of one employee; with a strength below 1, nearer to the ground.
export function colorOf(palette, frames, place, strength = 1) {
  const weights = [0, 1, 2].map((part) => (frames[3 * place + part] / 255) ** SHARPNESS);
  const total = weights[0] + weights[1] + weights[2] || 1;
  const mixed = [0, 1, 2].map((channel) =>
    Math.round(
      strength * palette.meanings.reduce((sum, hue, part) => sum + (hue[channel] * weights[part]) / total, 0) +
        (1 - strength) * palette.groundParts[channel],
    ),
  );
  return `rgb(${mixed.join(" ")})`;
}
