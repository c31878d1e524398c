import { issueInvitation } from "@demls/join";
import { createFakeSigner, createSeededRandom } from "@demls/testkit";
import type { MemberId } from "@demls/wire/core";
import { BehaviorSubject } from "rxjs";
import { expect, test } from "vitest";
import type { ConversationState } from "../../src/model/state.js";
import { furtherKeyPackages } from "../../src/runtime/further-key-package.js";
import type { LeafOptions } from "../../src/runtime/key-package-store.js";

const KEY_PACKAGE = new Uint8Array(300).fill(7);
const pending = { phase: "pending-join", name: "garden", joining: {} } as ConversationState;
const random = createSeededRandom("further");
/** A user that has announced nothing. */
const NOBODY = { plugins: {} as never, self: "00".repeat(20) as MemberId };

/** The secret form of an invitation. */
async function secretOf(): Promise<Uint8Array> {
  const signer = createFakeSigner(random.bytes(20));
  const terms = { conversationName: "garden", groupId: "00".repeat(16) };
  return (await issueInvitation(terms, { signer, random, nowSeconds: 1_795_435_200 })).secret;
}

test.each([
  [
    "joins",
    (states: BehaviorSubject<ConversationState>) => states.next({ ...pending, phase: "ended" } as never),
  ],
  ["closes", (states: BehaviorSubject<ConversationState>) => states.complete()],
])(
  "A guest that %s wipes the secret by which it redeems its invitation for further key packages",
  async (_, end) => {
    const secret = await secretOf();
    const states = new BehaviorSubject(pending);
    const context = { random, generateKeyPackage: async () => KEY_PACKAGE, ...NOBODY };
    const make = furtherKeyPackages(context, states, secret);
    expect(await make([])).toMatchObject({
      keyPackage: KEY_PACKAGE,
      redemption: expect.any(Uint8Array) as Uint8Array,
    });
    end(states);
    expect(Math.max(...secret)).toBe(0);
    expect(await make([])).toEqual({ kind: "announceKeyPackage", keyPackage: KEY_PACKAGE });
  },
);

test("A further key package claims the name of the leaf, or of the announced key package, and not the usual one", async () => {
  const claimed: unknown[] = [];
  const context = {
    ...{ random, self: "11".repeat(20) as MemberId },
    generateKeyPackage: async ({ claimedName }: LeafOptions) => (claimed.push(claimedName), KEY_PACKAGE),
    plugins: { mls: { inspectKeyPackage: async () => ({ ok: true, claimedName: "night owl" }) } } as never,
  };
  const announced = { ...pending, joining: { keyPackage: KEY_PACKAGE } };
  const roster = [{ member: context.self, claimedName: "lark" }];
  const member = { phase: "working", name: "garden", group: { groupId: "00", roster } };
  for (const state of [pending, announced, member])
    await furtherKeyPackages(context, new BehaviorSubject(state as unknown as ConversationState))([]);
  expect(claimed).toEqual([undefined, "night owl", "lark"]);
});
