import { afterAll, vi } from "vitest";

// Worlds and scenes set the platform's date; the next file of the process finds the real one.
afterAll(() => void vi.useRealTimers());
