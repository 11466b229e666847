// node katex_parse.mjs FORMULAS.json: parse `[[tex, display], …]` one by one; print what the loop took, in seconds.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const katex = createRequire(process.cwd() + "/")("katex");
const formulas = JSON.parse(readFileSync(process.argv[2], "utf-8"));
let refused = 0;
const before = process.cpuUsage();
const started = process.hrtime.bigint();
for (const [tex, display] of formulas) {
  try {
    katex.__parse(tex, { displayMode: display, strict: "ignore" });
  } catch {
    refused += 1;
  }
}
const wall = Number(process.hrtime.bigint() - started) / 1e9;
const used = process.cpuUsage(before);
console.log(JSON.stringify({ wall, processor: (used.user + used.system) / 1e6, refused }));
