import { readFileSync } from "node:fs";
import type { ChatProcess } from "./chat-process.js";

/**
 * Peak memory of a process in bytes: the high-water mark of its resident set on Linux (proc_pid_status(5)).
 */
export function peakMemory({ name, pid }: ChatProcess): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  if (kibibytes === undefined) throw new Error(`${name} has ended.`);
  return Number(kibibytes) * 1_024;
}
