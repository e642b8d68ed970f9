// The engine in this browser: a worker with Pyodide. It answers one message after the other; to stop it is to end it.

const address = (place) => new URL(place, document.baseURI).href;

export function browserEngine(config, tellLoading) {
  const places = { pyodide: address(config.pyodide), numpy: address(config.numpy), core: address(config.core) };
  const waiting = new Map();
  let last = 0;
  let worker;
  let ready;
  let dead = null; // why there is nobody to ask

  function start() {
    worker = new Worker(address("worker.js"), { type: "module" });
    ready = new Promise((resolve, reject) => {
      worker.onerror = (event) => {
        dead = new Error(event.message || "the worker does not start");
        failed(dead, reject);
      };
      worker.onmessage = ({ data }) => {
        if (data.loading) tellLoading(data.loading);
        else if (data.ready) resolve();
        else if (data.broken) failed(new Error(data.broken), reject);
        else if (data.news) waiting.get(data.id)?.tell(JSON.parse(data.news));
        else {
          const asked = waiting.get(data.id);
          waiting.delete(data.id);
          if (data.failed) asked?.reject(new Error(data.failed));
          else asked?.resolve(JSON.parse(data.reply));
        }
      };
    });
    worker.postMessage({ start: places });
  }

  function failed(error, reject) {
    reject(error);
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  }

  function stop(id) {
    if (!waiting.has(id)) return;
    worker.terminate();
    const stopped = new DOMException("stopped", "AbortError");
    failed(stopped, () => {});
    start();
  }

  function ask(message, tell, signal) {
    if (dead) return Promise.reject(dead);
    const id = ++last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, tell });
      signal?.addEventListener("abort", () => stop(id), { once: true });
      worker.postMessage({ id, text: JSON.stringify(message) });
    });
  }

  start();
  return { ready, ask };
}
