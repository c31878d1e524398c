import { defineConfig } from "vitest/config";

/** The package's own tests; without this file vitest would take the repository's configuration. */
export default defineConfig({ test: { include: ["test/**/*.test.ts"] } });
