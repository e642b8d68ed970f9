// A run card: what was asked, predicted and found, in less than a kilobyte. Who has it can repeat the run and check it.
// No name, no date. Written as JSON, or as a short code: base64url of the deflated JSON after "IS1-".
import { isShared, LAUNCHES } from "./launches.js";

export const CARD_OUTCOME = "monthly_posters";
const CARD = 1;
const PREFIX = "IS1-";
const CODE = /IS1-[A-Za-z0-9_-]+/g;
const DECIMALS = 6;
const ROUNDING = 2e-6;
const LEAST = 5; // people in an age band
const MOST_SEEDS = 100; // as in sim/web/answer/requests.py
const MOST_BYTES = 20_000; // of a card that is read
const EDITIONS = ["native", "browser", "recorded"];
const BANDS = ["younger", "older"]; // under 30, and 50 and over
const MOST_NONCE = 2 ** 32 - 1;
const POINTS = 0.05; // shares of age bands less far apart than this are the same

const rounded = (value) => (value === null ? null : Number(value.toFixed(DECIMALS)));

// --- making ---

// `nonce`: a random number, so that two who predicted and ran the same have two cards.
export function makeCard({ answers, edition, prediction, nonce }) {
  const { seeds } = answers.a.request;
  const part = (which, isOurs) => Object.fromEntries(Object.entries(answers[which].request.overrides).filter(([path]) => isShared(path) === isOurs));
  const launch = (which) => ({ scenario: answers[which].request.scenario, overrides: part(which, false) });
  const bands = ageBands(answers);
  return {
    card: CARD,
    model: answers.a.model,
    edition,
    seeds,
    both: part("a", true),
    a: launch("a"),
    b: launch("b"),
    outcome: CARD_OUTCOME,
    prediction: prediction && { winner: prediction.winner, age: prediction.age ?? null },
    result: {
      a: rounded(meanOf(answers.a.outcomes[CARD_OUTCOME])),
      b: rounded(meanOf(answers.b.outcomes[CARD_OUTCOME])),
      posts: { younger: rounded(bands.younger.share), older: rounded(bands.older.share) },
    },
    hash: { a: answers.a.hash, b: answers.b.hash },
    ...(nonce === undefined ? {} : { nonce }),
  };
}

function meanOf(values) {
  const known = values.filter((value) => value !== null);
  return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

// Share who ever posted, all runs of both launches together, of people under 30 and of 50 and over: {n, share}; `n` are
// those of all runs of a launch, and there is no share of fewer than 5 people.
export function ageBands(answers) {
  return Object.fromEntries(
    BANDS.map((band) => {
      const [a, b] = LAUNCHES.map((which) => answers[which].ages.map((run) => run[band]));
      const total = (runs, part) => runs.reduce((sum, run) => sum + run[part], 0);
      const isEnough = [a, b].every((runs) => total(runs, 0) >= LEAST);
      return [band, { n: total(a, 0), share: isEnough ? total([...a, ...b], 1) / total([...a, ...b], 0) : null }];
    }),
  );
}

// Which band posted more: "younger", "older", "same", or null where it cannot be said.
export function ageResult({ younger, older }) {
  if (younger === null || older === null) return null;
  if (Math.abs(younger - older) < POINTS) return "same";
  return younger > older ? "younger" : "older";
}

export const cardText = (card) => JSON.stringify(card);

export const cardFile = (card) => `run-card-${card.hash.a.slice(0, 8)}.json`;

export const requestOf = (card, which) => ({
  version: 1,
  scenario: card[which].scenario,
  overrides: { ...card[which].overrides, ...card.both },
  seeds: card.seeds,
});

// Whether a run done again gives what a card says: the runs themselves, and the numbers drawn from them.
export function agrees(card, again) {
  const numbers = ({ result }) => [result.a, result.b, result.posts.younger, result.posts.older];
  const isAlike = (one, other) => one === other || (one !== null && other !== null && Math.abs(one - other) <= ROUNDING);
  const told = numbers(card);
  return LAUNCHES.every((which) => card.hash[which] === again.hash[which]) && numbers(again).every((value, place) => isAlike(value, told[place]));
}

// --- short codes ---

export async function codeOf(card) {
  const packed = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(cardText(card)), Infinity);
  const letters = btoa(String.fromCharCode(...packed));
  return PREFIX + letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function fromCode(code) {
  const letters = atob(code.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
  const packed = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const bytes = await through(new DecompressionStream("deflate-raw"), packed, MOST_BYTES);
  return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
}

async function through(stream, bytes, most) {
  const parts = [];
  let n = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    n += value.length;
    if (n > most) throw new Error("too long");
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

// --- reading ---

// All cards in a text, JSON or short codes with anything around them: {cards, wrong}, `wrong` with a place and a part each.
export async function cardsIn(source) {
  const cards = [];
  const wrong = [];
  const take = (place, value) => {
    const part = wrongPart(value);
    if (part) wrong.push({ place, part });
    else cards.push(value);
  };
  if (/^\s*[{[]/.test(source)) {
    try {
      [JSON.parse(source)].flat().forEach((value, place) => take(place + 1, value));
    } catch {
      wrong.push({ place: 1, part: "json" });
    }
    return { cards, wrong };
  }
  const codes = source.match(CODE) ?? [];
  for (const [place, code] of codes.entries()) {
    try {
      take(place + 1, await fromCode(code));
    } catch {
      wrong.push({ place: place + 1, part: "code" });
    }
  }
  if (!codes.length) wrong.push({ place: 1, part: "json" });
  return { cards, wrong };
}

const isGroup = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const hasKeys = (value, keys) => isGroup(value) && Object.keys(value).length === keys.length && keys.every((key) => key in value);
const isShareOrNull = (value) => value === null || (Number.isFinite(value) && value >= 0 && value <= 1);
const isOverrides = (value) => isGroup(value) && Object.keys(value).every((path) => /^[a-z][a-z0-9_.]{0,80}$/.test(path));
const isLaunch = (value) => hasKeys(value, ["scenario", "overrides"]) && isOverrides(value.overrides) && (value.scenario === null || (typeof value.scenario === "string" && value.scenario.length <= 80));

const PARTS = {
  card: (value) => value === CARD,
  model: (value) => typeof value === "string" && value.length <= 40,
  edition: (value) => EDITIONS.includes(value),
  seeds: (value) => Array.isArray(value) && value.length >= 1 && value.length <= MOST_SEEDS && value.every((seed) => Number.isSafeInteger(seed) && seed >= 0),
  both: isOverrides,
  a: isLaunch,
  b: isLaunch,
  outcome: (value) => value === CARD_OUTCOME,
  prediction: (value) =>
    value === null || (hasKeys(value, ["winner", "age"]) && ["a", "b", "same", null].includes(value.winner) && ["younger", "older", "same", null].includes(value.age)),
  result: (value) =>
    hasKeys(value, ["a", "b", "posts"]) && isShareOrNull(value.a) && isShareOrNull(value.b) && hasKeys(value.posts, ["younger", "older"]) && Object.values(value.posts).every(isShareOrNull),
  hash: (value) => hasKeys(value, ["a", "b"]) && Object.values(value).every((hash) => /^[0-9a-f]{64}$/.test(hash)),
};

const isNonce = (value) => Number.isSafeInteger(value) && value >= 0 && value <= MOST_NONCE;

// The first part that is not as in a card, or null.
function wrongPart(value) {
  if (!isGroup(value)) return "json";
  if ("nonce" in value) {
    const { nonce, ...rest } = value;
    return isNonce(nonce) ? wrongPart(rest) : "nonce";
  }
  const unknown = Object.keys(value).find((key) => !(key in PARTS));
  if (unknown) return unknown;
  return Object.keys(PARTS).find((key) => !(key in value) || !PARTS[key](value[key])) ?? null;
}
