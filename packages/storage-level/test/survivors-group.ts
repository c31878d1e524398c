import type { MemberId } from "@demls/wire/core";
import type { Survivor } from "./survivors.js";

/** Whether a member is in no group: it has not joined, was removed, has left, or its join has expired. */
export function isOut({ events }: Survivor): boolean {
  const isMove = ({ kind }: { readonly kind: string }): boolean => kind === "joined" || kind === "leaving";
  return events.findLast(isMove)?.kind === "leaving";
}

/** Number of times that a member was removed or has replaced its leaf: then it may lack what was said shortly before. */
export function absencesOf({ events }: Survivor): number {
  return events.filter(({ kind }) => kind === "leaving" || kind === "rejoined").length;
}

/** Ids of the members by the one that is in the latest epoch. */
export async function rosterAmong(members: readonly Survivor[]): Promise<readonly string[]> {
  const states = await Promise.all(members.map((member) => member.state()));
  const [latest] = states
    .filter(({ epoch }) => epoch !== undefined)
    .toSorted((a, b) => Number((b.epoch ?? 0n) - (a.epoch ?? 0n)));
  return latest?.roster ?? [];
}

/** The membership changes and elections that members have told, by what makes each of them one. */
export function changesAt(members: readonly Survivor[]): ReadonlyMap<string, string> {
  const changes = new Map<string, string>();
  for (const { events } of members)
    for (const event of events) {
      if (event.kind === "commitApplied")
        for (const { proposalId, request } of event.changes)
          changes.set(`${event.epoch} ${proposalId}`, request.kind);
      if (event.kind === "stewardsChanged")
        changes.set(`${event.electionEpoch} ${event.retryRound} elected`, "election");
    }
  return changes;
}

/** Names of members of which members have told that they are removed by their score. */
export function removedByScore(members: readonly Survivor[]): readonly string[] {
  const targets = members.flatMap(({ events }) =>
    events.flatMap((event) => {
      if (event.kind !== "proposalDecided" || event.result !== "yes") return [];
      const { request } = event;
      const evidence = request.kind === "emergency" ? request.evidence : undefined;
      return evidence?.violation === "scoreBelowThreshold" ? [evidence.target] : [];
    }),
  );
  return members.filter(({ member }) => targets.includes(member as MemberId)).map(({ name }) => name);
}

export function countsOf(values: Iterable<string>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
