import { posix } from "node:path";

import type { PackageSource } from "../workspace.js";
import { cyclesIn } from "./cycles.js";
import { importsOf, type ModuleImport } from "./imports.js";
import {
  ALLOWED,
  BUNDLED,
  DEFAULT_IMPLEMENTATIONS,
  INTERFACES_ONLY,
  NOT_IMPORTED,
  WITH_RXJS,
} from "./rules.js";

/** Packages of the root's package.json, which every test may use. */
const TEST_TOOLS = new Set(["vitest", "fast-check", "typescript"]);

interface Site {
  readonly source: PackageSource;
  /** Relative to the package. */
  readonly file: string;
  readonly module: ModuleImport;
}

/**
 * Holds the packages to the layers of rules.ts.
 *
 * @returns each violation as `file:line: what is wrong`; empty where there is none
 */
export function layerViolations(packages: readonly PackageSource[]): string[] {
  const sites = packages.flatMap(sitesOf);
  const byName = new Map(packages.map((source) => [source.manifest.name, source]));
  return [
    ...packages
      .filter(({ manifest }) => !(manifest.name in ALLOWED))
      .map(({ folder }) => `${folder}/package.json: it has no layer`),
    ...sites.flatMap((site) => siteProblems(site, byName).map((problem) => `${place(site)}: ${problem}`)),
    ...packages.flatMap((source) => unusedDependencies(source, sites)),
    ...cyclesIn(packageGraph(packages)).map((cycle) => `packages in a circle: ${cycle}`),
    ...packages.flatMap((source) =>
      cyclesIn(fileGraph(source, sites)).map((cycle) => `files in a circle: ${cycle}`),
    ),
  ];
}

function sitesOf(source: PackageSource): Site[] {
  return [...source.files].flatMap(([file, text]) =>
    importsOf(file, text).map((module) => ({ source, file, module })),
  );
}

function place({ source, file, module }: Site): string {
  return `${source.folder}/${file}:${module.line}`;
}

function isShipped({ file }: { readonly file: string }): boolean {
  return !file.startsWith("test/");
}

function siteProblems(site: Site, packages: ReadonlyMap<string, PackageSource>): string[] {
  const { specifier } = site.module;
  if (specifier.startsWith("node:")) return [];
  if (specifier.startsWith(".")) return pathProblems(site);
  if (specifier.startsWith("#")) {
    return specifier in (site.source.manifest.imports ?? {})
      ? []
      : [`${specifier} is not in the manifest's imports`];
  }
  const target = packages.get(packageOf(specifier));
  return [
    ...rxjsProblems(site),
    ...declarationProblems(site),
    ...(target === undefined ? [] : exportProblems(site, target)),
    ...(target !== undefined && isShipped(site) ? layerProblems(site) : []),
  ];
}

/** Another package is reached by its name, never by a path; tests may also use the vectors and what hostile input is made of. */
function pathProblems({ source, file, module }: Site): string[] {
  const target = posix.join(source.folder, posix.dirname(file), module.specifier);
  const own = target.startsWith(`${source.folder}/`);
  const shared = /^(vectors|hostile)\//.test(target) && !isShipped({ file });
  return own || shared ? [] : [`${module.specifier} leads out of the package`];
}

function rxjsProblems(site: Site): string[] {
  const { name } = site.source.manifest;
  const isAllowed =
    packageOf(site.module.specifier) !== "rxjs" || WITH_RXJS.includes(name) || !isShipped(site);
  return isAllowed ? [] : [`${name} may not import rxjs`];
}

function declarationProblems({ source, file, module }: Site): string[] {
  const { name, dependencies = {}, devDependencies = {} } = source.manifest;
  const wanted = packageOf(module.specifier);
  if (wanted === name) return [`${wanted} imports itself by name`];
  const bundledBy = BUNDLED[name]?.[wanted];
  if (bundledBy !== undefined && isShipped({ file }))
    return file === bundledBy ? [] : [`${wanted} is for ${bundledBy} alone to import`];
  if (wanted in dependencies) return [];
  if (isShipped({ file })) return [`${wanted} is not in dependencies`];
  return wanted in devDependencies || TEST_TOOLS.has(wanted) ? [] : [`${wanted} is not in devDependencies`];
}

function exportProblems({ module }: Site, target: PackageSource): string[] {
  const { name, exports = {} } = target.manifest;
  const subpath = `.${module.specifier.slice(name.length)}`;
  return subpath in exports ? [] : [`${name} does not export ${subpath}`];
}

function layerProblems({ source, module }: Site): string[] {
  const { name } = source.manifest;
  if (!(ALLOWED[name] ?? []).includes(module.specifier))
    return [`${name} may not import ${module.specifier}`];
  if (!INTERFACES_ONLY.includes(name)) return [];
  const defaults = DEFAULT_IMPLEMENTATIONS[module.specifier] ?? [];
  return module.names
    .filter((imported) => defaults.includes(imported) || (imported === "*" && defaults.length > 0))
    .map(
      (imported) => `${name} may not import the default implementation ${imported} of ${module.specifier}`,
    );
}

function unusedDependencies(source: PackageSource, sites: readonly Site[]): string[] {
  const used = new Set(
    sites
      .filter((site) => site.source === source && isShipped(site))
      .map(({ module }) => packageOf(module.specifier)),
  );
  const excused = NOT_IMPORTED[source.manifest.name] ?? {};
  return Object.keys(source.manifest.dependencies ?? {})
    .filter((dependency) => !used.has(dependency) && !(dependency in excused))
    .map((dependency) => `${source.folder}/package.json: nothing imports the dependency ${dependency}`);
}

/** Development dependencies count: the build has an order. */
function packageGraph(packages: readonly PackageSource[]): Map<string, string[]> {
  const own = new Set(packages.map(({ manifest }) => manifest.name));
  return new Map(
    packages.map(({ manifest: { name, dependencies, devDependencies } }) => [
      name,
      Object.keys({ ...dependencies, ...devDependencies }).filter((dependency) => own.has(dependency)),
    ]),
  );
}

/** Imports of types alone may go in circles: nothing is left of them at run time. */
function fileGraph(source: PackageSource, sites: readonly Site[]): Map<string, string[]> {
  const graph = new Map<string, string[]>();
  for (const site of sites) {
    if (site.source !== source || !site.module.specifier.startsWith(".") || site.module.typeOnly) continue;
    const from = posix.join(source.folder, site.file);
    const to = posix.join(posix.dirname(from), site.module.specifier).replace(/\.js$/, ".ts");
    graph.set(from, [...(graph.get(from) ?? []), to]);
  }
  return graph;
}

/** `@scope/name` or `name`, without the subpath. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
