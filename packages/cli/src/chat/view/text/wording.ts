/** A literal of the protocol as people write it. */
export function words(literal: string): string {
  return literal.replace(/[-_]/g, " ");
}

/** `2 peers` */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
