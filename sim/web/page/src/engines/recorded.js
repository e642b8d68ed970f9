// The engine that computes nothing: it answers what was recorded beforehand (sim/web/classroom/recorded.py packs it).
// Weekly states and the outcomes are those of the runs; frames are in steps of 4 of 255, straight between kept weeks.
import { number, text } from "../texts.js";
import { areInside, filesInside } from "./inside.js";

const FULL = 255;
const MISSING = 255;
const LEAST_FRAME = 4;
const ACTIVITIES = 16;
const [READ, POSTED] = [2, 4]; // states
const DETAIL = { network: true, people: true, groups: false, weeks: 1 };

// `recordings`: what tells the requests that each file answers: {file, launches, overrides, firsts, runs}.
export function recordedEngine({ recordings }, tellLoading) {
  const files = new Map();
  const opened = (file) => files.get(file) ?? files.set(file, unpacked(file)).get(file);
  tellLoading?.("intranet-sim");

  // The file that may answer, by what can be told without opening it; undefined where none does.
  function fileFor({ scenario, overrides = {}, seeds = [] }, seed = null) {
    const own = Object.fromEntries(Object.entries(overrides).filter(([path]) => !path.startsWith("behavior.")));
    const hasWorld = Object.keys(own).length < Object.keys(overrides).length;
    return recordings.find(
      (one) =>
        one.launches.includes(scenario) &&
        Boolean(one.has_world) === hasWorld &&
        sameSet(own, one.overrides) &&
        (seed !== null || one.runs.includes(seeds.length)) &&
        one.firsts.includes(seed ?? seeds[0]),
    )?.file;
  }

  async function answerTo(message) {
    const { request } = message;
    const file = fileFor(request, message.ask === "why" ? message.seed : null);
    if (!file) return null;
    const recording = await opened(file);
    return structuredClone(message.ask === "why" ? recording.why(message) : recording.answer(request));
  }

  // Where nothing else answers, the first file says what it has.
  async function ask(message, tell, signal) {
    const reply = (await answerTo(message)) ?? structuredClone((await opened(recordings[0].file))[message.ask](message.ask === "why" ? message : message.request));
    if (signal?.aborted) throw new DOMException("stopped", "AbortError");
    return reply;
  }

  return { ready: Promise.resolve(), ask, answerTo };
}

const sameSet = (one, other) => Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((path) => isSame(one[path], other[path]));

async function unpacked(place) {
  const packed = areInside(place) ? (await filesInside(place)).get(place) : await fetched(place);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const end = 4 + new DataView(bytes.buffer).getUint32(0, true);
  return makeRecording(JSON.parse(new TextDecoder().decode(bytes.subarray(4, end))), bytes.subarray(end));
}

async function fetched(place) {
  const response = await fetch(place);
  if (!response.ok) throw new Error(`${place}: ${response.status}`);
  return response.arrayBuffer();
}

function makeRecording(head, bytes) {
  const { launches, firsts, seeds, weeks, employees } = head;
  const nPictures = launches.length * firsts.length;
  let at = 0;
  const take = (n) => bytes.subarray(at, (at += n));
  const ofLaunches = (n) => withFirst(take(launches.length * n), n);
  const curves = Object.fromEntries(head.curves.map((scale) => [scale.name, runsOf(ofLaunches(seeds.length * weeks), weeks, scale)]));
  const states = pictures(ofLaunches(firsts.length * employees * (weeks + 1)), nPictures);
  const frames = pictures(ofLaunches(firsts.length * 2 * head.frame_weeks.length * employees), nPictures);
  for (const { network } of head.staff) network.edges = pairsOf(network.edges);
  const changing = Object.fromEntries(head.changing.map((name) => [name, Array.from({ length: nPictures }, () => inTwoBytes(take(2 * employees)))]));

  const pictureOf = (launch, first) => launches.indexOf(launch) * firsts.length + firsts.indexOf(first);

  function answer(request) {
    const wrong = wrongIn(request);
    if (wrong.length) return { error: wrong };
    const { scenario: launch, seeds: asked } = request;
    const runs = asked.map((seed) => seeds.indexOf(seed));
    const place = launches.indexOf(launch);
    const picture = pictureOf(launch, asked[0]);
    const list = head.lists.findIndex((one) => isSame(one, asked));
    const shown = weeksOf(picture);
    const known = head.staff[firsts.indexOf(asked[0])];
    return {
      version: 1,
      model: head.model,
      request: { version: 1, ...request, detail: { ...DETAIL, ...request.detail } },
      scenario: withExtra(head.scenarios[launch], head.extra[firsts.indexOf(asked[0])]),
      ages: head.ages[launch][list],
      n_employees: employees,
      weeks,
      curves: Object.fromEntries(Object.entries(curves).map(([name, all]) => [name, runs.map((run) => all[place * seeds.length + run])])),
      outcomes: Object.fromEntries(Object.entries(head.outcomes).map(([name, all]) => [name, runs.map((run) => all[place][run])])),
      network: { ...known.network, weeks: shown.packed },
      people: { employee: known.network.employee, ...known.people, ...columnsOf(picture), ...shown.people },
      explained: head.reasons.employees[firsts.indexOf(asked[0])],
      hash: head.hashes[launch][list],
    };
  }

  const columnsOf = (picture) => Object.fromEntries(Object.entries(changing).map(([name, all]) => [name, all[picture]]));

  // The picture of each week as engines give it, and what follows from it for each employee.
  function weeksOf(picture) {
    const shares = sharesOf(frames[picture], head.frame_weeks, employees, weeks);
    const packed = { week: [], frames: [], activity: [], state: [] };
    const first = (state) => Array.from({ length: employees }, (_, person) => weekFrom(person, state));
    const weekFrom = (person, least) => {
      for (let week = 1; week <= weeks; week += 1) if (states[picture][person * (weeks + 1) + week] >= ACTIVITIES * least) return week;
      return null;
    };
    for (let week = 0; week <= weeks; week += 1) {
      const both = Uint8Array.from({ length: employees }, (_, person) => states[picture][person * (weeks + 1) + week]);
      packed.week.push(week);
      packed.frames.push(asBase64(shares[week]));
      packed.activity.push(asBase64(both.map((one) => one % ACTIVITIES)));
      packed.state.push(asBase64(both.map((one) => Math.floor(one / ACTIVITIES))));
    }
    const people = { first_read: first(READ), first_post: first(POSTED), frame_start: byPerson(shares[0]), frame_end: byPerson(shares[weeks]) };
    return { packed, people };
  }

  // Of each employee who is explained there is one week.
  function why({ request, seed, employee }) {
    const wrong = wrongIn({ ...request, seeds: head.lists.find(([first]) => first === seed) ?? request.seeds });
    if (wrong.length) return { error: wrong };
    const { employees: explained, replies } = head.reasons;
    const start = firsts.indexOf(seed);
    const person = start < 0 ? -1 : explained[start].indexOf(employee);
    if (person < 0) {
      const names = explained[Math.max(0, start)].map((one) => number(one)).join(", ");
      return { error: [text("edition.recorded.employee", { employees: names, seed: firsts[Math.max(0, start)] })] };
    }
    const before = explained.slice(0, start).reduce((sum, some) => sum + some.length, 0);
    return replies[(before + person) * launches.length + launches.indexOf(request.scenario)];
  }

  // Lines that say what was not recorded.
  function wrongIn({ scenario: launch, overrides, seeds: asked }) {
    if (!launches.includes(launch)) return [text("edition.recorded.launch", { name: launch ?? "" })];
    const extra = head.extra[firsts.indexOf(asked[0])] ?? head.extra[0];
    const recorded = (path) => (path in extra ? extra[path] : path.split(".").reduce((values, key) => values?.[key], head.scenarios[launch]));
    const paths = new Set([...Object.keys(head.overrides), ...Object.keys(extra), ...Object.keys(overrides ?? {})]);
    const wrong = [...paths].filter((path) => !isSame(overrides?.[path], recorded(path))).map((path) => text("edition.recorded.setting", { path }));
    if (head.lists.some((one) => isSame(one, asked))) return wrong;
    const lists = head.lists.map((one) => text("edition.recorded.list", { n: one.length, first: one[0] })).join("; ");
    return [...wrong, text("edition.recorded.seeds", { lists })];
  }

  return { answer, why };
}

// A scenario with values by dotted key laid over it.
function withExtra(scenario, extra) {
  const laid = structuredClone(scenario);
  for (const [path, value] of Object.entries(extra)) {
    const keys = path.split(".");
    const last = keys.pop();
    keys.reduce((values, key) => values[key], laid)[last] = value;
  }
  return laid;
}

// Counts, of which first all low bytes come and then all high ones.
function inTwoBytes(bytes) {
  const half = bytes.length / 2;
  return Array.from({ length: half }, (_, place) => bytes[place] + 256 * bytes[half + place]);
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Launches are kept as what they have more than the first one.
function withFirst(bytes, n) {
  for (let at = n; at < bytes.length; at += 1) bytes[at] += bytes[at % n];
  return bytes;
}

const pictures = (bytes, n) => Array.from({ length: n }, (_, place) => bytes.subarray((place * bytes.length) / n, ((place + 1) * bytes.length) / n));

// Pairs one after another, from the steps of all first ones and then of all second ones.
function pairsOf(steps) {
  const half = steps.length / 2;
  const pairs = new Array(steps.length);
  for (const side of [0, 1]) {
    let sum = 0;
    for (let place = 0; place < half; place += 1) pairs[2 * place + side] = sum += steps[side * half + place];
  }
  return pairs;
}

// Values of each run, from differences of steps.
function runsOf(bytes, weeks, { low, step }) {
  return Array.from({ length: bytes.length / weeks }, (_, run) => {
    let sum = 0;
    return Array.from({ length: weeks }, (__, week) => {
      sum = (sum + bytes[run * weeks + week]) % 256;
      return sum === MISSING ? null : Number((low + sum * step).toFixed(6));
    });
  });
}

// The three shares of each employee in each week, of 255.
function sharesOf(bytes, keptWeeks, n, weeks) {
  const kept = [0, 1].map((part) => {
    const sums = new Uint8Array(n);
    return keptWeeks.map((_, place) => {
      for (let person = 0; person < n; person += 1) sums[person] += bytes[(part * keptWeeks.length + place) * n + person];
      return [...sums].map((one) => Math.min(FULL, LEAST_FRAME * one));
    });
  });
  return Array.from({ length: weeks + 1 }, (_, week) => {
    const after = keptWeeks.findIndex((one) => one >= week);
    const before = Math.max(0, after - 1);
    const span = keptWeeks[after] - keptWeeks[before];
    const way = span ? (week - keptWeeks[before]) / span : 1;
    const shares = new Uint8Array(3 * n);
    for (let person = 0; person < n; person += 1) {
      const between = (part) => Math.round((1 - way) * kept[part][before][person] + way * kept[part][after][person]);
      const social = between(0);
      const collaboration = Math.min(FULL - social, between(1));
      shares.set([social, collaboration, FULL - social - collaboration], 3 * person);
    }
    return shares;
  });
}

const byPerson = (shares) => Array.from({ length: shares.length / 3 }, (_, person) => [...shares.subarray(3 * person, 3 * person + 3)].map((one) => one / FULL));

const asBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
