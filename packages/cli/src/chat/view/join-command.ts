import { isLocal } from "../network/best-addresses.js";
import type { Framing } from "../network/chat-transport.js";

/** Parts of the join command that do not depend on the address. */
export interface JoinCommandOptions {
  /** Shell command that starts a chat: `demls chat`. */
  readonly command: string;
  readonly framing: Framing;
}

/**
 * Builds the shell command with which another user joins.
 *
 * @param neighbour options that a user of the same machine needs, such as another profile; added for a loopback address.
 */
export function joinCommand(
  { command, framing }: JoinCommandOptions,
  conversation: string,
  address: string,
  neighbour: string | undefined,
): string {
  return [
    `${command} ${shellWord(conversation)} --dial ${shellWord(address)}`,
    ...optionsFor(framing, isLocal(address) ? neighbour : undefined),
  ].join(" ");
}

/** Builds the shell command with which the holder of an invitation joins. */
export function invitedCommand(
  { command, framing }: JoinCommandOptions,
  {
    line,
    addresses,
    neighbour,
  }: { readonly line: string; readonly addresses: readonly string[]; readonly neighbour: string | undefined },
): string {
  return [
    `${command.replace(/^demls chat$/, "demls join")} ${line}`,
    ...optionsFor(framing, addresses.every(isLocal) ? neighbour : undefined),
  ].join(" ");
}

function optionsFor(framing: Framing, neighbour: string | undefined): readonly string[] {
  return [
    ...(framing === "plain" ? [] : [`--framing ${framing}`]),
    ...(neighbour === undefined ? [] : [neighbour]),
  ];
}

/** Quotes `text` for a POSIX shell if needed. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
