import decodeQR from "qr/decode.js";
import { expect, test } from "vitest";
import { qrRows } from "../../../src/chat/view/text/qr-code.js";

/** Two modules for each character, the upper one first. */
const HALVES: Readonly<Record<string, readonly [number, number]>> = {
  "█": [255, 255],
  "▀": [255, 0],
  "▄": [0, 255],
  " ": [0, 0],
};
const MODULE_PX = 4;

test.each([20, 300, 420])("A line of %d characters is read from its code", (length) => {
  const line = `demls:${"aZ9-_".repeat(100)}`.slice(0, length);
  const rows = qrRows(line);
  const modules = rows.flatMap((row) => {
    const pairs = [...row].map((character) => HALVES[character] ?? [0, 0]);
    return [0, 1].map((half) => pairs.map((pair) => pair[half] ?? 255));
  });
  const width = modules[0]?.length ?? 0;
  const pixels = modules.flatMap((row) =>
    Array.from({ length: MODULE_PX }, () =>
      row.flatMap((shade) => Array.from({ length: MODULE_PX }, () => shade)),
    ),
  );
  const data = new Uint8ClampedArray(pixels.flat().flatMap((shade) => [shade, shade, shade, 255]));
  expect(decodeQR({ width: width * MODULE_PX, height: pixels.length, data })).toBe(line);
  expect(width).toBeLessThan(80);
});
