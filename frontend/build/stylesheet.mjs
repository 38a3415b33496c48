// From SCSS to the one stylesheet: Sass, then directions, layers, older browsers, prefixes, then smaller.

import cascadeLayers from "@csstools/postcss-cascade-layers";
import autoprefixer from "autoprefixer";
import * as esbuild from "esbuild";
import postcss from "postcss";
import * as sass from "sass";
import logical from "./logical.mjs";
import olderBrowsers from "./older_browsers.mjs";

/** The finished text of the stylesheet whose entry is `source`; `packages` is the folder of npm packages. */
export async function stylesheet(source, packages) {
  const compiled = sass.compile(source, { loadPaths: [packages], quietDeps: true });
  const processed = await postcss([logical(), cascadeLayers(), olderBrowsers(), autoprefixer({ grid: false })]).process(
    compiled.css,
    { from: undefined, map: false },
  );
  for (const warning of processed.warnings()) {
    throw new Error(`stylesheet: ${warning}`);
  }
  const { code } = await esbuild.transform(processed.css, { loader: "css", minify: true, charset: "utf8", legalComments: "none" });
  return code;
}
