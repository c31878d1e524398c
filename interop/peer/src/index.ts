import type { Clock } from "demls";
import { parsePeerOptions, PEER_USAGE } from "./options.js";
import { runPeer } from "./run-peer.js";

/** What `demls peer` is given by the command `demls`. */
export interface PeerCommandContext {
  /** Begins to read the commands, a line each. */
  readonly lines: () => AsyncIterable<string>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly clock: Clock;
}

/**
 * The command `demls peer`, which a checkout has: see the README.
 *
 * @param args the arguments after the command's name.
 * @returns the exit status, 0, once the lines have ended or one says `quit`.
 * @throws DemlsError `invalid-option`.
 */
export async function peerCommand(
  args: readonly string[],
  { lines, ...context }: PeerCommandContext,
): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) context.print(PEER_USAGE);
  else await runPeer(parsePeerOptions(args), { ...context, lines: lines() });
  return 0;
}
