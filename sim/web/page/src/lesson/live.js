// What a student may send to the screen in front of the class: predictions and cards, without a name, and only if wanted.
import { codeOf, makeCard } from "../card.js";
import { html, newId } from "../dom.js";
import { save, saved } from "../saved.js";
import { text } from "../texts.js";

export const PLACE = "api/live";

export function makeLive(store, { config, rounds }) {
  if (!config.live || !rounds) return null;
  let isOn = saved()?.live ?? false;
  let isLost = false;
  const { nonce } = rounds;

  async function post(message) {
    try {
      const { ok } = await fetch(PLACE, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ nonce, ...message }) });
      isLost = !ok;
    } catch {
      isLost = true;
    }
  }

  // All that there is already, when one starts to send.
  async function sendAll() {
    await post({});
    for (const [round, { prediction, own }] of Object.entries(rounds.kept)) {
      if (prediction) await post({ round, winner: prediction.winner });
      if (own) await sendCard(round, own, prediction);
    }
  }

  const sendCard = async (round, own, prediction) => post({ round, code: await codeOf(makeCard({ ...own, prediction, nonce })) });

  function nodes() {
    const id = newId("live");
    const said = html("span", { class: "note", role: "status" }, isLost ? text("lesson.live.lost") : "");
    const field = html("input", {
      id,
      type: "checkbox",
      checked: isOn,
      onchange: async () => {
        isOn = field.checked;
        save({ live: isOn });
        if (isOn) await sendAll();
        said.textContent = isLost ? text("lesson.live.lost") : "";
      },
    });
    return html("p", { class: "live-choice" }, field, " ", html("label", { for: id }, text("lesson.live.send")), " ", said);
  }

  store.watch(["prediction"], ({ round, prediction }) => isOn && round && prediction && post({ round, winner: prediction.winner }));
  store.watch(["own"], ({ round, own, prediction }) => isOn && round && own && sendCard(round, own, prediction));
  store.watch(["isGone"], ({ isGone }) => isOn && !isGone && sendAll()); // a program started anew knows nothing
  return { nodes };
}
