// What survives a reload, the way back, and a phone that drops the tab: kept in this tab alone (session storage). A whole
// set-up fits in a link, behind the #, which no browser sends to a host.
const KEY = `intranet-sim ${location.pathname}${new URLSearchParams(location.search).has("lesson") ? " lesson" : ""}`;
const LINK = "#setup=";

export function saved() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null; // the browser keeps nothing
  }
}

export function save(changes) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...saved(), ...changes }));
  } catch {
    // it goes on without
  }
}

export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // there was nothing
  }
}

const coded = (value) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const decoded = (letters) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0))));

export const linkTo = (setup) => `${location.href.split("#")[0]}${LINK}${coded(setup)}`;

// What the link says, or null; what is no set-up is none.
export function linked(scenarios) {
  if (!location.hash.startsWith(LINK)) return null;
  try {
    const given = decoded(location.hash.slice(LINK.length));
    const isGroup = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
    const isLaunch = (one) => isGroup(one) && (one.scenario === null || Object.hasOwn(scenarios, one.scenario)) && typeof one.name === "string" && isGroup(one.set);
    const isWhole = (value) => Number.isSafeInteger(value) && value >= 0;
    return isLaunch(given.a) && isLaunch(given.b) && isGroup(given.both) && isWhole(given.seed) && isWhole(given.runs) ? given : null;
  } catch {
    return null;
  }
}
