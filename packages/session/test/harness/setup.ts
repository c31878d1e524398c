import { afterAll, vi } from "vitest";

// Worlds and scenes set the platform's date; restores the real one for the next file of the process.
afterAll(() => void vi.useRealTimers());
