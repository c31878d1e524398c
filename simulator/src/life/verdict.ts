/** One person's view of the group, as plain data. */
export interface View {
  readonly name: string;
  readonly id: string;
  readonly phase: string;
  /** `epoch authenticator`; undefined while it believes that it is not in the group. */
  readonly epoch: string | undefined;
  /** Group states that it was in, as {@link View.epoch}. */
  readonly history: ReadonlySet<string>;
  readonly roster: readonly string[];
  /** Scores and steward list, in a form that is equal if they are. */
  readonly scores: Readonly<Record<string, string>>;
  readonly stewards: string;
  /** Number of open votes and of approved changes that are not committed. */
  readonly pending: readonly string[];
  /** Names of the people whose last message it has not received. */
  readonly unheard: readonly string[];
}

/** Why a life is not whole. */
export const FAILURES = [
  "parted",
  "behind",
  "ghost",
  "unequal-scores",
  "unequal-stewards",
  "not-working",
  "message-lost",
  "chat-lost",
  "stuck",
] as const;
export type Failure = (typeof FAILURES)[number];

/** A failure with the people that it shows in. */
export interface Finding {
  readonly failure: Failure;
  readonly detail: string;
}

/**
 * Compares the views of all people. The main group is the largest one with an equal epoch authenticator; among equally
 * large ones, the one in the latest epoch.
 */
export function findingsOf(views: readonly View[]): readonly Finding[] {
  const members = views.filter(({ epoch }) => epoch !== undefined);
  const main = mainGroup(members);
  const first = main[0];
  const joining = views.filter(({ phase }) => phase === "pending-join").map(absence("not-working"));
  if (first === undefined) return joining;
  return [
    ...members.filter((view) => !main.includes(view)).map((view) => separationOf(view, first, main)),
    ...ghostsIn(first, views),
    ...joining,
    ...members.filter(({ phase }) => phase !== "working").map(absence("not-working")),
    ...differencesIn(main),
    ...main.filter(({ pending }) => pending.length > 0).map(absence("stuck")),
    ...main.flatMap((view) => unheardBy(view, main)),
  ];
}

function mainGroup(members: readonly View[]): readonly View[] {
  const groups = [...new Set(members.map(({ epoch }) => epoch))].map((epoch) =>
    members.filter((view) => view.epoch === epoch),
  );
  return groups.sort((a, b) => b.length - a.length || numberOf(b) - numberOf(a))[0] ?? [];
}

function numberOf(group: readonly View[]): number {
  return Number(group[0]?.epoch?.split(" ")[0]);
}

/** A member outside the main group was removed by it, is behind or ahead on its branch, or is on another branch. */
function separationOf(view: View, first: View, main: readonly View[]): Finding {
  const detail = `${view.name} at ${view.epoch}, ${main.length} at ${first.epoch}`;
  if (!first.roster.includes(view.id)) return { failure: "ghost", detail: `${detail}, without it` };
  const isBehind = main.some(({ history }) => history.has(view.epoch ?? ""));
  const isAhead = view.history.has(first.epoch ?? "");
  return { failure: isBehind || isAhead ? "behind" : "parted", detail };
}

/** Members of the main group's roster who believe that they are not in the group. */
function ghostsIn(first: View, views: readonly View[]): readonly Finding[] {
  return views
    .filter(({ id, epoch }) => epoch === undefined && first.roster.includes(id))
    .map(({ name, phase }) => ({ failure: "ghost", detail: `${name} in the roster, itself ${phase}` }));
}

/** A member's score of itself is left out: it does not take part in some reports about itself. */
function differencesIn(main: readonly View[]): readonly Finding[] {
  const unequal = (main[0]?.roster ?? []).filter((id) => {
    const scores = main.filter((view) => view.id !== id).map((view) => view.scores[id]);
    return new Set(scores).size > 1;
  });
  return [
    ...unequal.map((id): Finding => {
      const scores = main.map((view) => `${view.name} ${view.scores[id]}`).join(", ");
      return { failure: "unequal-scores", detail: `of ${id.slice(0, 8)}: ${scores}` };
    }),
    ...(new Set(main.map(({ stewards }) => stewards)).size > 1
      ? [
          {
            failure: "unequal-stewards" as const,
            detail: main.map(({ name, stewards }) => `${name} ${stewards}`).join(", "),
          },
        ]
      : []),
  ];
}

function unheardBy(view: View, main: readonly View[]): readonly Finding[] {
  return view.unheard
    .filter((name) => main.some((other) => other.name === name))
    .map((name) => ({
      failure: "message-lost",
      detail: `${view.name} has not received ${name}'s last message`,
    }));
}

function absence(failure: Failure): (view: View) => Finding {
  return ({ name, phase, pending }) => ({ failure, detail: `${name}: ${phase}, ${pending.join(", ")}` });
}
