import { expect, test } from "vitest";
import { createTimeText } from "../../../src/chat/terminal/time-text.js";

const NOON = Date.UTC(2026, 10, 21, 12, 0);

test("A time of today has no date, by the day of the time zone", () => {
  expect(createTimeText(() => NOON, "UTC")(Date.UTC(2026, 10, 21, 0, 5))).toBe("00:05");
  expect(createTimeText(() => NOON, "Asia/Tokyo")(Date.UTC(2026, 10, 20, 15, 0))).toBe("00:00");
});

test("A time of another day has its date", () => {
  expect(createTimeText(() => NOON, "UTC")(Date.UTC(2026, 10, 20, 23, 59))).toBe("2026-11-20 23:59");
  expect(createTimeText(() => NOON, "Asia/Tokyo")(Date.UTC(2026, 10, 20, 14, 59))).toBe("2026-11-20 23:59");
});
