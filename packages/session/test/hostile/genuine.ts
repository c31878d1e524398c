import { groupOf, isActive } from "../../src/model/state.js";
import type { MlsChange } from "@demls/mls";
import { encodeAppMessage, type AppMessage, type Proposal } from "@demls/wire";
import {
  APP_MSG_SUBTOPIC,
  memberIdToBytes,
  utf8ToBytes,
  WELCOME_SUBTOPIC,
  type Packet,
  memberIdFromBytes,
} from "@demls/wire/core";
import {
  deadlockRequest,
  removeRequest,
  scoreRemovalRequest,
  type ChangeRequest,
} from "../../src/model/request.js";
import {
  candidatePacket,
  forgedCommit,
  forgedProposal,
  keyPackageOf,
  keyPackagePacket,
  signedVote,
  stewardsOf,
  stranger,
  type Member,
  type World,
} from "../harness/index.js";

/** Copies of welcomes among a strict world's many repair packets: otherwise they would seldom be drawn. */
const WELCOME_COPIES = 4;

/** Material of hostile packets: everything that members sent, encrypted and not. */
export interface Genuine {
  readonly packets: Packet[];
  /** Encoded app messages before encryption. */
  readonly plaintexts: Uint8Array[];
  /** Encoded bodies of repair messages before encryption. */
  readonly repairs: readonly Uint8Array[];
}

/** Records everything that the members of a world and of its forks send. */
export function recordAll(world: World): Genuine {
  const genuine: Genuine = { packets: [], plaintexts: [], repairs: [] };
  const opened = new Set<Uint8Array>();
  world.reads = (packet) => {
    const isCopied = packet.subtopic === WELCOME_SUBTOPIC && world.options.mode === "strict";
    for (let copy = 0; copy < (isCopied ? WELCOME_COPIES : 1); copy++) genuine.packets.push(packet);
  };
  world.onStep = async (member, before, input) => {
    const group = groupOf(before);
    if (input.kind !== "packet" || group === undefined || opened.has(input.packet.payload)) return;
    if (input.packet.subtopic !== APP_MSG_SUBTOPIC) return;
    const { outcome } = await member.mls.open(group, input.packet.payload);
    if (outcome.kind !== "application") return;
    opened.add(input.packet.payload);
    genuine.plaintexts.push(outcome.plaintext);
  };
  return genuine;
}

const STRANGER_IDENTITY = stranger(1);

/** A stranger's key package in the encoding of the world's members. */
export async function strangersKeyPackage(world: World): Promise<Uint8Array> {
  return keyPackageOf(world, STRANGER_IDENTITY, "stranger");
}

/** Messages of every kind that `insider` could send now, about `reader` and the others. */
export async function messagesOf(
  world: World,
  insider: Member,
  reader: Member,
): Promise<readonly AppMessage[]> {
  const epoch = insider.state.group?.epoch ?? 0n;
  const other = memberIdToBytes(reader.id);
  const keyPackageBytes = await strangersKeyPackage(world);
  const stewards = stewardsOf(insider);
  const accusation = {
    target: reader.id,
    payload: new Uint8Array(9),
    epoch,
    creator: insider.id,
  };
  const requests: readonly ChangeRequest[] = [
    removeRequest(reader.id),
    removeRequest(insider.id),
    { kind: "add", keyPackage: keyPackageBytes, member: memberIdFromBytes(STRANGER_IDENTITY) },
    { kind: "electStewards", stewards, electionEpoch: epoch, retryRound: 0 },
    { kind: "emergency", evidence: { ...accusation, violation: "brokenCommit" } },
    deadlockRequest(insider.id, epoch),
    scoreRemovalRequest(insider.id, reader.id, -1_000n, epoch),
  ];
  const proposals: Proposal[] = [];
  for (const request of requests) {
    const proposal = forgedProposal(world, insider, request);
    proposals.push(proposal, await withOwnYes(world, insider, forgedProposal(world, insider, request)));
  }
  const open = isActive(reader.state)
    ? reader.plugins.consensus.proposals(reader.state.votes.sessions).map(({ proposal }) => proposal)
    : [];
  const votes = await Promise.all(
    [...open, ...proposals.slice(0, 2)].flatMap((proposal) =>
      [true, false].map((choice) => signedVote(world, insider.signer, proposal, choice)),
    ),
  );
  return [
    ...proposals.map((proposal): AppMessage => ({ kind: "proposal", proposal })),
    ...votes.map((vote): AppMessage => ({ kind: "vote", vote })),
    { kind: "ban_request", userToBan: other, conversationName: "garden" },
    { kind: "conversation_message", message: utf8ToBytes("hello"), sender: "me", conversationName: "garden" },
    { kind: "user_vote", proposalId: 1, vote: true, conversationName: "garden" },
    { kind: "empty" },
  ];
}

async function withOwnYes(world: World, insider: Member, proposal: Proposal): Promise<Proposal> {
  return { ...proposal, votes: [await signedVote(world, insider.signer, proposal, true)] };
}

/** Commits of an insider without its session's checks: of the approved changes, of a removal, of an add. */
export async function candidatesOf(
  world: World,
  insider: Member,
  reader: Member,
): Promise<readonly Packet[]> {
  const before = insider.state;
  const { group } = before;
  if (group === undefined || !group.members.includes(insider.id)) return [];
  const keyPackage = await strangersKeyPackage(world);
  const approvedChanges = before.changes.approved.flatMap(({ request }): MlsChange[] =>
    request.kind === "remove" && request.member !== insider.id
      ? [{ kind: "remove", member: request.member }]
      : [],
  );
  const wishes: MlsChange[][] = [[{ kind: "add", keyPackage }], approvedChanges];
  if (group.members.includes(reader.id)) wishes.push([{ kind: "remove", member: reader.id }]);
  const packets: Packet[] = [];
  for (const changes of wishes.filter((changes) => changes.length > 0)) {
    packets.push(candidatePacket(insider, await forgedCommit(insider, changes)));
    insider.state = before;
  }
  return packets;
}

/** A key package packet, which anyone can send. */
export async function knocking(world: World, from: Member): Promise<Packet> {
  return keyPackagePacket(from, await strangersKeyPackage(world));
}

/** All messages above as bytes. */
export function plaintextsOf(messages: readonly AppMessage[]): Uint8Array[] {
  return messages.map(encodeAppMessage);
}
