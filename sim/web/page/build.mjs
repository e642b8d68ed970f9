// Builds dist/ from src/: one module for the page, one for its worker, the licenses of what is bundled.
// node build.mjs [FOLDER]
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = (name) => join(here, "src", name);
const dist = process.argv[2] ?? join(here, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { main: source("main.js"), worker: source("engines/worker.js") },
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
});
await build({ absWorkingDir: here, entryPoints: { style: source("all.css") }, outdir: dist, bundle: true, minify: true, target: "es2022" });
copyFileSync(source("index.html"), join(dist, "index.html"));
writeFileSync(join(dist, "LICENSES.txt"), licenses(metafile));

function licenses({ outputs }) {
  const used = Object.values(outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .map((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
  const names = [...new Set(used.filter(Boolean))].sort();
  const parts = names.map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, homepage } = JSON.parse(readFileSync(join(folder, "package.json"), "utf-8"));
    const file = readdirSync(folder).find((one) => /^licen[sc]e/i.test(one));
    if (!file) throw new Error(`${name} has no license`);
    return `${name} ${version}\n${homepage ?? ""}\n\n${readFileSync(join(folder, file), "utf-8").trim()}\n`;
  });
  return `main.js holds parts of these libraries.\n\n${parts.join(`\n${"-".repeat(80)}\n\n`)}`;
}
