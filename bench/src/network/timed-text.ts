import { hostMs } from "./host-clock.js";

/** Bytes of the messages, in turn: a few words to a few sentences. */
const SIZES = [32, 64, 128, 256];

/** A text that begins with the time of now, and is no other's. */
export function timedText(index: number): string {
  return `${hostMs().toFixed(3)} ${index} `.padEnd(SIZES[index % SIZES.length] ?? 0, "a");
}

/** How many milliseconds ago a text was made. */
export function ageMs(text: string): number {
  return hostMs() - Number.parseFloat(text);
}
