import type { BrowserCommandContext } from "vitest/node";
import { serveApp } from "./serve-app.js";

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
  const app = await serveApp("app");
  const page = await context.newPage();
  try {
    await page.goto(`http://${host}:${app.port}/`);
    await page.waitForFunction(() => document.title !== "…", undefined, { timeout: 60_000 });
    const { code } = app;
    return {
      ...(await page.evaluate(() => ({
        secure: isSecureContext,
        nodeGlobals: ["Buffer", "process", "require", "global"].filter((name) => name in globalThis),
        result: document.title,
        printed: document.body.innerText,
        loaded: performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname),
      }))),
      code,
    };
  } finally {
    await page.close();
    await app.close();
  }
}
