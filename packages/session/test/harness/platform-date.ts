import { vi } from "vitest";

/**
 * Sets the platform's date, which stands still from then on. Every world and every scene sets it when it begins, so
 * that files may share a process; `setup.ts` gives the real one back after each file.
 */
export function setPlatformDate(wallMs: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: wallMs });
}
