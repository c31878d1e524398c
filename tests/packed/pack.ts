import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { packageSources, root } from "../workspace.js";

/** A package as it would be published. */
export interface Packed {
  readonly name: string;
  /** The path of its tarball. */
  readonly file: string;
  /** Subpaths that can be imported, such as `.` and `./core`; none if the package is a command. */
  readonly subpaths: readonly string[];
}

/** Packs all built packages of packages/ into `folder`. */
export function packAll(folder: string): readonly Packed[] {
  mkdirSync(folder, { recursive: true });
  const args = ["-r", "--filter", "./packages/*", "pack", "--pack-destination", folder];
  execFileSync(join(root, "node_modules/.bin/pnpm"), args, { cwd: root, stdio: "pipe" });
  return packageSources().map(({ manifest: { name, version = "", exports = {} } }) => ({
    name,
    file: join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`),
    subpaths: Object.keys(exports),
  }));
}

/** The bytes of a tarball. */
export function tarball({ file }: Packed): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(file));
}
