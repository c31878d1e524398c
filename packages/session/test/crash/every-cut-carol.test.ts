import { afterAll, vi } from "vitest";
import { testEveryCut } from "./every-cut.js";

afterAll(() => void vi.useRealTimers());

testEveryCut("carol");
