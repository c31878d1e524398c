import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      // package.json's "imports" names the built file; tests run on the source.
      "#crypto-primitives": fileURLToPath(new URL("src/crypto/primitives-node.ts", import.meta.url)),
    },
  },
});
