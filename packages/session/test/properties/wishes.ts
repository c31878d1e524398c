import type { SeededRandom } from "@demls/testkit";
import { DemlsError } from "@demls/wire/core";
import fc from "fast-check";
import { ban, join, leave, stewardsOf, vote, type Member, type World } from "../harness/index.js";

/** A scheduled command. */
export interface Wish {
  readonly kind: "join" | "ban" | "leave";
  /** Member that runs the command, and target of a ban: indexes into the initial members. */
  readonly by: number;
  readonly target: number;
  readonly afterMs: number;
}

/** Commands of one epoch: all run while the first votes are open or their commit is pending. */
export const wishes: fc.Arbitrary<Wish[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Wish["kind"]>("join", "ban", "leave"),
    by: fc.nat(6),
    target: fc.nat(6),
    afterMs: fc.nat(20_000),
  }),
  { minLength: 1, maxLength: 4 },
);

/**
 * Schedules the commands of `members` in the world. The first member, a steward, is never banned and stays: if all
 * stewards leave, other rules apply.
 */
export function plan(world: World, members: readonly Member[], wished: readonly Wish[]): void {
  const at = (place: number): Member => members[place % members.length] as Member;
  world.diary = wished.map(({ kind, by, target, afterMs }, i) => ({
    atMs: world.nowMs + afterMs,
    async act() {
      if (kind === "join") await join(world, `joiner ${i}`);
      else if (kind === "ban") await tryTo(() => banOneOf(world, at(by), members, target));
      else if (at(by) !== members[0]) await tryTo(() => leave(world, at(by)));
    },
  }));
}

async function banOneOf(world: World, by: Member, members: readonly Member[], place: number): Promise<void> {
  const others = members.slice(1).filter((member) => member !== by);
  const target = others[place % others.length];
  if (target !== undefined) await ban(world, by, target);
}

/** The members, with a listed steward first. */
export function stewardFirst(members: readonly Member[]): Member[] {
  const stewards = stewardsOf(members[0] as Member);
  return [...members].sort((a, b) => Number(stewards.includes(b.id)) - Number(stewards.includes(a.id)));
}

/** A command may be invalid at its time, such as a second ban of one member. Then it is skipped. */
export async function tryTo(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
  }
}

/** Some members vote manually, yes or no, before their default vote. */
export function voteByHand(world: World, random: SeededRandom, noPercent: number): void {
  world.listens = (member, event) => {
    if (event.kind !== "voteRequested") return;
    const own = random.fork(`${member.name} ${event.proposalId}`);
    if (own.integer(1, 2) === 1) return;
    const atMs = world.nowMs + own.integer(1, Math.max(1, event.deadlineMonotonicMs - world.nowMs - 1));
    const choice = own.integer(1, 100) > noPercent;
    const act = () => tryTo(() => vote(world, member, event.proposalId, choice));
    world.diary = [...world.diary, { atMs, act }];
  };
}

/** Every packet has a separate delay to each receiver, up to `limitMs`, and one of `perTwice` is duplicated. */
export function delay(world: World, random: SeededRandom, limitMs: number, perTwice = 4): void {
  world.delaysMs = () => {
    const first = random.integer(0, limitMs);
    return random.integer(1, perTwice) === 1 ? [first, random.integer(0, limitMs)] : [first];
  };
}
