import type { Person } from "./person.js";

/** Invitation of a member. */
export interface Line {
  readonly text: string;
  /** 16 hex digits. */
  readonly id: string;
  readonly inviter: Person;
  /** Number of guests that it lets in; 0: any. */
  readonly uses: number;
}

/** Attempt of an honest guest to join by a line. */
export interface Attempt {
  readonly guest: Person;
  readonly line: Line;
  /** World time of its deadline. */
  readonly untilMs: number;
  /** `open`: it goes on; `given up`: its signal was aborted; `died`: its process has; otherwise the code of its error. */
  outcome: string;
  /** World time at which it ended; `undefined` while it goes on. */
  endedMs: number | undefined;
}

/** The invitations of a life, and what honest guests made of them. */
export interface Door {
  readonly lines: Line[];
  readonly attempts: Attempt[];
  /** Honest guests that have given up for good, and whether all members have heard it before they approved anything. */
  readonly gone: Map<Person, boolean>;
}

export function createDoor(): Door {
  return { lines: [], attempts: [], gone: new Map() };
}
