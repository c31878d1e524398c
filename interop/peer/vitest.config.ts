import { defineConfig } from "vitest/config";

/** The peer's own tests; without this file vitest would take the configuration of interop/. */
export default defineConfig({ test: { include: ["test/**/*.test.ts"] } });
