// Pyodide, NumPy and the science core. First comes {start: {module, pyodide, numpy, core, inside}}: four addresses and,
// where files stand in the page, their bytes by address (Pyodide's scripts stand before this one then). Then come messages
// {id, text}. Sent are {loading: part}, {ready: true} or {broken: why}; {id, news: text} on the way, and last
// {id, reply: text} or {id, failed: why}.

const TYPES = { wasm: "application/wasm", json: "application/json" };

let starting;

const bytesOf = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
};

// Nothing is fetched where all files are in memory: what is not there is not found.
function answerFromMemory(inside) {
  globalThis.fetch = async (asked) => {
    const address = String(asked.url ?? asked);
    const found = inside.get(address);
    const type = TYPES[address.split(".").pop()] ?? "application/octet-stream";
    return found ? new Response(found, { headers: { "Content-Type": type } }) : new Response(null, { status: 404 });
  };
}

// Some hosts do not say that a .wasm file is one, and Pyodide would wait for ever.
const streaming = WebAssembly.instantiateStreaming;
WebAssembly.instantiateStreaming = async (coming, imports) => {
  const response = await coming;
  const isSaid = response.headers.get("Content-Type")?.startsWith(TYPES.wasm);
  return isSaid ? streaming.call(WebAssembly, response, imports) : WebAssembly.instantiate(await response.arrayBuffer(), imports);
};

async function start({ module, pyodide, numpy, core, inside }) {
  postMessage({ loading: "Python" });
  if (inside) answerFromMemory(inside);
  const { loadPyodide } = inside ? globalThis : await import(module);
  const [python, wheel, archive] = await Promise.all([
    loadPyodide({ indexURL: pyodide }),
    bytesOf(numpy),
    bytesOf(core),
  ]);
  postMessage({ loading: "NumPy" });
  python.unpackArchive(wheel, "wheel");
  python.unpackArchive(archive, "zip", { extractDir: "/core" });
  python.runPython("import sys; sys.path.insert(0, '/core'); import numpy");
  postMessage({ loading: "intranet-sim" });
  const replyTo = python.runPython("from sim.web.answer import reply_to\nreply_to");
  postMessage({ ready: true });
  return replyTo;
}

onmessage = async ({ data }) => {
  if (data.start) {
    starting = start(data.start);
    starting.catch((error) => postMessage({ broken: String(error) }));
    return;
  }
  try {
    const replyTo = await starting;
    const reply = replyTo(data.text, (news) => postMessage({ id: data.id, news }));
    postMessage({ id: data.id, reply });
  } catch (error) {
    postMessage({ id: data.id, failed: String(error) });
  }
};
