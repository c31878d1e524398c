/** `npm run build:rust`: builds the Rust part of the interoperability tests. Exit code 2 if the machine cannot build it. */
import { buildRust } from "./workspace/rust.mjs";

process.exitCode = buildRust();
