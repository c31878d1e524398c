import {
  createGenerationLedger,
  createSeededRandom,
  type GenerationLedger,
  type SeededRandom,
} from "@demls/testkit";
import {
  ban,
  isAtRest,
  join,
  leave,
  present,
  send,
  rejoin,
  stewardsOf,
  until,
  type Member,
  type World,
} from "../harness/index.js";
import { delay, tryTo } from "./wishes.js";

/** A conversation in which members join and leave for many epochs, by a seed. */
export interface Village {
  readonly world: World;
  readonly random: SeededRandom;
  /** Of all published packets. */
  readonly generations: GenerationLedger;
  /** Minimum and maximum number of members. */
  readonly size: { readonly min: number; readonly max: number };
}

/**
 * Creates a village from a settled conversation: every packet has a delay of up to `delayMs`, and some are duplicated.
 */
export function village(
  world: World,
  seed: string | number,
  size: Village["size"],
  delayMs: number,
): Village {
  const random = createSeededRandom(seed);
  const generations = createGenerationLedger();
  delay(world, random.fork("delays"), delayMs, 8);
  world.reads = ({ payload }) => generations.note(payload);
  return { world, random, generations, size };
}

/** Runs membership changes at different times, with chat in between, until all members are idle. */
export async function liveThrough(scene: Village): Promise<void> {
  const { world, random, size } = scene;
  const wishes = random.integer(1, 3);
  const acts = Array.from({ length: wishes }, () => membershipWish(scene));
  const chat = Array.from({ length: random.integer(1, 4) }, () => () => chatOnce(scene));
  world.diary = [...acts, ...chat].map((act) => ({
    atMs: world.nowMs + random.integer(0, 20_000),
    act: () => tryTo(act),
  }));
  await until(world, () => isAtRest(world));
  const count = present(world).length;
  if (count > size.max + wishes) throw new Error("The village has outgrown its bounds.");
}

function membershipWish({ world, random, size }: Village): () => Promise<unknown> {
  const here = present(world);
  const away = world.members.filter(({ state }) => state.phase === "ended");
  const isFull = here.length >= size.max;
  const isThin = here.length <= size.min;
  const kind = isThin ? "come" : isFull ? "go" : random.pick(["come", "go"] as const);
  if (kind === "come") {
    const back = away.length > 0 && random.integer(1, 2) === 1 ? random.pick(away) : undefined;
    return () =>
      back?.state.phase === "ended" ? rejoin(world, back) : join(world, `villager ${world.members.length}`);
  }
  const leaver = random.pick(mobile(here));
  if (random.integer(1, 2) === 1) return () => leave(world, leaver);
  const by = random.pick(here.filter((member) => member !== leaver));
  return () => ban(world, by, leaver);
}

/** All stewards but one: if all of them leave at once, other rules apply. */
function mobile(here: readonly Member[]): Member[] {
  const [anchor] = stewardsOf(here[0] as Member);
  return here.filter(({ id }) => id !== anchor);
}

async function chatOnce({ world, random }: Village): Promise<void> {
  const speaker = random.pick(present(world));
  await send(world, speaker, `${world.nowMs}`, world.nowMs);
}
