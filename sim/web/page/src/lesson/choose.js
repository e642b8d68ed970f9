// First half of the prediction: what it is about. The settings of the page stand beside it.
import { html } from "../dom.js";
import { text } from "../texts.js";

const PARTS = ["organization", "launches", "more", "luck"];
const PARTS_RECORDED = ["launches", "more"]; // organization and luck are what was recorded

export function chooseStep({ config }) {
  return () => ({
    title: text("lesson.choose.title"),
    nodes: (config.recorded ? PARTS_RECORDED : PARTS).map((name) => html("p", {}, text(`lesson.choose.${name}`))),
  });
}
