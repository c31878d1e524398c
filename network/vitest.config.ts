import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["scenarios/**/*.test.ts"],
    // They mostly wait.
    maxWorkers: 3,
    // Processes live in real time, and nothing in these tests waits by the clock: this is what ends a hang.
    testTimeout: 300_000,
  },
});
