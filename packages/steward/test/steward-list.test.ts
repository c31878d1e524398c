import fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  computeListSize,
  generateStewardList,
  isListExhausted,
  isValidListSize,
  liveStewardFrom,
  stewardListConfig,
  validateStewardList,
  type StewardListInputs,
} from "../src/index.js";
import { anyEpoch, anyGroup, anyRetryRound, everyone, recordedId } from "./fixtures.js";

const anyConfig = fc
  .tuple(fc.integer({ min: 1, max: 15 }), fc.nat({ max: 15 }))
  .map(([snMin, more]) => stewardListConfig({ snMin, snMax: snMin + more }));

const anyInputs: fc.Arbitrary<StewardListInputs> = fc.record({
  electionEpoch: anyEpoch,
  retryRound: anyRetryRound,
  conversationId: fc.string({ maxLength: 20 }),
  candidates: anyGroup,
  config: anyConfig,
});

function fullSize({ config, candidates }: StewardListInputs): number {
  return computeListSize(config, candidates.length);
}

describe("list size", () => {
  it("as computed is allowed, and no larger one", () => {
    fc.assert(
      fc.property(anyConfig, fc.nat({ max: 40 }), (config, total) => {
        const size = computeListSize(config, total);
        expect(isValidListSize(config, size, total)).toBe(true);
        expect(isValidListSize(config, size + 1, total)).toBe(false);
      }),
    );
  });

  it("is all members below snMin and nothing else", () => {
    const config = stewardListConfig({ snMin: 4, snMax: 6 });
    expect([0, 1, 2, 3, 4].filter((size) => isValidListSize(config, size, 3))).toEqual([3]);
  });

  it("is a whole number", () => {
    const config = stewardListConfig({ snMax: 5 });
    expect(isValidListSize(config, 1.5, 5)).toBe(false);
    expect(isValidListSize(config, Number.NaN, 5)).toBe(false);
  });
});

describe("a generated list", () => {
  it("has the requested number of distinct candidates", () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const { members } = generateStewardList(inputs, fullSize(inputs));
        expect(new Set(members).size).toBe(fullSize(inputs));
        expect(members.every((id) => inputs.candidates.includes(id))).toBe(true);
      }),
    );
  });

  it("is a prefix of every longer one", () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const longest = generateStewardList(inputs, fullSize(inputs)).members;
        for (let size = 1; size < longest.length; size++) {
          if (!isValidListSize(inputs.config, size, inputs.candidates.length)) continue;
          expect(generateStewardList(inputs, size).members).toEqual(longest.slice(0, size));
        }
      }),
    );
  });

  it.each([
    { of: "nobody", candidates: [], code: "no-steward-candidates", field: "candidates" },
    { of: "one member at size 2", candidates: ["01"], code: "invalid-steward-list-size", field: "size" },
  ])("of $of is rejected for $field", ({ candidates, code, field }) => {
    const inputs = { electionEpoch: 0n, retryRound: 0, conversationId: "c", config: stewardListConfig() };
    expect(() => generateStewardList({ ...inputs, candidates: candidates.map(recordedId) }, 2)).toThrow(
      expect.objectContaining({ code, field, remedy: expect.any(String) as unknown }) as Error,
    );
  });
});

describe("validation", () => {
  it("accepts the generated list and no other order of it", () => {
    const listAndPermutation = anyInputs.chain((inputs) => {
      const { members } = generateStewardList(inputs, fullSize(inputs));
      const all = { minLength: members.length, maxLength: members.length };
      return fc.record({
        inputs: fc.constant(inputs),
        members: fc.constant(members),
        permuted: fc.shuffledSubarray([...members], all),
      });
    });
    fc.assert(
      fc.property(listAndPermutation, ({ inputs, members, permuted }) => {
        const same = permuted.every((id, i) => id === members[i]);
        expect(validateStewardList(members, inputs)).toBe(true);
        expect(validateStewardList(permuted, inputs)).toBe(same);
      }),
    );
  });

  it("rejects invalid lists from the network without throwing", () => {
    fc.assert(
      fc.property(anyInputs, anyGroup, fc.boolean(), (inputs, proposed, noCandidates) => {
        const candidates = noCandidates ? [] : inputs.candidates;
        const strangers = proposed.filter((id) => !candidates.includes(id));
        fc.pre(strangers.length > 0);
        expect(validateStewardList(strangers, { ...inputs, candidates })).toBe(false);
        expect(validateStewardList([], { ...inputs, candidates })).toBe(false);
      }),
    );
  });
});

describe("the rotation", () => {
  it("gives every steward one epoch, in list order, and ends there", () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const list = generateStewardList(inputs, fullSize(inputs));
        const epochs = list.members.map((_, i) => inputs.electionEpoch + BigInt(i));
        expect(epochs.map((epoch) => liveStewardFrom(list, epoch, 0, everyone))).toEqual(list.members);
        expect(epochs.some((epoch) => isListExhausted(list, epoch))).toBe(false);
        const end = inputs.electionEpoch + BigInt(list.members.length);
        expect(isListExhausted(list, end)).toBe(true);
        expect(liveStewardFrom(list, end, 0, everyone)).toBeUndefined();
        expect(isListExhausted(list, inputs.electionEpoch - 1n)).toBe(true);
      }),
    );
  });

  it("finds an eligible steward exactly if there is one", () => {
    fc.assert(
      fc.property(anyInputs, fc.nat(), fc.func(fc.boolean()), (inputs, place, eligible) => {
        const list = generateStewardList(inputs, fullSize(inputs));
        const epoch = inputs.electionEpoch + BigInt(place % list.members.length);
        const steward = liveStewardFrom(list, epoch, 0, eligible);
        expect(steward !== undefined).toBe(list.members.some((id) => eligible(id)));
        if (steward !== undefined) expect(eligible(steward)).toBe(true);
      }),
    );
  });
});
