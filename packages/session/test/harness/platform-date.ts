import { vi } from "vitest";

/**
 * Sets the platform's date to a fixed value. Every world and scene sets it at its start, so that test files can share a
 * process; `setup.ts` restores the real date after each file.
 */
export function setPlatformDate(wallMs: number): void {
  vi.useFakeTimers({ toFake: ["Date"], now: wallMs });
}
