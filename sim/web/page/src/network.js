// The organization as a network: departments are clusters, color is what the platform is for, size is activity.
// Places never change; from week to week only the dots that look different are drawn again.
import { fitted, whenResized } from "./canvas.js";
import { colorOf, readPalette } from "./colors.js";
import { html } from "./dom.js";
import { text } from "./texts.js";

export const STATES = ["none", "away", "read", "responded", "posted"]; // as in sim/web/answer/recording.py
const MARGIN = 14; // pixels
const ROOM_FOR_OTHERS = 480; // pixels of height: header, player, curves or words beside
const MOST_ACTIVE = 6; // contributions a week from which a dot is at its largest
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function networkView(root, { onChoose, onAsk }) {
  const still = html("canvas", { "aria-hidden": "true" });
  const moving = html("canvas", { "aria-hidden": "true" });
  const marks = html("canvas", { "aria-hidden": "true" });
  const stage = html("div", { class: "stage", tabindex: 0, role: "application", "aria-describedby": "network-keys" }, still, moving, marks);
  root.append(stage);

  let network = null;
  let week = null;
  let chosen = null; // place of an employee
  let size = 0;
  let dot = 4; // largest radius without overlap, pixels
  let looks = []; // what each dot looks like on the screen
  let close = []; // whose dots may touch that of each employee
  let palette;
  let context;

  const at = (place) => [position(network.x[place]), position(network.y[place])];
  const position = (share) => MARGIN + share * (size - 2 * MARGIN);

  function resize(width) {
    size = Math.min(width, 620, Math.max(230, window.innerHeight - ROOM_FOR_OTHERS));
    redraw();
  }

  function redraw() {
    if (!size) return;
    palette = readPalette();
    for (const canvas of [still, moving, marks]) fitted(canvas, size, size);
    context = moving.getContext("2d");
    stage.style.width = `${size}px`;
    stage.style.height = `${size}px`;
    looks = [];
    if (!network) return;
    measure();
    drawStill();
    drawWeek();
    drawMarks();
  }

  // Dots are as large as the usual distance allows; the few that touch are drawn again together.
  function measure() {
    const gaps = network.x.map((_, place) => {
      const [, gap] = closest(...at(place), (other) => other !== place);
      return gap;
    });
    gaps.sort((one, other) => one - other);
    dot = Math.min(11, 0.5 * (gaps[Math.floor(0.3 * gaps.length)] ?? 22));
    const touching = (place) => (other) => other !== place && Math.hypot(at(place)[0] - at(other)[0], at(place)[1] - at(other)[1]) < 2 * dot + 2;
    close = network.x.map((_, place) => network.x.map((__, other) => other).filter(touching(place)));
  }

  function drawStill() {
    const drawing = still.getContext("2d");
    drawing.clearRect(0, 0, size, size);
    const { number, x, y, radius } = network.departments;
    drawing.fillStyle = palette.fill;
    for (let place = 0; place < number.length; place += 1) {
      drawing.beginPath();
      drawing.arc(position(x[place]), position(y[place]), radius[place] * (size - 2 * MARGIN) + 5, 0, 2 * Math.PI);
      drawing.fill();
    }
    drawing.strokeStyle = palette.line;
    drawing.lineWidth = 0.35;
    drawing.beginPath();
    for (let edge = 0; edge < network.edges.length; edge += 2) {
      drawing.moveTo(...at(network.edges[edge]));
      drawing.lineTo(...at(network.edges[edge + 1]));
    }
    drawing.stroke();
  }

  function drawWeek() {
    if (!week) return;
    const stale = new Set();
    for (let place = 0; place < network.x.length; place += 1) {
      const state = week.state[place];
      const color = state === 0 ? palette.quiet : colorOf(palette, week.frames, place, state === 1 ? 0.5 : 1);
      const look = `${color}|${state}|${week.activity[place]}`;
      if (look === looks[place]?.look) continue;
      looks[place] = { look, color, state };
      const [x, y] = at(place);
      context.clearRect(x - dot - 0.5, y - dot - 0.5, 2 * dot + 1, 2 * dot + 1);
      stale.add(place);
      for (const other of close[place]) stale.add(other);
    }
    for (const place of stale) if (looks[place]) drawDot(place, looks[place]);
  }

  function drawDot(place, { state, color }) {
    const [x, y] = at(place);
    const busy = Math.min(1, Math.sqrt(week.activity[place] / MOST_ACTIVE));
    const radius = state <= 1 ? 0.5 * dot : state === 2 ? 0.72 * dot : (0.8 + 0.2 * busy) * dot;
    context.beginPath();
    context.arc(x, y, state === 0 ? radius - 0.5 : radius, 0, 2 * Math.PI);
    if (state === 0) {
      context.strokeStyle = color;
      context.lineWidth = 1;
      context.stroke();
    } else {
      context.fillStyle = color;
      context.fill();
    }
    if (state === 4) {
      context.beginPath();
      context.arc(x, y, Math.max(0.5, 0.3 * radius), 0, 2 * Math.PI);
      context.fillStyle = palette.ground;
      context.fill();
    }
  }

  function drawMarks() {
    const drawing = marks.getContext("2d");
    drawing.clearRect(0, 0, size, size);
    if (!network) return;
    const { number, x, y, radius } = network.departments;
    drawing.font = "600 11px system-ui, sans-serif";
    drawing.textAlign = "center";
    drawing.lineJoin = "round";
    for (let place = 0; place < number.length; place += 1) {
      const label = text("page.department", { n: number[place] });
      const up = Math.max(11, position(y[place]) - radius[place] * (size - 2 * MARGIN) - 1);
      drawing.strokeStyle = palette.ground;
      drawing.lineWidth = 3;
      drawing.strokeText(label, position(x[place]), up);
      drawing.fillStyle = palette.quiet;
      drawing.fillText(label, position(x[place]), up);
    }
    if (chosen === null) return;
    drawing.strokeStyle = palette.ink;
    drawing.lineWidth = 0.9;
    drawing.beginPath();
    for (let edge = 0; edge < network.edges.length; edge += 2) {
      const [one, other] = [network.edges[edge], network.edges[edge + 1]];
      if (one !== chosen && other !== chosen) continue;
      drawing.moveTo(...at(one));
      drawing.lineTo(...at(other));
    }
    drawing.stroke();
    drawing.beginPath();
    drawing.arc(...at(chosen), dot + 3, 0, 2 * Math.PI);
    drawing.lineWidth = 2.5;
    drawing.stroke();
  }

  function closest(x, y, isAllowed = () => true) {
    let best = null;
    let least = Infinity;
    for (let place = 0; place < network.x.length; place += 1) {
      if (!isAllowed(place)) continue;
      const [dx, dy] = [at(place)[0] - x, at(place)[1] - y];
      const distance = dx * dx + dy * dy;
      if (distance < least) [best, least] = [place, distance];
    }
    return [best, Math.sqrt(least)];
  }

  // The next employee in a direction: near, and more ahead than aside.
  function neighbor([right, down]) {
    const [x, y] = at(chosen);
    let best = chosen;
    let least = Infinity;
    for (let place = 0; place < network.x.length; place += 1) {
      const [dx, dy] = [at(place)[0] - x, at(place)[1] - y];
      const ahead = dx * right + dy * down;
      const aside = Math.abs(dx * down) + Math.abs(dy * right);
      if (ahead <= 0.5 || aside > 1.2 * ahead) continue;
      const far = ahead + 2 * aside;
      if (far < least) [best, least] = [place, far];
    }
    return best;
  }

  const choose = (place) => onChoose(network.employee[place]);

  stage.addEventListener("click", (event) => {
    if (!network) return;
    const box = stage.getBoundingClientRect();
    const [place, distance] = closest(event.clientX - box.left, event.clientY - box.top);
    if (distance > 24) return;
    choose(place);
    onAsk();
  });

  stage.addEventListener("keydown", (event) => {
    if (!network) return;
    if (event.key in KEYS) choose(chosen === null ? closest(size / 2, size / 2)[0] : neighbor(KEYS[event.key]));
    else if (event.key === "Home") choose(0);
    else if (event.key === "End") choose(network.x.length - 1);
    else if (event.key === "Escape") onChoose(null);
    else if ((event.key === "Enter" || event.key === " ") && chosen !== null) onAsk();
    else return;
    event.preventDefault();
  });

  whenResized(root, resize);

  return {
    stage,
    redraw,
    setNetwork(given) {
      network = given;
      week = null;
      chosen = null;
      redraw();
    },
    setWeek(given) {
      week = given;
      if (network && size) drawWeek();
    },
    setChosen(employee) {
      const place = network ? network.employee.indexOf(employee) : -1;
      chosen = place < 0 ? null : place;
      if (size) drawMarks();
    },
  };
}
