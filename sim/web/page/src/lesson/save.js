// The run card: what is on it, as a file and as a short code.
import { cardFile, cardText, codeOf, makeCard } from "../card.js";
import { html } from "../dom.js";
import { sentence, number, percent, text } from "../texts.js";
import { badge, button, launchWords, onward } from "./parts.js";
import { winnerWords } from "./predicted.js";

export function saveStep({ store, launches, go }) {
  function download(card) {
    const link = html("a", { href: URL.createObjectURL(new Blob([cardText(card)], { type: "application/json" })), download: cardFile(card) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function facts(card) {
    const line = (label, ...words) => html("div", {}, html("dt", {}, label), html("dd", {}, ...words));
    const { posts } = card.result;
    return html(
      "dl",
      { class: "card-facts" },
      line(text("lesson.card.launches"), badge("a"), ` ${launchWords(launches, card.a)} `, html("br"), badge("b"), ` ${launchWords(launches, card.b)}`),
      card.prediction ? line(text("lesson.card.prediction"), sentence(`${winnerWords(card.prediction.winner)}; ${text(`lesson.predicted.age.${card.prediction.age}`)}`)) : null,
      line(text("lesson.card.result"), text("lesson.card.result_words", { a: percent(card.result.a, 1), b: percent(card.result.b, 1), younger: percent(posts.younger), older: percent(posts.older) })),
      line(text("lesson.card.luck"), card.seeds.length > 1 ? text("lesson.card.seeds", { first: String(card.seeds[0]), last: String(card.seeds.at(-1)) }) : String(card.seeds[0])),
      line(text("lesson.card.fingerprint"), html("code", {}, `${card.hash.a.slice(0, 8)} · ${card.hash.b.slice(0, 8)}`)),
    );
  }

  function codeField(card) {
    const field = html("textarea", { id: "card-code", readonly: true, rows: 5, spellcheck: "false", onfocus: () => field.select() });
    const said = html("span", { class: "note", role: "status" });
    const copy = async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        said.textContent = text("lesson.card.copied");
      } catch {
        said.textContent = text("lesson.card.copy_yourself");
      }
    };
    codeOf(card).then(
      (code) => (field.value = code),
      () => (field.value = cardText(card)), // an older browser: the card itself can be pasted as well
    );
    return [html("label", { for: "card-code" }, text("lesson.card.code")), field, html("p", {}, button(text("lesson.card.copy"), copy, { id: "copy-code" }), " ", said)];
  }

  return () => {
    const { own, prediction, last } = store.now;
    if (!own) return { title: text("lesson.step.save"), nodes: [] };
    const card = makeCard({ ...own, prediction });
    const isOther = last !== own;
    return {
      title: text("lesson.card.title"),
      nodes: [
        html("p", {}, text("lesson.card.what")),
        facts(card),
        html("p", {}, button(text("page.save_card"), () => download(card), { class: "primary next", id: "save-card" })),
        codeField(card),
        isOther ? html("p", { class: "note" }, text("lesson.card.other"), " ", button(text("lesson.card.save_other"), () => download(makeCard({ ...last, prediction: null })), { class: "light", id: "save-last" })) : null,
        onward({ go }, "debrief"),
      ],
    };
  };
}
