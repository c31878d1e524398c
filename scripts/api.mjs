/**
 * `npm run api`: compares the exports of the packages with the reports in etc/, and their number with the limits.
 * `npm run api -- --update` renews the reports.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";

import { beyondLimits, countExports, page } from "./workspace/export-counts.mjs";
import { build, installDependencies } from "./workspace/setup.mjs";
import { root, workspacePackages } from "./workspace/workspace.mjs";

const REPORTS = "etc";
const COUNTS = `${REPORTS}/exports.md`;

const update = process.argv.includes("--update");
installDependencies();
const built = build();
if (built !== 0) process.exit(built);

mkdirSync(join(root, REPORTS), { recursive: true });
const entries = workspacePackages()
  .filter(({ folder }) => folder.startsWith("packages/"))
  .flatMap(entryPoints);
const counts = countExports(entries);
const changed = [
  ...entries.filter(isChanged).map(({ report }) => `${REPORTS}/${report}.api.md`),
  ...(areCountsChanged() ? [COUNTS] : []),
];
const verb = update ? "Written" : "Out of date";
for (const file of changed) console.log(`${verb}: ${file}`);
if (changed.length > 0 && !update) {
  console.log("If the change is intended, renew the reports: npm run api -- --update");
  process.exitCode = 1;
}
for (const problem of beyondLimits(counts)) {
  console.log(problem);
  process.exitCode = 1;
}

/**
 * One subpath of a package.
 *
 * @typedef {object} EntryPoint
 * @property {string} folder the package's, relative to the root
 * @property {string} specifier the specifier to import it by, such as `@demls/wire/core`
 * @property {string} types its declarations, relative to the root
 * @property {string} report the name of its report, such as `wire` or `wire-core`
 */

/**
 * @param {import("./workspace/workspace.mjs").WorkspacePackage} pkg
 * @returns {EntryPoint[]}
 */
function entryPoints({ folder }) {
  const { name, exports = {} } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  return Object.entries(exports).map(([subpath, { types }]) => ({
    folder,
    specifier: name + subpath.slice(1),
    types: join(folder, types),
    report: folder.replace("packages/", "") + subpath.slice(1).replaceAll("/", "-"),
  }));
}

/** Whether etc/exports.md has other counts. With `--update` it is written. */
function areCountsChanged() {
  const file = join(root, COUNTS);
  const now = page(counts);
  if (existsSync(file) && readFileSync(file, "utf8") === now) return false;
  if (update) writeFileSync(file, now);
  return true;
}

/** @param {EntryPoint} entryPoint */
function isChanged({ folder, types, report }) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: join(root, folder),
      mainEntryPointFilePath: join(root, types),
      compiler: { tsconfigFilePath: "tsconfig.json" },
      newlineKind: "lf",
      apiReport: {
        enabled: true,
        reportFolder: join(root, REPORTS),
        reportTempFolder: join(root, "reports/api-extractor"),
        reportFileName: report,
        // A type that is not exported by name is a part of the API if an exported type mentions it.
        includeForgottenExports: true,
      },
      messages: {
        extractorMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(root, folder, "package.json"),
  });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback: (message) => {
      // Differences are printed at the end, for all packages together.
      if (message.logLevel !== ExtractorLogLevel.Error) message.handled = true;
    },
  });
  if (errorCount > 0) throw new Error(`API Extractor failed for ${folder}.`);
  return apiReportChanged;
}
