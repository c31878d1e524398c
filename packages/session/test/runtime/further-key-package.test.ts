import { issueInvitation } from "@demls/join";
import { createFakeSigner, createSeededRandom } from "@demls/testkit";
import { BehaviorSubject } from "rxjs";
import { expect, test } from "vitest";
import type { ConversationState } from "../../src/model/state.js";
import { furtherKeyPackages } from "../../src/runtime/further-key-package.js";

const KEY_PACKAGE = new Uint8Array(300).fill(7);
const pending = { phase: "pending-join", name: "garden", joining: {} } as ConversationState;
const random = createSeededRandom("further");

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
    const make = furtherKeyPackages({ random, generateKeyPackage: async () => KEY_PACKAGE }, states, secret);
    expect(await make([])).toMatchObject({
      keyPackage: KEY_PACKAGE,
      redemption: expect.any(Uint8Array) as Uint8Array,
    });
    end(states);
    expect(Math.max(...secret)).toBe(0);
    expect(await make([])).toEqual({ kind: "announceKeyPackage", keyPackage: KEY_PACKAGE });
  },
);
