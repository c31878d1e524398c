import { computeVoteHash, voteMessage } from "@demls/consensus";
import type { MlsGroup } from "@demls/mls";
import { decodeAppMessage, encodeAppMessage, type AppMessage, type Proposal, type Vote } from "@demls/wire";
import { APP_MSG_SUBTOPIC, memberIdToBytes, WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import fc from "fast-check";
import { made, recipe, type Recipe } from "../../../../hostile/hostile-packet.js";
import { packetOf, type Member } from "../harness/index.js";
import type { Stage } from "./stages.js";

/** A hostile packet in the making. */
export type Attempt =
  /** What anyone on the network can send. */
  | { readonly from: "outside"; readonly recipe: Recipe; readonly envelope: Envelope }
  /** What a member seals, so that MLS vouches for it. */
  | {
      readonly from: "inside";
      readonly recipe: Recipe;
      /** Modulo the insiders. */
      readonly sender: number;
      /** Whether the sender puts right what is cheap to put right: whose it is, who votes, and its signatures. */
      readonly repaired: boolean;
    };

/** Where a packet is sent, and by whom. */
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
);

/** What is sent, before it is sealed. */
export interface Draft {
  readonly sender: Member | undefined;
  readonly bytes: Uint8Array;
  /** All of the packet but its payload. */
  readonly envelope: Omit<Packet, "payload">;
}

/** Makes the bytes; a sealer makes the packet. */
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
  const plaintext = made(attempt.recipe, genuine.plaintexts);
  const bytes = attempt.repaired ? repaired(plaintext, sender) : plaintext;
  return { sender, bytes, envelope: packetOf(sender, bytes) };
}

/**
 * Seals drafts for their senders, each with the sender's next generation; the members themselves stay as they were.
 * Where the sender has no group, nobody could read it, and it travels as it is.
 */
export function createSealer(): (draft: Draft) => Promise<Packet> {
  const groups = new Map<Member, MlsGroup>();
  return async ({ sender, bytes, envelope }) => {
    const group = sender && (groups.get(sender) ?? sender.state.group);
    if (sender === undefined || group === undefined) return { ...envelope, payload: bytes };
    const sealed = await sender.mls.seal(group, bytes);
    groups.set(sender, sealed.group);
    return { ...envelope, payload: sealed.message };
  };
}

function inEnvelope(packet: Packet, how: Envelope, reader: Member): Omit<Packet, "payload"> {
  const { subtopic, conversationId, appId } = packet;
  // Its own packets come back under another name: as an echo they would not even be read.
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

/** A message that its sender signs and owns, whatever else it says; as it is where it holds nothing to be signed. */
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
