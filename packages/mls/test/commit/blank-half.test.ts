import { hexToBytes, utf8ToBytes } from "@demls/wire/core";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createMlsService, type MlsService } from "../../src/index.js";
import { seededRandom } from "../group-members.js";

interface Recording {
  readonly recorded_seconds: number;
  readonly receiver: string;
  readonly committer: string;
  readonly members_before: readonly string[];
  readonly group: string;
  readonly proposals: readonly string[];
  readonly commit: string;
}

const recorded = JSON.parse(
  readFileSync(new URL("recorded/blank-half.json", import.meta.url), "utf8"),
) as Recording;

function bytes(hex: string): Uint8Array {
  const decoded = hexToBytes(hex);
  if (decoded === undefined) throw new Error("The recording is not hex.");
  return decoded;
}

function receiver(): Promise<MlsService> {
  return createMlsService({
    identity: bytes(recorded.receiver),
    random: seededRandom("receiver"),
    wallMs: () => recorded.recorded_seconds * 1_000,
  });
}

/**
 * The last secret of a path belongs to the highest node with members on its other side (RFC 9420, section 7.5). The
 * root has none there once one half of the tree is blank. ts-mls 1.6.4 continued to the root; the patch does not.
 */
describe("a commit that leaves one half of the tree blank", () => {
  test("is staged and merged when a member of de-mls 3.0.0 sends it", async () => {
    const mls = await receiver();
    const group = mls.decodeGroup(bytes(recorded.group));
    expect(group.members).toEqual(recorded.members_before);
    const { outcome } = await mls.stage(group, recorded.proposals.map(bytes), bytes(recorded.commit));
    if (outcome.kind !== "staged") throw new Error(`Not staged: ${outcome.reason}`);
    const [removed] = recorded.members_before;
    expect(outcome.staged.actions).toMatchObject([{ kind: "remove", member: removed }]);
    const merged = mls.merge(group, outcome.staged);
    expect(merged.members).toEqual([recorded.receiver, recorded.committer]);
    expect((await mls.seal(merged, utf8ToBytes("still here"))).message.length).toBeGreaterThan(0);
  });
});
