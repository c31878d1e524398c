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

/** The longest that anything takes by a conversation's own timers: in virtual time, so it costs nothing. */
const PATIENCE_MS = 900_000;

/** Users with none of the default layers but the voting, in virtual time. */
export interface Stage {
  readonly clock: VirtualClock;
  enter(name: string): Promise<User>;
  /** Lets time pass until `condition` holds. @throws where it does not within a quarter of an hour. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(seed: string): Promise<Stage> {
  const random = createSeededRandom(seed);
  const relay = await startRelay();
  const users: User[] = [];
  const transports: RelayTransport[] = [];
  /** Grows with everything that happens, so that rest can be told. */
  let happened = 0;
  const clock = createVirtualClock({ settle });

  /**
   * Waits until nobody has anything to do at this instant. The packets go over real sockets, and time must not go on
   * while one is on its way: one flush brings all to the relay, another from there to the members.
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
      if (!(await clock.advanceUntil(condition, PATIENCE_MS))) throw new Error("It did not come about.");
    },
    async close() {
      for (const user of users) await user.close();
      for (const transport of transports) await transport.close();
      await relay.close();
    },
  };
}
