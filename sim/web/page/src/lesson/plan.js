// The six steps of each kind of lesson and how long each takes, in a lecture of 90 or of 45 minutes.

const MINUTES = {
  arc: {
    90: { you: 5, first: 15, message: 20, turn: 15, launch: 15, debrief: 20 },
    45: { you: 3, first: 9, message: 9, turn: 8, launch: 6, debrief: 10 },
  },
  pair: {
    90: { story: 10, predict: 10, run: 20, why: 20, save: 5, debrief: 25 },
    45: { story: 5, predict: 5, run: 10, why: 10, save: 3, debrief: 12 },
  },
};

export const stepsOf = (kind) => Object.keys(MINUTES[kind][90]);

export const PLANS = [90, 45];

// From which minute to which each step lasts: {step: [from, to]}.
export function timesOf(kind, plan) {
  let now = 0;
  return Object.fromEntries(stepsOf(kind).map((step) => [step, [now, (now += MINUTES[kind][plan][step])]]));
}
