import {
  createFakeMlsService,
  createFakeSigner,
  createSeededNetwork,
  createSeededRandom,
  createVirtualClock,
  fakeVoteVerifier,
} from "@demls/testkit";
import { createUser, type User } from "demls";

const SEED = "a bad day";
const HOUR_MS = 3_600_000;

const clock = createVirtualClock();
const random = createSeededRandom(SEED);
// Every tenth packet is lost, and the others take up to two seconds.
const conditions = { loss: 0.1, delayMs: { min: 20, max: 2_000 } };
const network = createSeededNetwork({ seed: SEED, clock, conditions });

/** A user in virtual time, without cryptography. All its randomness comes from the seed. */
async function enter(name: string): Promise<User> {
  const own = random.fork(name);
  const signer = createFakeSigner(own.bytes(20));
  const mls = createFakeMlsService({
    identity: signer.identity,
    random: own.fork("mls"),
    wallMs: () => clock.wallMs(),
  });
  return createUser({
    ...{ signer, clock, random: own.fork("session"), transport: network.join({ name }) },
    plugins: { mls, verifier: fakeVoteVerifier },
  });
}

/** Lets time pass until the condition holds. */
async function until(condition: () => boolean): Promise<void> {
  if (!(await clock.advanceUntil(condition, HOUR_MS))) throw new Error(`Not within an hour: seed "${SEED}".`);
}

const seconds = () => Math.round(clock.monotonicMs() / 1_000);
const [alice, bob] = [await enter("alice"), await enter("bob")];
try {
  const began = seconds();
  const garden = await alice.createConversation("garden");
  const { line } = await garden.createInvitation();
  const attempt = bob.join(line);
  let isReady = false;
  void attempt.ready.then(() => (isReady = true));
  await until(() => isReady);
  const bobs = await attempt.conversation;
  console.log(`Bob is ready after ${seconds() - began} seconds.`);

  network.partition(["bob"]);
  const read: string[] = [];
  bobs.events$.subscribe((event) => event.kind === "message" && read.push(event.text ?? ""));
  for (let hour = 1; hour <= 3; hour++) {
    await garden.send(`hour ${hour}`);
    await clock.advance(HOUR_MS);
  }
  console.log(`For three hours Bob is cut off, and has read ${read.length} messages.`);

  network.heal();
  const healed = seconds();
  await until(() => read.length === 3);
  console.log(`The network is whole. After ${seconds() - healed} seconds he has read: ${read.join(", ")}.`);
} finally {
  await alice.close();
  await bob.close();
}
