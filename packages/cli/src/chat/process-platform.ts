import { constants } from "node:os";
import { platformRandom } from "demls";
import type { ChatPlatform } from "./chat-command.js";
import { startGossipsubTransport } from "./network/gossipsub-transport.js";
import type { TerminalStreams } from "./terminal/terminal.js";

const { SIGHUP, SIGINT, SIGPIPE, SIGTERM } = constants.signals;
const ENDING: Readonly<Record<string, number>> = { SIGHUP, SIGINT, SIGTERM };

/** The {@link ChatPlatform} of the current process. */
export function processPlatform(): ChatPlatform {
  return {
    env: process.env,
    random: platformRandom,
    terminal: processTerminal(),
    startTransport: (options, { nodeKey }) => startGossipsubTransport({ ...options, nodeKey }),

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
