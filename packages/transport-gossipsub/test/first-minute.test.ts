import { createSeededRandom } from "@demls/testkit";
import type { Clock, DemlsError, Transport } from "@demls/wire/core";
import { createUser, type ConversationEvent, type User } from "demls";
import { afterEach, expect, it } from "vitest";
import { startGossipsub, type GossipsubNodeTransport } from "../src/node/index.js";
import { platformClock } from "./network.js";

const random = createSeededRandom("first minute");
/** The sessions' time runs faster, so that what lasts a minute takes a second or two. */
const HASTE = 20;
const fast: Clock = {
  monotonicMs: () => platformClock.monotonicMs() * HASTE,
  wallMs: () => platformClock.wallMs(),
  wakeAt: (atMs, wake) => platformClock.wakeAt(atMs / HASTE, wake),
};

const open: (User | GossipsubNodeTransport)[] = [];

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

/** The transport, and a promise of its nth refusal because nobody is there. */
function counting(transport: Transport, refusals: number) {
  let left = refusals;
  let note: () => void = () => undefined;
  const refused = new Promise<void>((resolve) => (note = resolve));
  const counted: Transport = {
    ...transport,
    publish: (packet) =>
      transport.publish(packet).catch((error: DemlsError) => {
        if (error.code === "no-peers" && --left === 0) note();
        throw error;
      }),
  };
  return { counted, refused };
}

async function enter(transport: Transport): Promise<User> {
  const user = await createUser({ key: random.bytes(32), transport, clock: fast });
  open.unshift(user);
  return user;
}

async function start(dial: readonly string[]): Promise<GossipsubNodeTransport> {
  const transport = await startGossipsub({ clock: platformClock, random, dial, publishTimeoutMs: 20 });
  open.push(transport);
  return transport;
}

it("An invitation without a peer is no error, and what was said meanwhile holds back no guest", async () => {
  const home = await start([]);
  const { counted, refused } = counting(home, 12);
  const alice = await enter(counted);
  const garden = await alice.createConversation("garden");
  const errors: ConversationEvent[] = [];
  garden.events$.subscribe((event) => {
    if (event.kind === "error") errors.push(event);
  });
  const { line } = await garden.createInvitation();
  const { published } = await garden.send("Is anybody there?");
  await refused;
  expect(errors).toEqual([]);
  const bob = await enter(await start(home.addresses));
  const joining = await bob.join(line).conversation;
  await joining.joined;
  await published;
  expect(errors).toEqual([]);
  expect(joining.state.invitations).toMatchObject([{ inviter: alice.id }]);
});
