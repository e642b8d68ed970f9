// Where everybody stands between the three meanings, with the way of the mean since the start.
import { fitted, whenResized } from "./canvas.js";
import { colorOf, MEANINGS, readPalette } from "./colors.js";
import { html } from "./dom.js";
import { percent, sentence, text } from "./texts.js";

const LABEL = 20; // pixels above and below the triangle
const TALL = Math.sqrt(3) / 2;
const SHARES = [0.25, 0.5, 0.75];

export function ternaryView(root) {
  const canvas = html("canvas", { role: "img" });
  root.append(canvas);
  let weeks = [];
  let now = 0;
  let chosen = -1;
  let width = 0;
  let side = 0;

  // Collaboration on top, social at the left, broadcast at the right.
  function point(social, collaboration, broadcast) {
    const total = social + collaboration + broadcast || 1;
    const left = (width - side) / 2;
    return [left + (side * (broadcast + 0.5 * collaboration)) / total, LABEL + side * TALL * (1 - collaboration / total)];
  }

  const meanOf = ({ frames }) => {
    const sums = [0, 0, 0];
    for (let place = 0; place < frames.length; place += 1) sums[place % 3] += frames[place];
    return sums;
  };

  function draw() {
    if (!width) return;
    const palette = readPalette();
    side = Math.min(width - 24, 330);
    const height = side * TALL + 2 * LABEL;
    const drawing = fitted(canvas, width, height);
    drawing.clearRect(0, 0, width, height);
    drawTriangle(drawing, palette);
    const week = weeks[now];
    if (week) {
      drawing.globalAlpha = 0.65;
      for (let place = 0; 3 * place < week.frames.length; place += 1) {
        const [x, y] = point(...week.frames.slice(3 * place, 3 * place + 3));
        drawing.fillStyle = colorOf(palette, week.frames, place);
        drawing.beginPath();
        drawing.arc(x, y, 2, 0, 2 * Math.PI);
        drawing.fill();
      }
      drawing.globalAlpha = 1;
      drawWay(drawing, palette);
      if (chosen >= 0) drawChosen(drawing, palette, week);
    }
    canvas.setAttribute("aria-label", described(week));
  }

  function drawTriangle(drawing, palette) {
    const corners = [point(1, 0, 0), point(0, 1, 0), point(0, 0, 1)];
    drawing.strokeStyle = palette.line;
    drawing.lineWidth = 1;
    for (const share of SHARES) {
      for (let corner = 0; corner < 3; corner += 1) {
        const ends = [1, 2].map((step) => {
          const shares = [0, 0, 0];
          shares[corner] = share;
          shares[(corner + step) % 3] = 1 - share;
          return point(...shares);
        });
        drawing.beginPath();
        drawing.moveTo(...ends[0]);
        drawing.lineTo(...ends[1]);
        drawing.stroke();
      }
    }
    drawing.strokeStyle = palette.quiet;
    drawing.beginPath();
    corners.forEach((corner, place) => (place ? drawing.lineTo(...corner) : drawing.moveTo(...corner)));
    drawing.closePath();
    drawing.stroke();
    drawing.font = "600 12px system-ui, sans-serif";
    const places = [["left", 0, 15], ["center", 0, -7], ["right", 0, 15]];
    MEANINGS.forEach((name, part) => {
      const [align, dx, dy] = places[part];
      drawing.textAlign = align;
      drawing.fillStyle = palette.words[part];
      drawing.fillText(text(`page.meaning.${name}`), corners[part][0] + dx, corners[part][1] + dy);
    });
  }

  function drawWay(drawing, palette) {
    for (const [color, thick] of [[palette.ground, 5], [palette.ink, 2]]) {
      drawing.strokeStyle = color;
      drawing.lineWidth = thick;
      drawing.beginPath();
      for (let place = 0; place <= now; place += 1) {
        if (!weeks[place]) continue;
        const [x, y] = point(...meanOf(weeks[place]));
        if (place) drawing.lineTo(x, y);
        else drawing.moveTo(x, y);
      }
      drawing.stroke();
    }
    const [x, y] = point(...meanOf(weeks[now]));
    drawing.fillStyle = palette.ink;
    drawing.strokeStyle = palette.ground;
    drawing.lineWidth = 1.5;
    drawing.beginPath();
    [[0, -6], [6, 0], [0, 6], [-6, 0]].forEach(([dx, dy], step) => (step ? drawing.lineTo(x + dx, y + dy) : drawing.moveTo(x + dx, y + dy)));
    drawing.closePath();
    drawing.fill();
    drawing.stroke();
  }

  function drawChosen(drawing, palette, week) {
    drawing.strokeStyle = palette.ink;
    drawing.lineWidth = 2;
    drawing.beginPath();
    drawing.arc(...point(...week.frames.slice(3 * chosen, 3 * chosen + 3)), 6, 0, 2 * Math.PI);
    drawing.stroke();
  }

  function described(week) {
    if (!week) return text("page.meanings");
    const sums = meanOf(week);
    const total = sums[0] + sums[1] + sums[2];
    const shares = MEANINGS.map((name, part) => `${text(`page.meaning.${name}`)} ${percent(sums[part] / total)}`);
    const mean = sentence(text("page.mean"));
    return `${text("page.meanings")}. ${mean}: ${shares.join(", ")}.`;
  }

  whenResized(root, (given) => {
    width = given;
    draw();
  });

  return {
    redraw: draw,
    setWeeks(given) {
      weeks = given;
    },
    show(week, place) {
      now = week;
      chosen = place;
      draw();
    },
  };
}
