import { encodeAppMessage, type AppMessage } from "@demls/wire";
import { APP_MSG_SUBTOPIC, utf8ToBytes, type Packet } from "@demls/wire/core";
import type { CreatorVote } from "../../src/index.js";
import type { Command, StepResult } from "../../src/step/index.js";
import { removeRequest, type ChangeRequest } from "../../src/model/request.js";
import { broadcast, GARDEN, take, type Member, type World } from "./world.js";

/** A packet of a member with any payload. */
export function packetOf(from: Member, payload: Uint8Array, subtopic = APP_MSG_SUBTOPIC): Packet {
  return { payload, subtopic, conversationId: GARDEN, appId: from.appId };
}

/** Encrypts any message of a member, without its session's checks. */
export async function sealed(from: Member, message: AppMessage | Uint8Array): Promise<Packet> {
  const { group } = from.state;
  if (group === undefined) throw new Error(`${from.name} is in no group.`);
  const plaintext = message instanceof Uint8Array ? message : encodeAppMessage(message);
  const result = await from.mls.seal(group, plaintext);
  from.state = { ...from.state, group: result.group };
  return packetOf(from, result.message);
}

/** Encrypts and sends any message of a member. */
export async function sendUnchecked(
  world: World,
  from: Member,
  message: AppMessage | Uint8Array,
): Promise<void> {
  broadcast(world, from, await sealed(from, message));
}

export function command(world: World, member: Member, given: Command): Promise<StepResult> {
  return take(world, member, { kind: "command", command: given });
}

/** Proposes a request of a member, and returns the proposal's id. */
export async function propose(
  world: World,
  member: Member,
  request: ChangeRequest,
  creatorVote: CreatorVote = "yes",
): Promise<number> {
  const { proposalId } = await command(world, member, { kind: "propose", request, creatorVote });
  if (proposalId === undefined) throw new Error("Nothing was proposed.");
  return proposalId;
}

export function vote(world: World, member: Member, proposalId: number, choice: boolean): Promise<StepResult> {
  return command(world, member, { kind: "vote", proposalId, vote: choice });
}

/** Proposes the removal of a member, and returns the proposal's id. */
export function ban(
  world: World,
  member: Member,
  target: Pick<Member, "id">,
  creatorVote: CreatorVote = "yes",
): Promise<number> {
  return propose(world, member, removeRequest(target.id), creatorVote);
}

export function leave(world: World, member: Member): Promise<StepResult> {
  return command(world, member, { kind: "leave" });
}

/** Sends chat. @param ticket - number of the message, if a test sends several. */
export function send(
  world: World,
  member: Member,
  content: string | Uint8Array,
  ticket = 1,
): Promise<StepResult> {
  const bytes = typeof content === "string" ? utf8ToBytes(content) : content;
  return command(world, member, { kind: "send", ticket, content: bytes });
}
