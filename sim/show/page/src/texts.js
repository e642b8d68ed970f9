// The catalog of texts, and numbers as the language writes them; the same rules as sim/texts.

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

export function number(value, decimals = 0, isSigned = false) {
  if (value === null || value === undefined || Number.isNaN(value)) return text("number.missing");
  const digits = Math.abs(value).toFixed(decimals);
  const isZero = Number(digits) === 0;
  const sign = isZero ? "" : value < 0 ? text("number.minus") : isSigned ? "+" : "";
  const [whole, part] = digits.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, text("number.thousands"));
  return sign + grouped + (part ? text("number.decimal") + part : "");
}

export function percent(share, decimals = 0) {
  if (share === null || share === undefined) return text("number.missing");
  const smallest = 10 ** -decimals;
  const value = 100 * share;
  let sign = "";
  let shown = value;
  if (value > 0 && value < 0.5 * smallest) [sign, shown] = ["<", smallest];
  else if (value < 100 && value >= 100 - 0.5 * smallest) [sign, shown] = [">", 100 - smallest];
  return sign + text("number.percent", { number: number(shown, decimals) });
}
