import type { Actor } from "./actor.js";

/** Percentage of vote requests that are answered by hand, and of those the percentage of no. */
const BY_HAND = 30;
const NO = 15;

/** Members vote by hand on some proposals before their default vote is cast. */
export const handVotes: Actor = (world, random, forMs) => {
  let requests = 0;
  const endMs = world.clock.monotonicMs() + forMs;
  world.onEvent((person, event) => {
    if (event.kind !== "voteRequested" || world.clock.monotonicMs() > endMs) return;
    const i = ++requests;
    const own = random.fork(i);
    if (own.integer(1, 100) > BY_HAND) return;
    const choice = own.integer(1, 100) > NO;
    const { proposalId } = event;
    world.occur(`vote-${i}`, own.integer(500, 9_000), () => {
      const { conversation, isAwake } = person;
      if (!isAwake || conversation === undefined) return;
      world.count("hand votes");
      world.command(person, `votes ${choice ? "yes" : "no"} on ${proposalId}`, () =>
        conversation.vote(proposalId, choice),
      );
    });
  });
};
