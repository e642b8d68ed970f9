// The engine in a browser: Pyodide, NumPy and the science core in a worker. A message is {id, text}; replies are
// {id, text}, and {id, known} for each thing that is known on the way.
import { loadPyodide } from "/pyodide/pyodide.mjs";

const started = performance.now();
const times = {};
const bytes = (url) => fetch(url).then((response) => response.arrayBuffer());

async function start() {
  const [python, numpy, core] = await Promise.all([
    loadPyodide({ indexURL: "/pyodide/" }),
    bytes("/numpy.whl"),
    bytes("/core.zip"),
  ]);
  times.loaded = performance.now() - started;
  python.unpackArchive(numpy, "wheel");
  python.unpackArchive(core, "zip", { extractDir: "/core" });
  python.runPython("import sys; sys.path.insert(0, '/core')");
  python.runPython("import numpy");
  times.numpy = performance.now() - started;
  const replyTo = python.runPython("from sim.web.answer import reply_to\nreply_to");
  times.ready = performance.now() - started;
  const versions = python.runPython("import numpy; f'{sys.version.split()[0]} {numpy.__version__}'");
  return { replyTo, versions };
}

const engine = start();
engine.then(({ versions }) => postMessage({ ready: true, times, versions }), (error) => postMessage({ error: String(error) }));

onmessage = async ({ data: { id, text } }) => {
  const { replyTo } = await engine;
  const known = (part) => postMessage({ id, known: part });
  postMessage({ id, text: replyTo(text, known) });
};
