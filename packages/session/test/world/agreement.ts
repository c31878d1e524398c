import { bytesToHex } from "@demls/wire/core";
import { membershipTarget } from "../../src/update-request.js";
import { scoreOf, stewardsOf } from "./views.js";
import type { Member, World } from "./world.js";

/** Those who are in the conversation, by their own word. */
export function present({ members }: World): Member[] {
  return members.filter(({ state }) => state.group !== undefined && state.phase !== "ended");
}

/** What all members of an epoch must hold in common, as plain data. */
function commonView(member: Member): unknown {
  const { group, approved, recovery, mode } = member.state;
  return {
    epoch: String(group?.epoch),
    authenticator: group && bytesToHex(group.epochAuthenticator),
    members: group?.members,
    stewards: stewardsOf(member),
    approved: approved.map(({ proposalId, request }) => `${proposalId} ${membershipTarget(request)}`).sort(),
    recovery,
    mode,
  };
}

/**
 * What members score each other. An epoch steward that was passed over takes nothing off itself, as in 3.0.0, so
 * what a member thinks of itself is its own.
 */
function scoresOfOthers(viewers: readonly Member[], subject: Member): (bigint | undefined)[] {
  return viewers.filter((viewer) => viewer !== subject).map((viewer) => scoreOf(viewer, subject));
}

/** In what these members differ, in words; empty where they agree. */
export function disagreements(members: readonly Member[]): string[] {
  const views = members.map((member) => ({ name: member.name, view: JSON.stringify(commonView(member)) }));
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
 * Whether all are in or out, nothing is on its way and nobody waits for anything, so that only a new wish can move
 * anything.
 */
export function isAtRest({ inFlight, diary, members }: World): boolean {
  return (
    inFlight.length === 0 &&
    diary.length === 0 &&
    members.every(
      ({ state, wakeAtMs }) =>
        state.phase === "ended" || (state.phase === "working" && state.synced && wakeAtMs === undefined),
    )
  );
}
