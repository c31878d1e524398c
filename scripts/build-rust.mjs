/** `npm run build:rust`: builds what the interoperability tests have in Rust. Exit code 2 where it cannot be built. */
import { buildRust } from "./workspace/rust.mjs";

process.exitCode = buildRust();
