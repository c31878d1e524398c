import { createMemoryNetwork, createUser, platformRandom, type Conversation, type User } from "demls";
import type { Storage } from "@demls/wire/core";

/** Votes and commits of a second, since this runs in real time: a storage on a disk takes its own. */
const QUICK = { votingDelayMs: 50, electionVotingDelayMs: 20, commitInactivityMs: 150, probationMs: 0 };

/** A conversation of users in one process, in real time. */
export interface QuickGarden {
  readonly users: readonly User[];
  /** The same conversation at each user. */
  readonly conversations: readonly Conversation[];
  /** Keys of the users, for another process. */
  readonly keys: readonly Uint8Array[];
  /** Closes the users, and not their storages. */
  close(): Promise<void>;
}

/** A conversation with one member for each storage, or for each `undefined`, a member that keeps nothing. */
export async function quickGarden(
  name: string,
  storages: readonly (Storage | undefined)[],
  history: "none" | "all" = "none",
): Promise<QuickGarden> {
  const network = createMemoryNetwork();
  const users: User[] = [];
  const conversations: Conversation[] = [];
  const keys: Uint8Array[] = [];
  for (const storage of storages) {
    const key = platformRandom.bytes(32);
    const kept = storage && { storage, history };
    const user = await createUser({ key, transport: network.join(), ...kept });
    const [founder] = conversations;
    keys.push(key);
    users.push(user);
    conversations.push(
      founder === undefined
        ? await user.createConversation(name, { config: QUICK })
        : await invited(user, founder),
    );
  }
  return {
    ...{ users, conversations, keys },
    async close() {
      for (const user of users) await user.close();
    },
  };
}

async function invited(user: User, founder: Conversation): Promise<Conversation> {
  const { line } = await founder.createInvitation();
  const conversation = await user.join(line, { config: QUICK }).conversation;
  await conversation.joined;
  const size = conversation.state.members.length;
  await founder.nextState(({ phase, members }) => phase === "working" && members.length === size);
  return conversation;
}
