// What the page knows now. Parts of it that depend on a value watch it by name.

export function makeStore(values) {
  const watchers = [];

  function set(changes) {
    const changed = Object.keys(changes).filter((name) => values[name] !== changes[name]);
    Object.assign(values, changes);
    for (const { names, act } of watchers) if (changed.some((name) => names.includes(name))) act(values);
  }

  return {
    get now() {
      return values;
    },
    set,
    watch(names, act) {
      watchers.push({ names, act });
    },
  };
}
