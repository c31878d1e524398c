import { createMlsService, type MlsService } from "demls";
import { createSeededRandom } from "@demls/testkit";
import { expect, test } from "vitest";
import { createSealLedger, type SenderDataSecret } from "./seal-ledger.js";

type Group = Awaited<ReturnType<MlsService["createGroup"]>>;

const random = createSeededRandom("seal ledger");
const mls = await createMlsService({ identity: new Uint8Array(20).fill(1), random, wallMs: () => 0 });
const text = (value: number): Uint8Array => new Uint8Array(40).fill(value);

function secretOf({ groupId, epoch, state }: Group): SenderDataSecret {
  const { keySchedule } = state as { readonly keySchedule: { readonly senderDataSecret: Uint8Array } };
  return { groupId, epoch, secret: keySchedule.senderDataSecret };
}

test("The ledger notices two messages that were sealed with one key", async () => {
  const group = await mls.createGroup("garden");
  const first = await mls.seal(group, text(1));
  const second = await mls.seal(first.group, text(2));
  const ledger = createSealLedger();
  for (const { message } of [first, second, first]) ledger.note(message);
  expect(ledger).toMatchObject({ unread: 2, sealed: 0 });
  ledger.learn(secretOf(await mls.createGroup("yard")));
  expect(ledger.unread).toBe(2);
  ledger.learn(secretOf(group));
  expect(ledger).toMatchObject({ unread: 0, sealed: 2, reused: [] });
  ledger.note((await mls.seal(first.group, text(3))).message);
  expect(ledger.reused).toEqual([expect.stringMatching(/ application 0\/1$/)]);
});
