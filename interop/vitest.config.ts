import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["scenarios/**/*.test.ts", "vectors/**/*.test.ts", "waku/**/*.test.ts"],
    // Members of the published crate live in real time.
    testTimeout: 180_000,
    fileParallelism: false,
    maxConcurrency: 3,
  },
});
