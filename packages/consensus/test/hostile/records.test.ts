import { DemlsError } from "@demls/wire/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectAtMost, expectSame } from "../../../../hostile/expectations.js";
import { jsonMutation, mutateJson } from "../../../../hostile/json-mutation.js";
import { keeping, replaying } from "../../../../hostile/regressions.js";
import { createTries, trying } from "../../../../hostile/runs.js";
import { weightOf } from "../../../../hostile/weight.js";
import type { ConsensusSession } from "../../src/service/consensus-session.js";
import { GOSSIPSUB_SCOPE, P2P_SCOPE, type ScopeConfig } from "../../src/service/index.js";
import {
  decodeConfig,
  decodeSession,
  encodeConfig,
  encodeSession,
} from "../../src/service/session-record.js";
import { afterVotes, inventedVote, NOW, opened } from "../fixtures.js";
import { REGRESSIONS } from "./places.js";

const EACH = 10_000;

const { sessions } = await afterVotes(opened(), [inventedVote(1, true)]);
const stored = sessions.map((hashgraph) => ({ hashgraph, createdAtSeconds: NOW, timeoutMs: 600_000 }));

/** Kind of record: its decoder and encoder, valid results, and genuine samples. */
interface Codec {
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly encode: (value: unknown) => Uint8Array;
  readonly isSound: (value: unknown) => boolean;
  readonly genuine: readonly Uint8Array[];
}

/** Valid values of each field of a session or a configuration. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  proposal: (value) => typeof value === "object",
  state: (value) => ["active", "yes", "no", "failed"].includes(value as string),
  rule: (value) => ["two-thirds", "majority"].includes(value as string),
  networkType: (value) => ["gossipsub", "p2p"].includes(value as string),
  threshold: (value) => typeof value === "number" && value >= 0 && value <= 1,
  timeoutMs: (value) => Number.isFinite(value) && (value as number) > 0,
  maxRounds: (value) => value === "by-network" || (Number.isInteger(value) && (value as number) >= 0),
  createdAtSeconds: (value) => typeof value === "bigint" && value >= 0n,
  livenessCriteriaYes: (value) => typeof value === "boolean",
};

const areSound = (fields: object): boolean =>
  Object.entries(fields).every(([name, field]) => FIELDS[name]?.(field) === true);

const CODECS: Readonly<Record<string, Codec>> = {
  decodeSession: {
    decode: decodeSession,
    encode: (value) => encodeSession(value as ConsensusSession),
    isSound: (value) => {
      const { hashgraph, ...rest } = value as ConsensusSession;
      return areSound({ ...hashgraph, ...rest });
    },
    genuine: stored.map(encodeSession),
  },
  decodeConfig: {
    decode: decodeConfig,
    encode: (value) => encodeConfig(value as ScopeConfig),
    isSound: (value) => areSound(value as ScopeConfig),
    genuine: [GOSSIPSUB_SCOPE, { ...P2P_SCOPE, maxRounds: 3 }].map(encodeConfig),
  },
};

function check({ decode, encode, isSound }: Codec, bytes: Uint8Array): void {
  let value: unknown;
  try {
    value = decode(bytes);
  } catch (error) {
    return expectSame(error instanceof DemlsError ? error.code : error, "corrupt-storage");
  }
  expectAtMost(weightOf(value), 64 + 2 * bytes.length);
  expectSame(isSound(value), true);
  // No value is invented. Proposals are skipped, since one proposal has several encodings.
  const { proposal: _, ...written } = fieldsIn(encode(value));
  expect(fieldsIn(bytes)).toMatchObject(written);
}

/** Any JSON object or text, without `-0`, which is never written. */
function fieldsIn(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  const json = JSON.parse(new TextDecoder().decode(bytes)) as object;
  return { ...(JSON.parse(JSON.stringify(json)) as object) };
}

describe("a damaged record is read correctly or reported as corrupt", () => {
  const tries = createTries();

  test.each(Object.entries(CODECS))("%s", async (name, codec) => {
    const genuine = codec.genuine.map((bytes) => new TextDecoder().decode(bytes));
    const mutations = fc.array(jsonMutation, { maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...genuine), mutations, async (text, changes) => {
        const bytes = new TextEncoder().encode(mutateJson(text, changes));
        tries.note(name);
        await keeping(name, bytes, () => check(codec, bytes));
      }),
      trying(EACH),
    );
  });

  test("is tried the expected number of times", () => {
    const names = Object.keys(CODECS);
    tries.expectAtLeast(Object.fromEntries(names.map((name) => [name, EACH])), names.length * EACH);
  });
});

replaying(
  REGRESSIONS,
  Object.fromEntries(
    Object.entries(CODECS).map(([name, codec]) => [name, (bytes: Uint8Array) => check(codec, bytes)]),
  ),
);
