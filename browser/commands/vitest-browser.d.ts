import type { LifeInTabs } from "./live-in-tabs.js";
import type { OpenedBundle } from "./open-bundle.js";

declare module "vitest/browser" {
  interface BrowserCommands {
    nodeOutcome(name: string, inputs: readonly string[]): Promise<string>;
    liveInTabs(): Promise<LifeInTabs>;
    openBundle(host: string): Promise<OpenedBundle>;
  }
}
