/**
 * The last step of the build: puts the corrected ts-mls itself in the place of dist/ts-mls.js, which takes it from
 * node_modules until then.
 *
 * The corrections are pnpm's patch in patches/, which no registry would carry to those who install the package.
 * One file is replaced, so that everything around it stays as `tsc -b` wrote it, and a workspace that was built
 * by `tsc -b` alone works just as well. Rolldown, as it is here with vitest already, bundles
 * the code that is used; API Extractor, which writes the API reports, the declarations.
 */
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { rolldown } from "rolldown";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const tsMls = join(folder, "node_modules/ts-mls");
const { version } = JSON.parse(readFileSync(join(tsMls, "package.json"), "utf8"));

await bundleCode();
bundleDeclarations();
copyFileSync(join(tsMls, "LICENSE"), join(folder, "dist/ts-mls.LICENSE"));

async function bundleCode() {
  const bundle = await rolldown({
    cwd: folder,
    input: "src/ts-mls.ts",
    platform: "neutral",
    // Nothing in ts-mls has effects when it is loaded, though its package.json doesn't say so.
    treeshake: { moduleSideEffects: false },
    // The names of modules would be paths of the machine that builds.
    experimental: { attachDebugInfo: "none" },
  });
  await bundle.write({
    file: "dist/ts-mls.js",
    banner: `/*! ts-mls ${version}, corrected by @demls/mls. MIT, see ts-mls.LICENSE. */`,
    sourcemap: true,
    // The map holds the sources themselves.
    sourcemapPathTransform: (path) => path.replace(/^.*\/ts-mls\/dist\/src\//, "ts-mls/"),
  });
}

function bundleDeclarations() {
  // The source only re-exports, so that it is its own declaration.
  copyFileSync(join(folder, "src/ts-mls.ts"), join(folder, "dist/ts-mls.d.ts"));
  rmSync(join(folder, "dist/ts-mls.d.ts.map"), { force: true });
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: "dist/ts-mls.d.ts",
      bundledPackages: ["ts-mls"],
      compiler: { tsconfigFilePath: "tsconfig.json" },
      dtsRollup: { enabled: true, untrimmedFilePath: "dist/ts-mls.d.ts" },
      messages: { extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } } },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, "package.json"),
  });
  const { succeeded } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Info) message.handled = true;
    },
  });
  if (!succeeded) throw new Error("API Extractor could not bundle the declarations of ts-mls.");
}
