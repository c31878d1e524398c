import type { MlsService } from "@demls/mls";
import { createEthereumSigner, identityStatement, type ConsensusSigner } from "@demls/consensus";
import { createFakeSigner, createSeededRandom } from "@demls/testkit";
import { bytesToHex, memberIdFromBytes, type Packet } from "@demls/wire/core";
import { expect } from "vitest";
import type { ChangeRequest } from "../../src/model/request.js";
import { encodeState } from "./encode-state.js";
import { keyPackagePacket } from "./forgery.js";
import { createMls } from "./layers.js";
import { eventsOf } from "./views.js";
import { deliver, receive, wallMs, type Member, type World } from "./world.js";

/** App id of packets from strangers. */
export const STRANGER = { appId: new Uint8Array(16).fill(9) };

/** A genuine key package of the `index`th stranger. */
export async function inventedKeyPackage(world: World, index: number): Promise<Packet> {
  const identity = new Uint8Array(20).fill(0x77);
  new DataView(identity.buffer).setUint32(0, index);
  return keyPackagePacket(STRANGER, await keyPackageOf(world, identity, `stranger ${index}`));
}

/** Signers of strangers, by their identities in hex. */
const signers = new Map<string, ConsensusSigner>();

/** Identities of strangers, by their numbers modulo 256. */
const identities = new Map<number, Uint8Array>();

/** A stranger's identity. It holds the key of the identity. */
export function stranger(number: number): Uint8Array {
  const known = identities.get(number % 256);
  if (known !== undefined) return known;
  const signer = createEthereumSigner(new Uint8Array(32).fill(0x77).with(0, number));
  signers.set(bytesToHex(signer.identity), signer);
  identities.set(number % 256, signer.identity);
  return signer.identity;
}

/**
 * A valid key package drawn from `seed`, fake in a world of fakes: the same seed gives the same keys, for any identity.
 * It proves the identity if that is fake or a {@link stranger}'s.
 */
export async function keyPackageOf(
  world: World,
  identity: Uint8Array,
  seed: string,
  ageSeconds = 0,
): Promise<Uint8Array> {
  const bornMs = (): number => wallMs(world) - ageSeconds * 1_000;
  const mls = await createMls(world.options.fakes === true, {
    identity,
    random: createSeededRandom(seed),
    wallMs: bornMs,
  });
  const identityProof = await strangersProof(world, identity, mls);
  return (await mls.generateKeyPackage({ identityProof })).bytes;
}

/** Proof of a stranger's identity; empty if nobody holds the identity's key. */
export async function strangersProof(
  world: World,
  identity: Uint8Array,
  { signaturePublicKey, signatureKeySince }: MlsService,
): Promise<Uint8Array> {
  const signer = world.options.fakes ? createFakeSigner(identity) : signers.get(bytesToHex(identity));
  const statement = identityStatement(identity, signaturePublicKey, signatureKeySince);
  return (await signer?.sign(statement)) ?? new Uint8Array(0);
}

/** A request to add a member with a genuine key package, drawn from `seed`. */
export async function additionOf(
  world: World,
  identity: Uint8Array,
  seed: string,
): Promise<Extract<ChangeRequest, { kind: "add" }>> {
  const keyPackage = await keyPackageOf(world, identity, seed);
  return { kind: "add", keyPackage, member: memberIdFromBytes(identity) };
}

/** Expects every member to reject a key package for this reason, without other changes. */
export async function refusalsOf(
  world: World,
  members: readonly Member[],
  bytes: Uint8Array,
): Promise<Set<unknown>> {
  const reasons = new Set<unknown>();
  for (const member of members) {
    const before = encodeState(member.state, member.mls);
    const outcome = await receive(world, member, keyPackagePacket(STRANGER, bytes));
    expect(encodeState(member.state, member.mls)).toBe(before);
    reasons.add(
      outcome.kind === "rejected" && outcome.reason === "invalid-key-package" ? outcome.detail : outcome,
    );
  }
  await deliver(world);
  for (const member of members) expect(eventsOf(member, "voteRequested")).toEqual([]);
  return reasons;
}
