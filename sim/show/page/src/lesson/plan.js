// The six steps of the lesson and how long each takes, in a lecture of 90 or of 45 minutes.

export const STEPS = ["story", "predict", "run", "why", "save", "debrief"];

const MINUTES = {
  90: { story: 10, predict: 10, run: 20, why: 20, save: 5, debrief: 25 },
  45: { story: 5, predict: 5, run: 10, why: 10, save: 3, debrief: 12 },
};

export const PLANS = Object.keys(MINUTES).map(Number).reverse();

// From which minute to which each step lasts: {step: [from, to]}.
export function timesOf(plan) {
  let now = 0;
  return Object.fromEntries(STEPS.map((step) => [step, [now, (now += MINUTES[plan][step])]]));
}
