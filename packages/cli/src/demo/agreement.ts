import type { Conversation, ConversationSnapshot, MemberId } from "demls";
import type { Actor } from "./cast.js";
import type { Print, Tally } from "./timeline.js";

/** The part of a member that {@link agree} compares. */
interface Witness {
  readonly conversation: Pick<Conversation, "state"> | undefined;
}

/** State that all members of a conversation must share. */
interface Standing {
  readonly epoch: string;
  readonly members: string;
  readonly stewards: string;
  readonly authenticator: string;
}

function standingOf(state: ConversationSnapshot): Standing {
  return {
    epoch: String(state.epoch),
    members: state.members.map(({ id }) => id).join(" "),
    stewards: (state.stewards?.members ?? []).join(" "),
    authenticator: state.epochAuthenticator ?? "",
  };
}

/** Whether the members share the epoch, the member list, the stewards and the keys. */
export function agree(actors: readonly Witness[]): boolean {
  const standings = actors.map(
    ({ conversation }) => conversation && JSON.stringify(standingOf(conversation.state)),
  );
  return standings.every((standing) => standing !== undefined && standing === standings[0]);
}

/** Whether all members are idle: no open vote, no approved change, no election due. */
export function isSettled(actors: readonly Actor[]): boolean {
  return actors.every(({ conversation }) => {
    const state = conversation?.state;
    return (
      state !== undefined &&
      state.phase === "working" &&
      state.openVotes.length === 0 &&
      state.approved.length === 0 &&
      state.pendingOutbound === 0 &&
      state.stewards !== undefined &&
      !state.stewards.exhausted
    );
  });
}

const COLUMNS = [
  "member",
  "epoch",
  "members",
  "stewards",
  "score",
  "commits",
  "read",
  "authenticator",
] as const;

/** Prints a table of the final state of each member. */
export function printClosingTable(
  actors: readonly Actor[],
  tally: Tally,
  nameOf: (id: MemberId) => string,
  print: Print,
): void {
  const rows = actors.map(({ name, user, conversation }) => {
    const state = conversation?.state;
    const names = (ids: readonly MemberId[]): string => ids.map(nameOf).join(" ");
    return [
      name,
      String(state?.epoch ?? "-"),
      names(state?.members.map(({ id }) => id) ?? []),
      names(state?.stewards?.members ?? []),
      String(state?.members.find(({ id }) => id === user.id)?.score ?? "-"),
      String(tally.commits.get(name) ?? 0),
      String(tally.read.get(name) ?? 0),
      state?.epochAuthenticator?.slice(0, 16) ?? "-",
    ];
  });
  const table = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  print("");
  for (const row of table)
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

/** Prints the committers, each with the number of its commits. */
export function printTally({ commits }: Tally, print: Print): void {
  print("");
  print(`Committed: ${[...commits].map(([name, count]) => `${name} ${count}`).join(", ")}`);
}
