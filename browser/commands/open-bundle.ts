import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import type { BrowserCommandContext } from "vitest/node";

const APP = fileURLToPath(new URL("../app", import.meta.url));

/** State of an opened page, and its code. */
export interface OpenedBundle {
  readonly secure: boolean;
  /** Node-only globals that exist in the page. */
  readonly nodeGlobals: readonly string[];
  readonly result: string;
  readonly printed: string;
  readonly code: string;
  /** URLs of the loaded scripts. */
  readonly loaded: readonly string[];
}

/**
 * Builds `app/` for production, serves it, and waits in a new page until it is done.
 *
 * @param host host name of the page; a name other than localhost is not a secure context.
 */
export async function openBundle({ context }: BrowserCommandContext, host: string): Promise<OpenedBundle> {
  const built = await build({
    root: APP,
    logLevel: "error",
    build: { outDir: "../node_modules/.bundle", emptyOutDir: true },
  });
  const server = await preview({
    root: APP,
    logLevel: "error",
    build: { outDir: "../node_modules/.bundle" },
    preview: { host: "127.0.0.1", port: 0, allowedHosts: true },
  });
  const page = await context.newPage();
  try {
    const { port } = new URL(server.resolvedUrls?.local[0] ?? "");
    await page.goto(`http://${host}:${port}/`);
    await page.waitForFunction(() => document.title !== "…", undefined, { timeout: 60_000 });
    return {
      ...(await page.evaluate(() => ({
        secure: isSecureContext,
        nodeGlobals: ["Buffer", "process", "require", "global"].filter((name) => name in globalThis),
        result: document.title,
        printed: document.body.innerText,
        loaded: performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname),
      }))),
      code: codeOf(built),
    };
  } finally {
    await page.close();
    await server.close();
  }
}

function codeOf(built: Awaited<ReturnType<typeof build>>): string {
  if (!("output" in built)) throw new Error("The build has no single output.");
  return built.output.map((file) => (file.type === "chunk" ? file.code : "")).join("\n");
}
