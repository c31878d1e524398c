import { expect, test } from "vitest";
import { emptyRow, tableOf, withLife } from "../../src/run/row.js";
import { liveSmall } from "../lives.js";

test("a row counts lives with loss, whole or not, with the failures that they have", async () => {
  const reports = [
    await liveSmall({ faults: "loss", seed: 1 }),
    await liveSmall({ faults: "loss", seed: 2 }),
  ];
  const row = reports.reduce(withLife, emptyRow("loss"));
  expect(row.lives).toBe(2);
  expect(row.whole).toBe(reports.filter(({ findings }) => findings.length === 0).length);
  for (const [failure, count] of Object.entries(row.failures))
    expect(count, failure).toBe(
      reports.filter(({ findings }) => findings.some((finding) => finding.failure === failure)).length,
    );
  expect(
    tableOf([[row, 3]])
      .split("\n")
      .at(-1),
  ).toMatch(/^\| loss \| 2 \| .* \| 2400 \|$/);
});
