import { computeVoteHash, voteMessage } from "@demls/consensus";
import type { MlsGroup } from "@demls/mls";
import { decodeAppMessage, encodeAppMessage, type AppMessage, type Proposal, type Vote } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  memberIdToBytes,
  REPAIR_SUBTOPIC,
  WELCOME_SUBTOPIC,
  type Packet,
} from "@demls/wire/core";
import fc from "fast-check";
import { made, recipe, type Recipe } from "../../../../hostile/hostile-packet.js";
import { packetOf, type Member, type World } from "../harness/index.js";
import { sealedRepairBody } from "./genuine-repairs.js";
import type { Stage } from "./stages.js";

/** A hostile packet under construction. */
export type Attempt =
  /** A packet that anyone on the network can send. */
  | { readonly from: "outside"; readonly recipe: Recipe; readonly envelope: Envelope }
  /** A message that a member encrypts, so that MLS authenticates it. */
  | {
      readonly from: "inside";
      readonly recipe: Recipe;
      /** Index of the insider, modulo their number. */
      readonly sender: number;
      /** Whether the sender corrects owner, voters and signatures. */
      readonly repaired: boolean;
    }
  /** A repair message that a member signs and encrypts. */
  | { readonly from: "repair"; readonly recipe: Recipe; readonly sender: number };

/** Subtopic and sender of a packet. */
type Envelope =
  "as it was" | "other subtopic" | "subtopic of nobody" | "other conversation" | "own echo" | "no instance";

const envelope: fc.Arbitrary<Envelope> = fc.oneof(
  { weight: 15, arbitrary: fc.constant<Envelope>("as it was") },
  fc.constantFrom<Envelope>(
    "other subtopic",
    "subtopic of nobody",
    "other conversation",
    "own echo",
    "no instance",
  ),
);

export const attempt: fc.Arbitrary<Attempt> = fc.oneof(
  fc.record({ from: fc.constant("outside"), recipe, envelope }),
  fc.record({ from: fc.constant("inside"), recipe, sender: fc.nat(2), repaired: fc.boolean() }),
  fc.record({ from: fc.constant("repair"), recipe, sender: fc.nat(2) }),
);

/** Content of a packet before encryption. */
export interface Draft {
  readonly sender: Member | undefined;
  readonly bytes: Uint8Array;
  /** All fields of the packet except its payload. */
  readonly envelope: Omit<Packet, "payload">;
}

/** Creates the bytes; a sealer creates the packet. */
export function draft(attempt: Attempt, { insiders, reader, genuine }: Stage): Draft {
  const someone = insiders[0] as Member;
  if (attempt.from === "outside") {
    const payloads = genuine.packets.map(({ payload }) => payload);
    const bytes = made(attempt.recipe, payloads);
    const original =
      attempt.recipe.kind === "noise"
        ? undefined
        : genuine.packets[attempt.recipe.genuine % genuine.packets.length];
    return {
      sender: undefined,
      bytes,
      envelope: inEnvelope(original ?? packetOf(someone, bytes), attempt.envelope, reader),
    };
  }
  const sender = insiders[attempt.sender % insiders.length] as Member;
  if (attempt.from === "repair") {
    const bytes = made(attempt.recipe, genuine.repairs);
    return { sender, bytes, envelope: packetOf(sender, bytes, REPAIR_SUBTOPIC) };
  }
  const plaintext = made(attempt.recipe, genuine.plaintexts);
  const bytes = attempt.repaired ? repaired(plaintext, sender) : plaintext;
  return { sender, bytes, envelope: packetOf(sender, bytes) };
}

/**
 * Encrypts drafts, each with its sender's next generation, without changing the members. If the sender has no group,
 * the draft is sent unencrypted.
 */
export function createSealer(world: World): (draft: Draft) => Promise<Packet> {
  const groups = new Map<Member, MlsGroup>();
  return async ({ sender, bytes, envelope }) => {
    const group = sender && (groups.get(sender) ?? sender.state.group);
    if (sender === undefined || group === undefined) return { ...envelope, payload: bytes };
    if (envelope.subtopic === REPAIR_SUBTOPIC)
      return { ...envelope, payload: await sealedRepairBody(world, sender, bytes) };
    const sealed = await sender.mls.seal(group, bytes);
    groups.set(sender, sealed.group);
    return { ...envelope, payload: sealed.message };
  };
}

function inEnvelope(packet: Packet, how: Envelope, reader: Member): Omit<Packet, "payload"> {
  const { subtopic, conversationId, appId } = packet;
  // The reader's own packets are sent with another app id; otherwise it would ignore them unread.
  const echoes = Buffer.compare(appId, reader.appId) === 0;
  const sent = { subtopic, conversationId, appId: echoes ? appId.map((byte) => byte ^ 1) : appId };
  switch (how) {
    case "as it was":
      return sent;
    case "other subtopic":
      return { ...sent, subtopic: subtopic === WELCOME_SUBTOPIC ? APP_MSG_SUBTOPIC : WELCOME_SUBTOPIC };
    case "subtopic of nobody":
      return { ...sent, subtopic: "__proto__" };
    case "other conversation":
      return { ...sent, conversationId: "constructor" };
    case "own echo":
      return { ...sent, appId: reader.appId };
    case "no instance":
      return { ...sent, appId: new Uint8Array() };
  }
}

/** Signs a message and sets its owner, whatever its other content; unchanged if it has nothing to sign. */
function repaired(plaintext: Uint8Array, sender: Member): Uint8Array {
  const decoded = decodeAppMessage(plaintext);
  if (!decoded.ok) return plaintext;
  return encodeAppMessage(repairedMessage(decoded.value, sender));
}

function repairedMessage(message: AppMessage, sender: Member): AppMessage {
  if (message.kind === "vote") return { kind: "vote", vote: signedAgain(message.vote, sender) };
  if (message.kind !== "proposal") return message;
  const { proposal } = message;
  const owned: Proposal = {
    ...proposal,
    proposalOwner: memberIdToBytes(sender.id),
    expectedVotersCount: sender.state.group?.members.length ?? 0,
    votes: proposal.votes
      .slice(0, 40)
      .map((vote) => signedAgain({ ...vote, proposalId: proposal.proposalId }, sender)),
  };
  return { kind: "proposal", proposal: owned };
}

function signedAgain(vote: Vote, { id, signer }: Member): Vote {
  const own = { ...vote, voteOwner: memberIdToBytes(id) };
  const hashed = { ...own, voteHash: computeVoteHash(own) };
  return { ...hashed, signature: signer.sign(voteMessage(hashed)) };
}
