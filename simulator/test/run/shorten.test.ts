import { describe, expect, it } from "vitest";
import type { LifeOptions, LifeReport } from "../../src/life/life.js";
import { shorten } from "../../src/run/shorten.js";
import { liveSmall } from "../lives.js";

const OCCURRENCES = [
  ...Array.from({ length: 30 }, (_, i) => `chat-${i + 1}`),
  ...["change-1", "loss-1-2-9", "loss-1-3-9", "outage-1", "loss-2-1-4", "vote-3", "change-2"],
];

const whole = await liveSmall({ only: [] });

/** Plays lives that fail if all of `causes` occur, and counts them. */
function player(causes: readonly string[]): {
  readonly plays: readonly LifeOptions[];
  play(options: LifeOptions): Promise<LifeReport>;
} {
  const plays: LifeOptions[] = [];
  return {
    plays,
    async play(options) {
      plays.push(options);
      const occurrences = options.only ?? OCCURRENCES;
      for (const name of occurrences) options.onLine?.(`1:00 network ${name} loses vote of a to b`);
      const isFailed = causes.every((cause) => occurrences.includes(cause));
      const findings = isFailed ? [{ failure: "behind", detail: "" } as const] : [];
      return { ...whole, occurrences, findings };
    },
  };
}

const OPTIONS: LifeOptions = { seed: 1, faults: "loss", loss: 0.02, size: { min: 2, max: 3 } };

describe("A failed life", () => {
  it.each([[["loss-1-3-9", "change-2"]], [["change-1"]], [["chat-7", "outage-1", "vote-3"]], [[]]])(
    "is shortened to the occurrences that make it fail: %j",
    async (causes) => {
      const { play } = player(causes);
      const { only, report } = await shorten(OPTIONS, await play(OPTIONS), 200, play);
      expect(only).toEqual(causes);
      expect(report.findings).not.toEqual([]);
    },
  );

  it("is told with its first loss", async () => {
    const { play } = player(["loss-1-3-9", "change-2"]);
    const { story } = await shorten(OPTIONS, await play(OPTIONS), 200, play);
    expect(story).toEqual(["1:00 network loss-1-3-9 loses vote of a to b"]);
  });

  it("is replayed at most as often as allowed, and then once for its story", async () => {
    const { play, plays } = player(["chat-7", "change-2"]);
    const failed = await play(OPTIONS);
    const { only } = await shorten(OPTIONS, failed, 5, play);
    expect(plays).toHaveLength(1 + 5 + 1);
    expect(only).toEqual(expect.arrayContaining(["chat-7", "change-2"]));
    expect(only.length).toBeLessThan(OCCURRENCES.length);
  });

  it("is not replaced by one that fails in another way", async () => {
    const { play } = player(["change-1"]);
    const failed = { ...(await play(OPTIONS)), findings: [{ failure: "ghost", detail: "" } as const] };
    expect((await shorten(OPTIONS, failed, 20, play)).only).toEqual(OCCURRENCES);
  });
});

it("A life has only the occurrences that are asked for", async () => {
  const size = { min: 2, max: 2 };
  const { occurrences } = await liveSmall({ faults: "loss", size });
  const some = occurrences.filter((_, i) => i % 7 === 0);
  const { occurrences: played } = await liveSmall({ faults: "loss", size, only: some });
  expect(played.length).toBeGreaterThan(0);
  expect(some).toEqual(expect.arrayContaining([...played]));
});
