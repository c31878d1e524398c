import fc from "fast-check";
import { expect, test } from "vitest";
import { pathName } from "../../../src/chat/files/path-name.js";

test.each([
  ["garden", "garden"],
  ["our garden", "our%20garden"],
  ["Rose", "%52ose"],
  ["..", "%2E%2E"],
  ["../../etc/passwd", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd"],
  ["100%", "100%25"],
  ["庭", "%E5%BA%AD"],
])("%j has the path name %s", (text, name) => {
  expect(pathName(text)).toBe(name);
});

test("Path names fit into a file system, and differ without regard to case if their texts differ", () => {
  const texts = fc.string({ minLength: 1, maxLength: 255, unit: "grapheme" });
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      const names = [one, other].map(pathName);
      for (const name of names) expect(name).toMatch(/^[a-z0-9_%A-F-][a-z0-9_%A-F.-]{0,199}$/);
      expect(names[0]?.toLowerCase() === names[1]?.toLowerCase()).toBe(one === other);
    }),
  );
});

test("Two long texts that differ at their ends have different path names", () => {
  expect(pathName(`${"x".repeat(250)}1`)).not.toBe(pathName(`${"x".repeat(250)}2`));
});
