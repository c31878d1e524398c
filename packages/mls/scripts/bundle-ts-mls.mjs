/**
 * The last step of the build: replaces dist/ts-mls.js, which imports ts-mls from node_modules, by the corrected ts-mls
 * itself.
 *
 * The corrections are a pnpm patch in patches/, which is not installed with the published package. Only this file is
 * replaced, so a workspace that was built by `tsc -b` alone works too. Rolldown bundles the used code, and API
 * Extractor the declarations; both are installed for other purposes.
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
    // Loading ts-mls has no side effects, although its package.json does not declare that.
    treeshake: { moduleSideEffects: false },
    // Module names would contain paths of the building machine.
    experimental: { attachDebugInfo: "none" },
  });
  await bundle.write({
    file: "dist/ts-mls.js",
    banner: `/*! ts-mls ${version}, corrected by @demls/mls. MIT, see ts-mls.LICENSE. */`,
    sourcemap: true,
    // The source map contains the sources.
    sourcemapPathTransform: (path) => path.replace(/^.*\/ts-mls\/dist\/src\//, "ts-mls/"),
  });
}

function bundleDeclarations() {
  // The source has only re-exports, so it can serve as a declaration.
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
