import { fileURLToPath } from "node:url";
import { playwright } from "@vitest/browser-playwright";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { CHROMIUM_FLAGS } from "./chromium-flags.js";
import { liveInTabs } from "./commands/live-in-tabs.js";
import { nodeOutcome } from "./commands/node-outcome.js";
import { openBundle } from "./commands/open-bundle.js";

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Tests of packages that need no Node modules and also run in a page. */
const OF_PACKAGES = [
  "packages/demls/test/platform.test.ts",
  "packages/mls/test/{recorded,service}.test.ts",
  "packages/mls/test/commit/{bundled-proposals,pitfalls}.test.ts",
  "packages/mls/test/framing/bad-input.test.ts",
  "packages/mls/test/group/group-life.test.ts",
  "packages/mls/test/key-package/key-package.test.ts",
  "packages/mls/test/welcome/welcome-signer.test.ts",
  "packages/transport-gossipsub/test/vectors-waku.test.ts",
];

/** A page reads the recorded vectors by import, where Node reads them from the disk. */
const vectorsInPage: Plugin = {
  name: "vectors-in-page",
  enforce: "pre",
  resolveId: (source) => (source.endsWith("/vectors/load.js") ? fromHere("load-vectors.ts") : undefined),
};

/** Names each request that the server answers with an error: the page says only that it could not import a test. */
const failedRequests: Plugin = {
  name: "failed-requests",
  configureServer: ({ middlewares }) => {
    middlewares.use((request, response, next) => {
      response.once("close", () => {
        const isAnswered = response.writableFinished && response.statusCode < 400;
        if (!isAnswered) console.error(`${String(response.statusCode)} ${request.url ?? ""}`);
      });
      next();
    });
  },
};

export default defineConfig({
  root: fromHere(".."),
  cacheDir: fromHere("node_modules/.vite"),
  plugins: [vectorsInPage, failedRequests],
  test: {
    include: ["browser/test/**/*.test.ts", ...OF_PACKAGES],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
          args: CHROMIUM_FLAGS,
        },
      }),
      instances: [{ browser: "chromium" }],
      commands: { liveInTabs, nodeOutcome, openBundle },
    },
  },
});
