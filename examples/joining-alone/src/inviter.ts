import { canonicalEthereumVerifier as verifier } from "@demls/consensus";
import {
  createAnswerer,
  issueInvitation,
  readRedemption,
  signConfirmation,
  verifyInvitation,
  type RequestStatus,
} from "@demls/join";
import { bytesToHex, hexToBytes } from "@demls/wire/core";
import type { Channel } from "./channel.js";
import { clock, GROUP_ID, markOf, random, type Person } from "./person.js";

const THINKING_MS = 1_600;

/** Lets guests in: answers their probes, thinks about them, and confirms the group to them. @returns a line for one guest. */
export async function receiveGuests({ signer, mls, key }: Person, channel: Channel): Promise<string> {
  let names: readonly string[] = [key.member];
  let head = await markOf(names);
  /** How far the request of each key package is. */
  const requests = new Map<string, RequestStatus["state"]>();

  const publish = channel.join((packet) => {
    if (packet.kind === "join") answerer.receive(packet.payload);
    if (packet.kind === "announcement") void consider(packet.keyPackage, packet.redemption);
  });

  const answerer = createAnswerer({
    ...{ clock, verifier },
    seal: (...parts) => mls.hpkeSeal(...parts),
    publish: (payload) => publish({ kind: "join", payload }),
    knowledge: () => ({
      ...{ self: key.member, groupId: GROUP_ID, members: [key.member] },
      isAbsent: () => false,
      memberKeyOf: () => undefined,
      endOf: () => undefined,
      requestOf: async (reference) => ({
        state: requests.get(reference === undefined ? "" : bytesToHex(reference)) ?? "none",
        ...{ yes: 0, no: 0, voters: 1, millisecondsLeft: THINKING_MS },
      }),
      mark: () => ({ own: key, epoch: BigInt(names.length), head, appliedMessages: 0 }),
      sign: (label, content) => mls.sign(undefined, label, content),
    }),
  });

  async function consider(keyPackage: Uint8Array, redemption: Uint8Array): Promise<void> {
    const read = readRedemption(redemption, keyPackage);
    const found = await mls.inspectKeyPackage(keyPackage);
    if (!read.ok || !found.ok || !(await verifyInvitation(read.invitation, verifier))) return;
    requests.set(found.reference, "voting");
    setTimeout(() => void admit(found.reference, found.identity, read.nonce), THINKING_MS);
  }

  async function admit(reference: string, guest: string, nonce: Uint8Array): Promise<void> {
    const more = [...names, guest];
    [head, names] = [await markOf(more), more];
    requests.set(reference, "member");
    const confirmation = await signConfirmation(
      {
        ...{ groupId: GROUP_ID, epoch: BigInt(names.length), head, nonce, by: key },
        ...{ keyPackageReference: hexToBytes(reference) ?? new Uint8Array(), deputies: new Uint8Array() },
      },
      (label, content) => mls.sign(undefined, label, content),
    );
    await publish({ kind: "welcome", names, confirmation });
  }

  const nowSeconds = Math.floor(clock.wallMs() / 1_000);
  const terms = { conversationName: "garden", groupId: GROUP_ID };
  return (await issueInvitation(terms, { signer, random, nowSeconds })).line;
}
