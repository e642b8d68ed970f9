// The engine on this computer: one POST; the reply comes as lines of JSON, what is known on the way first.
// What it cannot do it says in a reply, {error: [lines]}; when it has stopped, asking rejects with an error named "GoneError".

const HOW_OFTEN = { there: 5000, gone: 1000 }; // milliseconds between looks
const A_LOOK = 4000;
const SAYS_WHY = [400, 429, 503]; // statuses with {error: [lines]}

export function nativeEngine() {
  let isGone = false;
  const ready = untilReady();

  async function ask(message, tell, signal) {
    const response = await reached("api/ask", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(message),
      signal,
    });
    if (SAYS_WHY.includes(response.status)) return response.json();
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    for await (const line of linesOf(response.body)) {
      const news = JSON.parse(line);
      if (news.kind === "reply") return checked(news.reply);
      tell(news);
    }
    throw gone(); // it stopped while it answered
  }

  // Tells when the program goes, and when it is back, for as long as somebody listens.
  async function watch(tell, isListening) {
    while (isListening()) {
      await new Promise((done) => setTimeout(done, HOW_OFTEN[isGone ? "gone" : "there"]));
      const now = await isThere();
      if (now === null || now !== isGone || !isListening()) continue;
      isGone = !now;
      tell(isGone);
    }
  }

  const lost = () => (isGone = true);

  return { ready, ask, watch, lost };
}

// Whether the program is there; null if it takes its time to say so.
async function isThere() {
  try {
    const { status, headers } = await fetch("api/ready?now", { signal: AbortSignal.timeout(A_LOOK) });
    return status === 200 && headers.get("content-type") === "application/json";
  } catch (error) {
    return error.name === "TimeoutError" ? null : false;
  }
}

async function untilReady() {
  const response = await reached("api/ready");
  if (response.ok) return;
  const said = response.status === 503 ? await response.json() : null;
  throw Object.assign(new Error(said?.error.join(" ") ?? response.statusText), { reply: said });
}

function gone() {
  return Object.assign(new Error("gone"), { name: "GoneError" });
}

// A browser says no more of a program that does not answer than that the network failed: a TypeError.
async function reached(place, options) {
  try {
    return await fetch(place, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : gone();
  }
}

function checked(reply) {
  if (reply.stopped) throw gone();
  if (reply.failed) throw new Error("the model stopped");
  return reply;
}

export async function* linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read().catch((error) => {
      throw error.name === "AbortError" ? error : gone();
    });
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    yield* lines;
  }
  if (rest) yield rest;
}
