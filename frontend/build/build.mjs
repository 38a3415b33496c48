// Builds everything in static/: the stylesheet, the scripts, the voting booth, the trustees' page, the icon, and manifest.json.
//
// Each file carries a hash of its content in its name, so that browsers may keep it for ever. manifest.json says
// which name is current. Beside each file lie a .gz and a .br for servers that send them as they are.
//
// What the pages of voters and trustees load stands in booth/manifest.json and trustee/manifest.json once more, with the
// whole SHA-256 of each file, to be published and compared.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { stylesheet } from "./stylesheet.mjs";

const here = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(here, "..", "static");
const manifest = {};
const pages = { booth: {}, trustee: {} };

/** Write one asset with its compressed twins, and note its name. */
function publish(name, text) {
  const bytes = Buffer.from(text);
  const { dir, name: stem, ext } = parse(name);
  const digest = createHash("sha256").update(bytes).digest();
  const hashed = join(dir, `${stem}.${digest.toString("hex").slice(0, 12)}${ext}`);
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } };
  const gzipped = gzipSync(bytes, { level: 9 });
  writeFileSync(join(target, hashed), bytes);
  writeFileSync(join(target, `${hashed}.gz`), gzipped);
  writeFileSync(join(target, `${hashed}.br`), brotliCompressSync(bytes, brotli));
  manifest[name] = hashed;
  for (const [page, loaded] of Object.entries(LOADED)) {
    if (!loaded.includes(name)) continue;
    pages[page][hashed] = { sha256: digest.toString("hex"), integrity: `sha256-${digest.toString("base64")}`, bytes: bytes.length };
  }
  console.log(`${hashed.padEnd(32)} ${String(bytes.length).padStart(7)} bytes, ${gzipped.length} gzipped`);
}

/** One classic script out of one entry and what it imports, in a language that a phone of 2018 reads. */
async function script(name) {
  const result = await esbuild.build({
    entryPoints: [join(here, "scripts", `${name}.js`)],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es5",
    charset: "utf8",
    legalComments: "none",
    write: false,
  });
  return result.outputFiles[0].text;
}

/** A page with a script of its own, and a worker in the same file: the booth, who asks after a code, the trustees' page. */
async function pageScript(name) {
  const result = await esbuild.build({
    entryPoints: [join(here, `${name}.ts`)],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome79", "firefox78", "safari14", "ios14"],
    supported: { destructuring: true }, // what Safari 14.0 lacks of it is not used here
    charset: "utf8",
    legalComments: "none",
    write: false,
  });
  return result.outputFiles[0].text;
}

const LOADED = {
  booth: ["answerable.css", "booth/booth.js", "booth/used.js"],
  trustee: ["answerable.css", "trustee/trustee.js"],
};
const files = {
  "answerable.css": await stylesheet(join(here, "scss", "answerable.scss"), join(here, "node_modules")),
  "public.js": await script("public"),
  "staff.js": await script("staff"),
  "booth/booth.js": await pageScript("booth/booth"),
  "booth/used.js": await pageScript("booth/used"),
  "trustee/trustee.js": await pageScript("trustee/trustee"),
  "icon.svg": readFileSync(join(here, "images", "icon.svg"), "utf8"),
};

mkdirSync(target, { recursive: true });
for (const name of readdirSync(target)) {
  rmSync(join(target, name), { recursive: true });
}
for (const page of Object.keys(pages)) {
  mkdirSync(join(target, page));
}
for (const [name, text] of Object.entries(files)) {
  publish(name, text);
}
writeFileSync(join(target, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
for (const [page, loaded] of Object.entries(pages)) {
  writeFileSync(join(target, page, "manifest.json"), JSON.stringify(loaded, null, 2) + "\n");
}
