// A prediction in words.
import { text } from "../texts.js";

export function predictionWords({ winner, age }) {
  return text("lesson.you_predicted", { winner: winnerWords(winner), age: text(`lesson.predicted.age.${age}`) });
}

export const winnerWords = (winner) => (winner === "same" ? text("lesson.predicted.same") : text("lesson.predicted.wins", { launch: winner.toUpperCase() }));
