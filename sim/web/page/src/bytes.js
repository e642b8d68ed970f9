// What the engine packs: base64 of one byte a number.

export function unpacked(packed) {
  const letters = atob(packed);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
  return bytes;
}

// One week of the picture, unpacked: frames (3 a person, of 255), activity and state of each person drawn.
export const unpackedWeek = ({ frames, activity, state }) => ({
  frames: unpacked(frames),
  activity: unpacked(activity),
  state: unpacked(state),
});
