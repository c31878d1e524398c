import type { FramingName } from "@demls/transport-gossipsub";
import { startGossipsub } from "@demls/transport-gossipsub/node";
import {
  admitAll,
  createUser,
  platformClock as clock,
  platformRandom as random,
  type Conversation,
  type ConversationSnapshot,
} from "demls";
import type { Channel, OnText } from "./channel.js";

const NAME = "bench";

/** Short timings, so that a group forms within seconds. */
const FOUNDERS = {
  probationMs: 0,
  votingDelayMs: 100,
  electionVotingDelayMs: 100,
  commitInactivityMs: 1_000,
};

/** A third of the join timeout, long enough for a busy machine. After the join the founder's setting applies. */
const JOINERS = { ...FOUNDERS, commitInactivityMs: 20_000 };

/** Options of {@link conversationChannel}. */
export interface ConversationChannelOptions {
  readonly framing: FramingName;
  /** Whether this member creates the conversation that the others join. */
  readonly founds: boolean;
  readonly onText: OnText;
}

/** Creates a channel that encrypts texts in a conversation over gossipsub. */
export async function conversationChannel(options: ConversationChannelOptions): Promise<Channel> {
  const { framing, founds, onText } = options;
  const transport = await startGossipsub({ clock, random, framing });
  const user = await createUser({ key: random.bytes(32), transport, plugins: { admission: admitAll } });
  let conversation: Conversation | undefined;
  return {
    addresses: transport.addresses,
    async dial(addresses) {
      for (const address of addresses) await transport.dial(address);
    },
    async open(members) {
      conversation = founds
        ? await user.createConversation(NAME, { config: FOUNDERS })
        : await user.join({ name: NAME }, { config: JOINERS }).conversation;
      conversation.events$.subscribe((event) => {
        if (event.kind === "message") onText(event.text ?? "");
        if (event.kind === "error") process.stderr.write(`${event.operation}: ${event.message}\n`);
      });
      await conversation.nextState((state) => isAtRest(state, members));
    },
    async send(text) {
      await conversation?.send(text);
    },
  };
}

function isAtRest(state: ConversationSnapshot, members: number): boolean {
  return (
    state.members.length === members &&
    state.phase === "working" &&
    state.openVotes.length === 0 &&
    state.approved.length === 0 &&
    state.pendingOutbound === 0 &&
    state.stewards?.exhausted === false
  );
}
