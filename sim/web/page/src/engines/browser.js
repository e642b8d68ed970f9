// The engine in this browser: a worker with Pyodide. It answers one message after the other; to stop it is to end it.
// The files it needs lie beside the page, or stand in it.
import { areInside, filesInside } from "./inside.js";

const WORKER = "worker.js";
const INSIDE = "inside:/"; // where the worker finds files that stand in the page
const SCRIPTS = ["pyodide.asm.js", "pyodide.js"]; // of Pyodide, without modules

const address = (place) => new URL(place, document.baseURI).href;

export function browserEngine(config, tellLoading) {
  const isInside = areInside(WORKER);
  const place = (name) => (isInside ? INSIDE + name : address(name));
  const places = {
    module: place(config.module ?? `${config.pyodide}pyodide.mjs`),
    pyodide: place(config.pyodide),
    numpy: place(config.numpy),
    core: place(config.core),
  };
  const waiting = new Map();
  let last = 0;
  let worker; // a promise
  let ready;
  let dead = null; // why there is nobody to ask

  // A worker, and the message that starts it.
  async function made() {
    if (!isInside) return [new Worker(address(WORKER), { type: "module" }), { start: places }];
    // In a page from a file, browsers load no modules: the worker is one script with all of Pyodide in it.
    const files = await filesInside();
    const scripts = SCRIPTS.flatMap((name) => [files.get(config.pyodide + name), "\n"]);
    const source = URL.createObjectURL(new Blob([...scripts, "{", files.get(WORKER), "}"], { type: "text/javascript" }));
    const inside = new Map([...files].map(([name, bytes]) => [INSIDE + name, bytes]));
    return [new Worker(source), { start: { ...places, inside } }];
  }

  function start() {
    const making = made();
    worker = making.then(([one]) => one);
    ready = new Promise((resolve, reject) => {
      making.then(
        ([one, message]) => {
          listen(one, resolve, reject);
          one.postMessage(message);
        },
        (error) => die(error, reject),
      );
    });
    ready.catch(() => {}); // whoever asks is told
  }

  function listen(one, resolve, reject) {
    one.onerror = (event) => die(new Error(event.message || "the worker does not start"), reject);
    one.onmessage = ({ data }) => {
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
  }

  function die(error, reject) {
    dead = error;
    failed(dead, reject);
  }

  function failed(error, reject) {
    reject(error);
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  }

  function stop(id) {
    if (!waiting.has(id)) return;
    worker.then((one) => one.terminate(), () => {});
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
      worker.then((one) => one.postMessage({ id, text: JSON.stringify(message) }), reject);
    });
  }

  start();
  return { ready, ask };
}
