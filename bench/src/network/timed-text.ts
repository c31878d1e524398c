import { hostMs } from "./host-clock.js";

/** Message sizes in bytes, used in turn: a few words to a few sentences. */
const SIZES = [32, 64, 128, 256];

/** Creates a unique text that starts with the current time. */
export function timedText(index: number): string {
  return `${hostMs().toFixed(3)} ${index} `.padEnd(SIZES[index % SIZES.length] ?? 0, "a");
}

/** Age of a text in milliseconds. */
export function ageMs(text: string): number {
  return hostMs() - Number.parseFloat(text);
}
