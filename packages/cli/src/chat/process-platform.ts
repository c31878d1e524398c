import { constants } from "node:os";
import { platformRandom } from "demls";
import type { ChatPlatform } from "./chat-command.js";
import { createPrivateFiles } from "./files/private-files.js";
import { startGossipsubTransport } from "./network/gossipsub-transport.js";
import type { TerminalStreams } from "./terminal/terminal.js";

const { SIGHUP, SIGINT, SIGPIPE, SIGTERM } = constants.signals;
const ENDING: Readonly<Record<string, number>> = { SIGHUP, SIGINT, SIGTERM };

/** Permissions that new files do not get: those of other users, also in the files that LevelDB makes. */
const OWNER_ONLY_MASK = 0o077;

/** The {@link ChatPlatform} of the current process. Files that the process makes from now on are for their owner alone. */
export function processPlatform(): ChatPlatform {
  process.umask(OWNER_ONLY_MASK);
  return {
    env: process.env,
    files: createPrivateFiles(platformRandom),
    random: platformRandom,
    terminal: processTerminal(),
    timeZone: undefined,
    startTransport: startGossipsubTransport,

    onSignal(listener) {
      const listeners = Object.entries(ENDING).map(
        ([signal, number]) => [signal, () => listener(number)] as const,
      );
      for (const [signal, end] of listeners) process.on(signal, end);
      // The reader of the output has gone. Node ignores SIGPIPE and emits an error for each write instead.
      process.stdout.once("error", () => listener(SIGPIPE));
      process.stdout.on("error", () => undefined);
      return () => {
        for (const [signal, end] of listeners) process.off(signal, end);
      };
    },

    endInput: () => void process.stdin.destroy(),
    exitNow: (status) => process.exit(status),
  };
}

function processTerminal(): TerminalStreams | undefined {
  const { stdin: input, stdout: output, env } = process;
  // A dumb terminal does not support cursor movements.
  if (!input.isTTY || !output.isTTY || env["TERM"] === "dumb") return undefined;
  return { input, output, colour: (env["NO_COLOR"] ?? "") === "" };
}
