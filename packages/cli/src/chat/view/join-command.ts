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
    ...(framing === "plain" ? [] : [`--framing ${framing}`]),
    ...(neighbour !== undefined && isLocal(address) ? [neighbour] : []),
  ].join(" ");
}

/**
 * The first few addresses to show, with loopback addresses last: these are reachable from the same machine only.
 */
export function bestAddresses(addresses: readonly string[]): readonly string[] {
  return [...addresses.filter((address) => !isLocal(address)), ...addresses.filter(isLocal)].slice(
    0,
    MAX_SHOWN,
  );
}

const MAX_SHOWN = 4;

function isLocal(address: string): boolean {
  return /^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns[46]?\/localhost\//.test(address);
}

/** Quotes `text` for a POSIX shell if needed. */
function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
