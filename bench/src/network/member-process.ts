import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ChannelKind } from "./channel.js";
import type { Answer, Answers, Command } from "./command.js";

const PROGRAM = fileURLToPath(new URL("member.js", import.meta.url));

/** A member in its own process. */
export interface MemberProcess {
  /** Sends one command at a time, and waits for the reply. */
  tell<Told extends Command>(command: Told): Promise<Answers[Told["do"]]>;
  /** Ends the process. */
  kill(): void;
}

export function startMember(kind: ChannelKind, role: "founder" | "joiner"): MemberProcess {
  const child = fork(PROGRAM, [kind, role]);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`A member's process ended unexpectedly with ${code}.`);
  });
  ended.catch(() => undefined);
  return {
    async tell<Told extends Command>(command: Told) {
      const answered = once(child, "message") as Promise<[Answer]>;
      child.send(command);
      const [answer] = await Promise.race([answered, ended]);
      if ("error" in answer) throw new Error(`${command.do}: ${answer.error}`);
      // IPC messages cannot carry `undefined`.
      return answer.value as Answers[Told["do"]];
    },
    kill: () => void child.kill("SIGKILL"),
  };
}
