import type { Clock } from "demls";
import { parsePeerOptions, PEER_USAGE } from "./options.js";
import { runPeer } from "./run-peer.js";

/** Context of `demls peer`, from the `demls` command. */
export interface PeerCommandContext {
  /** Starts reading the commands, one per line. */
  readonly lines: () => AsyncIterable<string>;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly clock: Clock;
}

/**
 * The `demls peer` command of a checkout; see the README.
 *
 * @param args the arguments after the command's name.
 * @returns the exit status 0, after the end of the lines or a `quit` command.
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
