import { connectToRelay, startRelay, type RelayTransport } from "@demls-examples/own-transport";
import { trustScoring } from "@demls-examples/custom-scoring";
import {
  createFakeMlsService,
  createFakeSigner,
  createSeededRandom,
  createVirtualClock,
  fakeVoteVerifier,
  type VirtualClock,
} from "@demls/testkit";
import { createUser, type User } from "demls";
import { ringStewards } from "./ring-stewards.js";

/** Time limit of a wait. In virtual time, so that a large value costs nothing. */
const PATIENCE_MS = 900_000;

/** Users in virtual time, with custom layers except for consensus. */
export interface Stage {
  readonly clock: VirtualClock;
  enter(name: string): Promise<User>;
  /** Advances the clock until `condition` holds. @throws after a quarter of an hour. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(seed: string): Promise<Stage> {
  const random = createSeededRandom(seed);
  const relay = await startRelay();
  const users: User[] = [];
  const transports: RelayTransport[] = [];
  /** Number of events so far; it is stable when all members are idle. */
  let happened = 0;
  const clock = createVirtualClock({ settle });

  /**
   * Waits until all members are idle at this instant. The packets go over real sockets, and the virtual clock must not
   * advance while a packet is in flight: one flush delivers all packets to the relay, another one to the members.
   */
  async function settle(): Promise<void> {
    for (let seen = -1; seen !== happened;) {
      seen = happened;
      for (let flushes = 0; flushes < 2; flushes++)
        await Promise.all(transports.map((transport) => transport.flush()));
      const conversations = users.flatMap((user) => [...user.conversations.values()]);
      await Promise.all(conversations.map((conversation) => conversation.admin.idle()));
    }
  }

  return {
    clock,
    async enter(display) {
      const own = random.fork(display);
      const transport = await connectToRelay(relay.port);
      const signer = createFakeSigner(own.bytes(20));
      const wallMs = (): number => clock.wallMs();
      const user = await createUser({
        ...{ signer, transport, clock, display, random: own.fork("session") },
        plugins: {
          mls: createFakeMlsService({ identity: signer.identity, random: own.fork("mls"), wallMs }),
          verifier: fakeVoteVerifier,
          stewards: ringStewards,
          scoring: trustScoring,
        },
      });
      transports.push(transport);
      users.push(user);
      user.lifecycle$.subscribe((change) => {
        happened += 1;
        if (change.kind === "created") change.conversation.state$.subscribe(() => (happened += 1));
      });
      return user;
    },
    async until(condition) {
      if (!(await clock.advanceUntil(condition, PATIENCE_MS)))
        throw new Error("The condition did not hold in time.");
    },
    async close() {
      for (const user of users) await user.close();
      for (const transport of transports) await transport.close();
      await relay.close();
    },
  };
}
