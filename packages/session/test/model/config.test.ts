import { DemlsError } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_MEMORY_MS, MAX_DURATION_MS, MIN_CONSENSUS_TIMEOUT_MS } from "../../src/model/config.js";
import { type ConversationConfig, conversationConfig, defaultConversationConfig } from "../../src/index.js";

const DURATIONS = [
  "commitInactivityMs",
  "freezeMs",
  "recoveryInactivityMs",
  "proposalExpirationMs",
  "consensusTimeoutMs",
  "votingDelayMs",
  "electionVotingDelayMs",
] as const;
const COUNTS = ["pendingUpdateMaxEpochs", "maxReelectionAttempts"] as const;

function refusalOf(changes: Partial<Record<keyof ConversationConfig, unknown>>): unknown {
  try {
    conversationConfig(changes as Partial<ConversationConfig>);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe("a conversation's settings", () => {
  test("are the defaults of 3.0.0 if omitted", () => {
    expect(conversationConfig()).toEqual(defaultConversationConfig);
  });

  test("override single values of a base", () => {
    const base = conversationConfig({ freezeMs: 5 });
    expect(conversationConfig({ commitInactivityMs: 7 }, base)).toEqual({
      ...defaultConversationConfig,
      freezeMs: 5,
      commitInactivityMs: 7,
    });
  });

  test("that are undefined keep the base's value", () => {
    const undecided = { freezeMs: undefined, livenessCriteriaYes: undefined, votingDelayMs: 7 };
    expect(conversationConfig(undecided as unknown as Partial<ConversationConfig>)).toEqual(
      conversationConfig({ votingDelayMs: 7 }),
    );
  });

  test("complete a base with missing values", () => {
    expect(conversationConfig({ votingDelayMs: 7 }, { freezeMs: 5 })).toEqual(
      conversationConfig({ votingDelayMs: 7, freezeMs: 5 }),
    );
  });

  test("reject an unknown setting by name, in a base too", () => {
    expect(refusalOf({ freezMs: 5 } as never)).toMatchObject({ code: "invalid-config", field: "freezMs" });
    expect(() => conversationConfig({}, { freezMs: 5 } as never)).toThrow(
      expect.objectContaining({ code: "invalid-config", field: "freezMs" }),
    );
  });

  test("accept durations from 1 ms to the longest timer with voting delays below the timeout", () => {
    const duration = fc.integer({ min: 1, max: MAX_DURATION_MS });
    const valid = fc
      .record({
        commitInactivityMs: duration,
        batchMs: duration,
        standInMs: duration,
        freezeMs: duration,
        recoveryInactivityMs: duration,
        proposalExpirationMs: fc.integer({ min: 1_000, max: MAX_DURATION_MS }),
        consensusTimeoutMs: fc.integer({ min: MIN_CONSENSUS_TIMEOUT_MS, max: MAX_DURATION_MS }),
        votingDelayMs: duration,
        deliberationMs: fc.integer({ min: 0, max: MAX_DURATION_MS }),
        electionVotingDelayMs: duration,
        quietAfterCommitMs: fc.integer({ min: 0, max: MAX_DURATION_MS }),
        keyRenewalMs: fc.integer({ min: 0, max: MAX_DURATION_MS }),
        archive: fc.boolean(),
        banMemoryMs: fc.integer({ min: 0, max: MAX_MEMORY_MS }),
        probationMs: fc.integer({ min: 0, max: MAX_MEMORY_MS }),
        guestShare: fc.nat(),
        pendingUpdateMaxEpochs: fc.integer({ min: 0, max: 0xffff_ffff }),
        maxReelectionAttempts: fc.integer({ min: 0, max: 0xffff_ffff }),
        livenessCriteriaYes: fc.boolean(),
      })
      .map((config) => ({
        ...config,
        votingDelayMs: 1 + (config.votingDelayMs % (config.consensusTimeoutMs - 1)),
        electionVotingDelayMs: 1 + (config.electionVotingDelayMs % (config.consensusTimeoutMs - 1)),
      }));
    fc.assert(
      fc.property(valid, (config) => {
        expect(conversationConfig(config)).toEqual(config);
      }),
    );
  });

  test("reject a value that is not a duration, with its field", () => {
    const wrong = fc.oneof(
      fc.integer({ max: 0 }),
      fc.integer({ min: MAX_DURATION_MS + 1, max: Number.MAX_SAFE_INTEGER }),
      fc.double({ min: 1, max: 1e9 }).filter((value) => !Number.isInteger(value)),
      fc.constantFrom(NaN, Infinity, -Infinity, null, "60000", 5n),
    );
    fc.assert(
      fc.property(fc.constantFrom(...DURATIONS), wrong, (field, value) => {
        const refusal = refusalOf({ [field]: value });
        expect(refusal).toBeInstanceOf(DemlsError);
        expect(refusal).toMatchObject({ code: "invalid-config", field });
        expect((refusal as DemlsError).remedy).toBeTruthy();
      }),
    );
  });

  test("reject a value that is not a count, with its field", () => {
    const wrong = fc.constantFrom<unknown>(-1, 0.5, 2 ** 32, NaN, Infinity, "3", null);
    fc.assert(
      fc.property(fc.constantFrom(...COUNTS), wrong, (field, value) => {
        expect(refusalOf({ [field]: value })).toMatchObject({ code: "invalid-config", field });
      }),
    );
  });

  test.each(["yes", 1, null])("reject a livenessCriteriaYes that is not a boolean: %s", (value) => {
    expect(refusalOf({ livenessCriteriaYes: value })).toMatchObject({ field: "livenessCriteriaYes" });
  });

  test("reject a proposal lifetime that is zero seconds on the wire (W15)", () => {
    expect(refusalOf({ proposalExpirationMs: 999 })).toMatchObject({ field: "proposalExpirationMs" });
    expect(refusalOf({ proposalExpirationMs: 1_000 })).toBeUndefined();
  });

  test("reject a consensus timeout below 100 ms, like a received sync", () => {
    const prompt = { votingDelayMs: 1, electionVotingDelayMs: 1 };
    expect(refusalOf({ ...prompt, consensusTimeoutMs: 99 })).toMatchObject({
      code: "invalid-config",
      field: "consensusTimeoutMs",
    });
    expect(refusalOf({ ...prompt, consensusTimeoutMs: 100 })).toBeUndefined();
  });

  test.each(["votingDelayMs", "electionVotingDelayMs"] as const)(
    "are refused where %s does not end before the consensus timeout",
    (field) => {
      const short = { votingDelayMs: 1, electionVotingDelayMs: 1 };
      expect(refusalOf({ ...short, consensusTimeoutMs: 10_000, [field]: 10_000 })).toMatchObject({ field });
      expect(refusalOf({ ...short, consensusTimeoutMs: 10_001, [field]: 10_000 })).toBeUndefined();
    },
  );
});
