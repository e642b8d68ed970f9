// Goes through the weeks: play, pause, one week on, back to the start.

export const SPEEDS = [2, 5, 10, 20, 40]; // weeks a second

export function makePlayer(store) {
  let before = null;
  let owed = 0;

  function tick(time) {
    const { isPlaying, week, weeks, speed } = store.now;
    if (!isPlaying) return;
    owed += before === null ? 0 : ((time - before) / 1000) * speed;
    before = time;
    const steps = Math.floor(owed);
    owed -= steps;
    if (steps) goTo(week + steps);
    if (store.now.week >= weeks) pause();
    else requestAnimationFrame(tick);
  }

  function play() {
    if (store.now.isPlaying || !store.now.weeks) return;
    if (store.now.week >= store.now.weeks) goTo(0);
    before = null;
    owed = 0;
    store.set({ isPlaying: true });
    requestAnimationFrame(tick);
  }

  const pause = () => store.set({ isPlaying: false });
  const goTo = (week) => store.set({ week: Math.max(0, Math.min(store.now.weeks, week)) });

  return {
    play,
    pause,
    goTo,
    toggle: () => (store.now.isPlaying ? pause() : play()),
    step() {
      pause();
      goTo(store.now.week + 1);
    },
    finish() {
      pause();
      goTo(store.now.weeks);
    },
    reset() {
      pause();
      goTo(0);
    },
  };
}
