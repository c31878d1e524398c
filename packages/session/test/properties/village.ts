import {
  createGenerationLedger,
  createSeededRandom,
  type GenerationLedger,
  type SeededRandom,
} from "@demls/testkit";
import { DemlsError, utf8ToBytes } from "@demls/wire/core";
import { removeRequest } from "../../src/model/request.js";
import {
  command,
  isAtRest,
  knock,
  knockAgain,
  present,
  propose,
  runUntil,
  stewardsOf,
  type Member,
  type World,
} from "../harness/stepwise.js";

/** A conversation in which people come and go for long, by a seed. */
export interface Village {
  readonly world: World;
  readonly random: SeededRandom;
  /** Of what everyone has published. */
  readonly generations: GenerationLedger;
  /** How many live there at least, and at most. */
  readonly size: { readonly min: number; readonly max: number };
}

/** Makes a village of a settled conversation: every packet takes up to `delayMs`, and some come twice. */
export function village(
  world: World,
  seed: string | number,
  size: Village["size"],
  delayMs: number,
): Village {
  const random = createSeededRandom(seed);
  const delays = random.fork("delays");
  const generations = createGenerationLedger();
  world.delaysMs = () => {
    const first = delays.integer(0, delayMs);
    return delays.integer(1, 8) === 1 ? [first, delays.integer(0, delayMs)] : [first];
  };
  world.reads = ({ payload }) => generations.note(payload);
  return { world, random, generations, size };
}

/** What happens until all is at rest again: some membership changes at different times, and chat in between. */
export async function liveThrough(scene: Village): Promise<void> {
  const { world, random, size } = scene;
  const wishes = random.integer(1, 3);
  const acts = Array.from({ length: wishes }, () => membershipWish(scene));
  const chat = Array.from({ length: random.integer(1, 4) }, () => () => chatOnce(scene));
  world.diary = [...acts, ...chat].map((act) => ({
    atMs: world.nowMs + random.integer(0, 20_000),
    act: () => permitted(act),
  }));
  await runUntil(world, () => isAtRest(world));
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
      back?.state.phase === "ended"
        ? knockAgain(world, back)
        : knock(world, `villager ${world.members.length}`);
  }
  const leaver = random.pick(mobile(here));
  if (random.integer(1, 2) === 1) return () => command(world, leaver, { kind: "leave" });
  const by = random.pick(here.filter((member) => member !== leaver));
  return () => propose(world, by, removeRequest(leaver.id));
}

/** All but one steward: where all of them go at once, other rules hold. */
function mobile(here: readonly Member[]): Member[] {
  const [anchor] = stewardsOf(here[0] as Member);
  return here.filter(({ id }) => id !== anchor);
}

async function chatOnce({ world, random }: Village): Promise<void> {
  const speaker = random.pick(present(world));
  await command(world, speaker, {
    kind: "send",
    ticket: world.nowMs,
    content: utf8ToBytes(`${world.nowMs}`),
  });
}

/** Rules forbid some wishes at times; then it is given up. */
async function permitted(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof DemlsError)) throw error;
  }
}
