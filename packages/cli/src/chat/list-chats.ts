import { basename } from "node:path";
import type { Clock } from "demls";
import type { ListOptions } from "./options/chat-options.js";
import { dataFolder, type Environment } from "./store/data-folder.js";
import { findProfile, type ProfileContext } from "./store/profile.js";
import { listSummaries, type ChatSummary } from "./store/summary.js";
import { safeJson, safeText } from "./terminal/safe-text.js";
import { createTimeText, type TimeText } from "./terminal/time-text.js";
import { count, words } from "./view/text/wording.js";

/** Dependencies of {@link listChats}. */
export interface ListContext extends ProfileContext {
  readonly env: Environment;
  readonly clock: Clock;
  readonly timeZone: string | undefined;
  readonly print: (line: string) => void;
  /** Shell command that starts a chat here. */
  readonly command: string;
}

/**
 * Prints the conversations that a profile keeps. It needs neither the network nor a passphrase.
 *
 * @throws DemlsError as `findProfile` and `listSummaries`.
 */
export async function listChats({ identity, json }: ListOptions, context: ListContext): Promise<void> {
  const { env, files, clock, timeZone, print } = context;
  const { name, folder } = await findProfile(identity, env, context);
  const summaries = await listSummaries(folder, files);
  if (json) {
    for (const summary of summaries) print(safeJson(jsonOf(summary)));
    return;
  }
  const profiles = await files.names(dataFolder(env));
  const timeOf = createTimeText(() => clock.wallMs(), timeZone);
  const lines = [
    ...(summaries.length === 0 ? noChats(name, context.command) : table(summaries, timeOf)),
    ...(summaries.some(({ standing }) => standing === "ended") ? endedChats(context.command) : []),
    ...otherProfiles(profiles.filter((profile) => profile !== basename(folder))),
  ];
  for (const line of lines) print(safeText(line));
}

function jsonOf({ name, standing, members, mode, lastMessageMs }: ChatSummary): object {
  const lastMessageAt = lastMessageMs === undefined ? undefined : new Date(lastMessageMs).toISOString();
  return { type: "conversation", name, standing, members, mode, lastMessageAt };
}

function noChats(profile: string, command: string): readonly string[] {
  return [
    `The profile ${profile} keeps no conversation yet.`,
    `  ${command} NAME --create            creates one`,
    `  ${command} NAME --dial MULTIADDR    asks to join one, through the address of a member`,
  ];
}

function endedChats(command: string): readonly string[] {
  return [
    "Of a conversation that you were removed from:",
    `  ${command} NAME --history           shows the kept messages`,
    `  ${command} NAME --forget            deletes them`,
  ];
}

function table(summaries: readonly ChatSummary[], timeOf: TimeText): readonly string[] {
  const rows = summaries.map(({ name, standing, members, mode, lastMessageMs }) => [
    name,
    standing === "member" ? count(members, "member") : STANDINGS[standing],
    mode === undefined ? "" : words(mode),
    lastMessageMs === undefined ? "" : `last message ${timeOf(lastMessageMs)}`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

const STANDINGS = { joining: "asking to join", ended: "removed" } as const;

function otherProfiles(profiles: readonly string[]): readonly string[] {
  return profiles.length === 0 ? [] : [`Other profiles: ${profiles.join(", ")}.`];
}
