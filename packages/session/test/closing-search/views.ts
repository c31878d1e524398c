import type { CommitView, EpochView } from "../../src/closing/strict/merge-rules.js";
import { accepts, nameOf, PATIENCE, positionsOf, WAITED_MS, type Life, type Wait } from "./life.js";
import { chosenBy, heldIn, type Knowledge } from "./member-state.js";

/** Circumstances of a decision beside the knowledge. */
export interface Moment {
  readonly waited: Wait;
  /** Whether a member further on has served all that it has of the epoch. */
  readonly isPast: boolean;
  /** Whether silent members are there and heard. */
  readonly areSilentHeard: boolean;
}

/** The view that closing.ts would build for a member. */
export function viewOf(life: Life, member: number, knowledge: Knowledge, moment: Moment): EpochView {
  const choices = new Map<number, ReadonlySet<string>>();
  for (const position of positionsOf(life)) {
    const chosen = chosenBy(knowledge, position);
    if (chosen !== 0) choices.set(position, new Set(commitsIn(chosen).map(nameOf)));
  }
  const hasChosen = choices.has(member);
  return {
    ...{ members: life.members, choices, patience: PATIENCE, isPast: moment.isPast },
    commits: commitsOf(life, member, knowledge),
    waitedMs: hasChosen ? WAITED_MS[moment.waited] : undefined,
    wasPresent: (position) => position === member || moment.areSilentHeard,
    wasHeardSince: (position) => position !== member && moment.areSilentHeard,
  };
}

/** The commits by a member's own rank, best first. */
export function rankedBy({ commits, missedElection }: Life, member: number): readonly number[] {
  const ranked = [...commits.keys()];
  return missedElection?.includes(member) === true ? ranked.reverse() : ranked;
}

export const commitsIn = (commits: number): readonly number[] =>
  [0, 1, 2].filter((commit) => ((commits >>> commit) & 1) === 1);

function commitsOf(life: Life, member: number, knowledge: Knowledge): readonly CommitView[] {
  const held = heldIn(knowledge);
  const own = chosenBy(knowledge, member);
  const named = positionsOf(life).reduce((all, position) => all | chosenBy(knowledge, position), 0);
  const knowsLeaves = life.leavesKnownTo?.includes(member) ?? true;
  let rank = 0;
  return rankedBy(life, member).flatMap((commit): readonly CommitView[] => {
    const bit = 1 << commit;
    const { leavers = [], removed = [], isKeyRenewal = false } = life.commits[commit] ?? {};
    const hash = nameOf(commit);
    if ((held & bit) === 0) {
      const unknown = { isHeld: false, isLawful: false, rank: -1, isKeyRenewal: false };
      return (named & bit) === 0 ? [] : [{ hash, ...unknown, leavers: new Set(), removed: new Set() }];
    }
    const isLawful = own !== 0 && ((own & bit) !== 0 || accepts(life, member, commit));
    return [
      {
        ...{ hash, isHeld: true, isLawful, rank: rank++, isKeyRenewal },
        leavers: new Set(knowsLeaves || leavers.includes(member) ? leavers : []),
        removed: new Set([...leavers, ...removed]),
      },
    ];
  });
}
