// The engine on this computer: one POST; the reply comes as lines of JSON, what is known on the way first.

export function nativeEngine() {
  const ready = fetch("api/ready").then((response) => {
    if (!response.ok) throw new Error(response.statusText);
  });

  async function ask(message, tell, signal) {
    const response = await fetch("api/ask", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(message),
      signal,
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    for await (const line of linesOf(response.body)) {
      const news = JSON.parse(line);
      if (news.kind === "reply") return checked(news.reply);
      tell(news);
    }
    throw new Error("the reply has no end");
  }

  return { ready, ask };
}

function checked(reply) {
  if (reply.failed) throw new Error("the model stopped");
  return reply;
}

async function* linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split("\n");
    rest = lines.pop();
    yield* lines;
  }
  if (rest) yield rest;
}
