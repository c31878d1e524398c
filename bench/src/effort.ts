/** Effort of the measurement. */
export interface Effort {
  /** Rounds per task; the best one counts. */
  readonly rounds: number;
  /** Minimum CPU milliseconds of one round of a task. */
  readonly turnMs: number;
  /** Minimum repetitions in one round of a task. */
  readonly iterations: number;
  /** Maximum group size. */
  readonly mostMembers: number;
  /** Add cycles per group size; the best one counts. */
  readonly cycles: number;
  /** Sends of one turn with a storage. */
  readonly sends: number;
  /** Messages in the longest history. */
  readonly kept: number;
  /** Conversations that are opened. */
  readonly opened: number;
  /** Texts of one round over a network. */
  readonly texts: number;
  /** Milliseconds for which a group over a network must sustain a rate. */
  readonly rateMs: number;
  /** Maximum rate, in texts per second. */
  readonly mostPerSecond: number;
}

export const EFFORTS = {
  full: {
    rounds: 3,
    turnMs: 400,
    iterations: 5,
    mostMembers: 200,
    cycles: 3,
    sends: 1_000,
    kept: 100_000,
    opened: 1_000,
    texts: 200,
    rateMs: 5_000,
    mostPerSecond: 6_400,
  },
  fast: {
    rounds: 2,
    turnMs: 100,
    iterations: 3,
    mostMembers: 50,
    cycles: 1,
    sends: 500,
    kept: 10_000,
    opened: 1_000,
    texts: 50,
    rateMs: 1_000,
    mostPerSecond: 6_400,
  },
  /** Smoke test; the figures are meaningless. */
  smoke: {
    rounds: 1,
    turnMs: 0,
    iterations: 1,
    mostMembers: 2,
    cycles: 1,
    sends: 4,
    kept: 20,
    opened: 3,
    texts: 4,
    rateMs: 100,
    mostPerSecond: 50,
  },
} satisfies Record<string, Effort>;
