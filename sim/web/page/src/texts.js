// The catalog of texts, and numbers as the language writes them; the same rules as sim/words.

let catalogs = {};
let language = "en";

export function useCatalogs(given) {
  catalogs = given;
}

export const languages = () => Object.keys(catalogs);
export const currentLanguage = () => language;

export function useLanguage(name) {
  language = name in catalogs ? name : "en";
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = text(node.dataset.text);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", text(node.dataset.label));
  document.title = text("page.title");
}

export const has = (key) => key in catalogs[language];

export function text(key, values = {}) {
  const found = catalogs[language][key];
  if (found === undefined) throw new Error(`no text ${key}`);
  return found.replace(/\{(\w+)\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`no ${name} for ${key}`);
    return String(values[name]);
  });
}

export const sentence = (words) => words.charAt(0).toUpperCase() + words.slice(1);

export const inLanguage = (name, key) => catalogs[name][key];

// Digits with so many decimals, an exact tie to the even one, as Python writes them; toFixed alone rounds ties up.
function digitsOf(size, decimals) {
  const digits = size.toFixed(decimals);
  const isTie = /^50*$/.test(size.toFixed(Math.min(100, decimals + 30)).split(".")[1].slice(decimals));
  if (!isTie || "02468".includes(digits.at(-1))) return digits;
  return (Number(digits) - 10 ** -decimals).toFixed(decimals);
}

export function number(value, decimals = 0, isSigned = false) {
  if (value === null || value === undefined || Number.isNaN(value)) return text("number.missing");
  // A mean that lies halfway is written alike, in whatever order it was added up.
  const digits = digitsOf(Math.abs(value) < 1e9 ? Number(Math.abs(value).toPrecision(13)) : Math.abs(value), decimals);
  const isZero = Number(digits) === 0;
  const sign = isZero ? "" : value < 0 ? text("number.minus") : isSigned ? "+" : "";
  const [whole, part] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, text("number.thousands"));
  return sign + grouped + (part ? text("number.decimal") + part : "");
}

// A number with the digits it has, at most so many; those before the decimal sign always in full.
export function shortNumber(value, digits = 6, isSigned = false) {
  if (!value) return number(value, 0, isSigned);
  const most = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))));
  const needed = (digitsOf(Math.abs(value), most).split(".")[1] ?? "").replace(/0+$/, "").length;
  return number(value, needed, isSigned);
}

export function percent(share, decimals = 0) {
  if (share === null || share === undefined || Number.isNaN(share)) return text("number.missing");
  const smallest = 10 ** -decimals;
  const value = Number((100 * share).toFixed(9)); // a sum of weights misses 1 by its last digit
  let sign = "";
  let shown = value;
  if (value > 0 && value < 0.5 * smallest) [sign, shown] = ["<", smallest];
  else if (value < 100 && value >= 100 - 0.5 * smallest) [sign, shown] = [">", 100 - smallest];
  return sign + text("number.percent", { number: number(shown, decimals) });
}

// A value of an outcome without unit, except the percent sign of a share; a gap is in points and has a sign.
export function valueText({ read_as: form, decimals }, value) {
  if (form === "percent") return percent(value, decimals);
  return form === "points" ? number(value === null ? null : 100 * value, decimals, true) : number(value, decimals);
}

// What is written after a value that is in points; nothing after others.
export const unitText = ({ read_as: form }) => (form === "points" ? ` ${text("verdict.unit.points")}` : "");

// An end of an interval, which needs neither percent sign nor sign.
export function endText({ read_as: form, decimals }, value) {
  return number(form === "number" || value === null ? value : 100 * value, decimals);
}

// What stands at the ticks of an axis, with as many decimals as their step needs.
export function tickTexts(ticks, form = "number") {
  const values = form === "number" ? ticks : ticks.map((tick) => 100 * tick);
  const step = values.length > 1 ? values[1] - values[0] : 1;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const words = values.map((value) => number(value, decimals, form === "points"));
  return form === "percent" ? words.map((word) => text("number.percent", { number: word })) : words;
}
