/** How thoroughly is measured. */
export interface Effort {
  /** How often every task has its turn; the best turn counts. */
  readonly rounds: number;
  /** CPU milliseconds of one turn of a task, at least. */
  readonly turnMs: number;
  /** Repetitions in one turn of a task, at least. */
  readonly iterations: number;
  /** Larger groups are left out. */
  readonly mostMembers: number;
  /** Whole add cycles of each group size; the best counts. */
  readonly cycles: number;
  /** Texts of one turn over a network. */
  readonly texts: number;
  /** Milliseconds for which a group over a network has to bear a rate. */
  readonly rateMs: number;
  /** Texts a second that are tried at most. */
  readonly mostPerSecond: number;
}

export const EFFORTS = {
  full: {
    rounds: 3,
    turnMs: 400,
    iterations: 5,
    mostMembers: 200,
    cycles: 3,
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
    texts: 50,
    rateMs: 1_000,
    mostPerSecond: 6_400,
  },
  /** To see that everything runs. The figures say nothing. */
  smoke: {
    rounds: 1,
    turnMs: 0,
    iterations: 1,
    mostMembers: 2,
    cycles: 1,
    texts: 4,
    rateMs: 100,
    mostPerSecond: 50,
  },
} satisfies Record<string, Effort>;
