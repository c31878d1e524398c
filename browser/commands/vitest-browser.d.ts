import type { OpenedBundle } from "./open-bundle.js";

declare module "vitest/browser" {
  interface BrowserCommands {
    nodeOutcome(name: string, inputs: readonly string[]): Promise<string>;
    openBundle(host: string): Promise<OpenedBundle>;
  }
}
