// Pyodide, NumPy and the science core. First comes {start: {pyodide, numpy, core}}, three addresses; then messages
// {id, text}. Sent are {loading: part}, {ready: true} or {broken: why}; {id, news: text} on the way, and last
// {id, reply: text} or {id, failed: why}.

let starting;

const bytesOf = async (address) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
};

async function start({ pyodide, numpy, core }) {
  postMessage({ loading: "Python" });
  const { loadPyodide } = await import(`${pyodide}pyodide.mjs`);
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
  const replyTo = python.runPython("from sim.answer import reply_to\nreply_to");
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
