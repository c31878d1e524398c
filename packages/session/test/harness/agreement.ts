import { REPAIR_SUBTOPIC } from "@demls/wire/core";
import type { Deadline } from "../../src/step/timer-kinds.js";
import { deadlines } from "../../src/step/timers.js";
import type { ConversationSnapshot } from "../../src/index.js";
import { membershipTarget } from "../../src/model/request.js";
import { scoreOf, snapshotAt } from "./views.js";
import { environmentOf, type Member, type World } from "./world.js";
import { beginTransaction } from "../../src/model/transaction.js";

/** Members that are in the conversation by their own state. */
export function present({ members }: World): Member[] {
  return members.filter(({ state }) => state.group !== undefined);
}

/** A member that must exist. */
export function required(member: Member | undefined): Member {
  if (member === undefined) throw new Error("Somebody is missing.");
  return member;
}

/** State that all members of an epoch must agree on, as plain data. */
export function commonView(state: ConversationSnapshot): object {
  return {
    epoch: String(state.epoch),
    authenticator: state.epochAuthenticator,
    members: state.members.map(({ id }) => id),
    stewards: state.stewards?.members ?? [],
    approved: state.approved
      .map(({ proposalId, request }) => `${proposalId} ${membershipTarget(request)}`)
      .sort(),
    recovery: state.recovery,
    mode: state.mode,
  };
}

/** Whether a member of a conversation of this size has joined and has nothing to decide. */
export function isSettled(state: ConversationSnapshot, size: number): boolean {
  return (
    state.members.length === size &&
    state.phase === "working" &&
    state.stewards !== undefined &&
    state.openVotes.length === 0 &&
    state.approved.length === 0
  );
}

/**
 * Members' scores of each other. As in 3.0.0, a skipped epoch steward does not reduce its own score, so members' own
 * scores are excluded.
 */
function scoresOfOthers(viewers: readonly Member[], subject: Member): (bigint | undefined)[] {
  return viewers.filter((viewer) => viewer !== subject).map((viewer) => scoreOf(viewer, subject));
}

/** Differences between these members, as text; empty if they agree. */
export function disagreements(members: readonly Member[]): string[] {
  const views = members.map((member) => ({
    name: member.name,
    view: JSON.stringify(commonView(snapshotAt(member))),
  }));
  const first = views[0];
  const differing = views.filter(({ view }) => view !== first?.view);
  const scored = members.filter((subject) => new Set(scoresOfOthers(members, subject)).size > 1);
  return [
    ...(differing.length === 0 ? [] : [first, ...differing].map((it) => `${it?.name}: ${it?.view}`)),
    ...scored.map(
      (subject) =>
        `scores of ${subject.name}: ${members.map((viewer) => `${viewer.name} ${scoreOf(viewer, subject)}`).join(", ")}`,
    ),
  ];
}

/**
 * Whether all members are in or out, no packet is in transit and no timer is pending, so that only a new command can
 * change anything.
 */
export function isAtRest(world: World): boolean {
  const { inFlight, diary, members } = world;
  return (
    inFlight.every(({ packet }) => packet.subtopic === REPAIR_SUBTOPIC) &&
    diary.length === 0 &&
    members.every(
      (member) =>
        member.state.phase === "ended" ||
        (member.state.phase === "working" &&
          member.state.sync.synced &&
          timersOf(world, member).length === 0),
    )
  );
}

/** A member's timers, except for those of repair, of its keys, its chat and its forks, which go on for days. */
function timersOf(world: World, member: Member): readonly Deadline[] {
  const { state } = member;
  const long = ["repair", "keyRenewal", "resend"];
  if (state.branches.judgeAtMs === undefined) long.push("branches");
  return deadlines(beginTransaction(state, environmentOf(world, member))).filter(
    ({ kind }) => !long.includes(kind),
  );
}
