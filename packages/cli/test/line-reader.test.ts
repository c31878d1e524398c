import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_LINE_LENGTH, readLines } from "../src/line-reader.js";

/** The lines of a stream with these chunks. */
async function linesOf(chunks: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  const lines: string[] = [];
  for await (const line of readLines(stream())) lines.push(line);
  return lines;
}

describe("The lines of a stream", () => {
  test("end at line feeds and at the end of the stream", async () => {
    expect(await linesOf(["a\nb", "c\n", "\nd"])).toEqual(["a", "bc", "", "d"]);
    expect(await linesOf(["a\n"])).toEqual(["a"]);
    expect(await linesOf([])).toEqual([]);
  });

  test("may contain the line separators of Unicode, as JSON may", async () => {
    const line = JSON.stringify("a\u2028b\u2029c\u0085d");
    expect(await linesOf([`${line}\n`])).toEqual([line]);
  });

  test("do not depend on the chunk boundaries, even inside a character", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "binary" }).filter((line) => !line.includes("\n"))),
        fc.integer({ min: 1, max: 7 }),
        async (lines, size) => {
          const bytes = Buffer.from(["", ...lines].map((line) => `${line}\n`).join(""));
          const chunks = [];
          for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
          expect(await linesOf(chunks)).toEqual(["", ...lines]);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("exceed the maximum length by at most one chunk", async () => {
    const chunk = "x".repeat(MAX_LINE_LENGTH / 4);
    const [endless = "", next] = await linesOf([...Array.from({ length: 12 }, () => chunk), "x\nnext\n"]);
    expect(endless.length).toBeGreaterThan(MAX_LINE_LENGTH);
    expect(endless.length).toBeLessThanOrEqual(MAX_LINE_LENGTH + chunk.length);
    expect(next).toBe("next");
  });
});
