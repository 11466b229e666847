// Builds server/static/dist: hashed scripts, styles, fonts and icons, and manifest.json naming them.
// The same inputs give the same files, so a second run has nothing to do and says so.
import { build } from "esbuild";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const SRC = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(SRC, "../../..");
const DIST = path.resolve(SRC, "../dist");
const TEMPLATES = path.join(ROOT, "templates");
const MODULES = path.join(ROOT, "node_modules");
const KATEX = { "katex.min.js": "katex.min.js", "mhchem.min.js": "contrib/mhchem.min.js" };

const digest = (data) => createHash("sha256").update(data).digest("hex");

function filesUnder(folder) {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

function stampOf(files) {
  const hash = createHash("sha256").update(process.version);
  for (const file of files) hash.update(path.relative(ROOT, file)).update("\0").update(fs.readFileSync(file));
  return hash.digest("hex");
}

function upToDate(stamp) {
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(DIST, "manifest.json"), "utf8"));
    const whole = fs.readFileSync(path.join(DIST, ".stamp"), "utf8") === stamp;
    return whole && Object.values(manifest).every((name) => fs.existsSync(path.join(DIST, name)));
  } catch {
    return false;
  }
}

// A file appears whole or not at all: two builds at once, or a server reading meanwhile, do no harm.
function write(name, data) {
  const target = path.join(DIST, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const draft = `${target}.${process.pid}`;
  fs.writeFileSync(draft, data);
  fs.renameSync(draft, target);
}

async function tailwind(folder) {
  const out = path.join(folder, "tailwind.css");
  const cli = path.join(MODULES, "@tailwindcss/cli/dist/index.mjs");
  await promisify(execFile)(process.execPath, [cli, "-i", path.join(SRC, "css/app.css"), "-o", out], { cwd: ROOT });
  return out;
}

const SHARED = {
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  logLevel: "warning",
  absWorkingDir: ROOT,
  outdir: DIST,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "fonts/[name]-[hash]",
  legalComments: "none",
};

// Every script beside this one is a page's entry; a folder with an index.js is one too.
function scripts() {
  const entryPoints = fs.readdirSync(SRC, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(SRC, entry.name, entry.isDirectory() ? "index.js" : "");
    const wanted = entry.isDirectory() ? fs.existsSync(file) : entry.name.endsWith(".js");
    return wanted ? [{ in: file, out: path.parse(entry.name).name }] : [];
  });
  return build({ ...SHARED, entryPoints, format: "esm", splitting: true, target: "es2022" });
}

async function styles(folder) {
  const entryPoints = [
    { in: await tailwind(folder), out: "app" },
    { in: path.join(SRC, "css/fonts.css"), out: "fonts" },
  ];
  return build({ ...SHARED, entryPoints, nodePaths: [MODULES], loader: { ".woff2": "file", ".woff": "empty", ".ttf": "empty" } });
}

// An icon is named in a template as ui.icon("check") or icon="check", in a script as icon("check").
function icons(files) {
  const names = new Set();
  for (const file of files.filter((name) => /\.(html|js)$/.test(name))) {
    const text = fs.readFileSync(file, "utf8");
    for (const match of text.matchAll(/\b(?:icon|symbol)(?:\(\s*|=)["']([a-z0-9-]+)["']/g)) names.add(match[1]);
  }
  const symbols = [...names].sort().map((name) => {
    const file = path.join(MODULES, "lucide-static/icons", `${name}.svg`);
    if (!fs.existsSync(file)) throw new Error(`There is no Lucide icon named ${name}. See node_modules/lucide-static/icons.`);
    const [, body] = fs.readFileSync(file, "utf8").match(/<svg[^>]*>([\s\S]*)<\/svg>/);
    return `<symbol id="${name}" viewBox="0 0 24 24">${body.replace(/\s+/g, " ").trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

function hashed(name, data) {
  const { name: stem, ext } = path.parse(name);
  return [`${stem}-${digest(data).slice(0, 8).toUpperCase()}${ext}`, data];
}

function entriesOf(result) {
  return Object.entries(result.metafile.outputs)
    .filter(([, output]) => output.entryPoint)
    .map(([file]) => path.relative(DIST, path.join(ROOT, file)));
}

function clean(keep) {
  for (const file of filesUnder(DIST)) {
    const name = path.relative(DIST, file);
    if (!keep.has(name) && !/\.\d+$/.test(name)) fs.rmSync(file, { force: true });
  }
}

async function run(files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "goldsmith-assets-"));
  const results = await Promise.all([scripts(), styles(folder)]).finally(() => fs.rmSync(folder, { recursive: true }));
  const manifest = {};
  const keep = new Set(["manifest.json", ".stamp"]);
  const put = (name, data) => (write(name, data), keep.add(name));
  for (const result of results) {
    for (const file of result.outputFiles) put(path.relative(DIST, file.path), file.contents);
    for (const name of entriesOf(result)) manifest[name.replace(/-[A-Z0-9]{8}(\.\w+)$/, "$1")] = name;
  }
  for (const [logical, data] of [["icons.svg", icons(files)], ["favicon.svg", fs.readFileSync(path.join(SRC, "favicon.svg"))]]) {
    const [name, contents] = hashed(logical, data);
    manifest[logical] = name;
    put(name, contents);
  }
  for (const [name, source] of Object.entries(KATEX)) {
    manifest[`katex/${name}`] = `katex/${name}`;
    put(`katex/${name}`, fs.readFileSync(path.join(MODULES, "katex/dist", source)));
  }
  write("manifest.json", `${JSON.stringify(manifest, Object.keys(manifest).sort(), 2)}\n`);
  return keep;
}

const started = performance.now();
const inputs = [...filesUnder(SRC), ...filesUnder(TEMPLATES), path.join(ROOT, "package-lock.json")];
const stamp = stampOf(inputs);
if (upToDate(stamp)) {
  console.log("Assets are up to date.");
} else {
  const keep = await run(inputs);
  write(".stamp", stamp);
  clean(keep);
  console.log(`Built ${keep.size} files in ${Math.round(performance.now() - started)} ms.`);
}
