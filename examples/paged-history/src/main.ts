import {
  createMemoryNetwork,
  createMemoryStorage,
  createUser,
  platformRandom,
  type ChatMessage,
  type Conversation,
} from "demls";

// Alice keeps her chat in a storage, here in memory, and reads it page by page.
const alice = await createUser({
  key: platformRandom.bytes(32),
  transport: createMemoryNetwork().join(),
  storage: createMemoryStorage(),
  history: "all",
});
const PAGE = 3;

try {
  const garden = await alice.createConversation("garden");
  for (let day = 1; day <= 7; day++) await garden.send(`day ${day}`);

  console.log("Scrolling up, from the newest message:");
  for await (const page of backwards(garden)) console.log(`  ${textsIn(page)}`);

  // A program that has handled three messages remembers the position of the third one.
  const [, , third] = await garden.messages({ order: "oldest", limit: PAGE });
  await garden.send("day 8");
  console.log("Going on after day 3, to the newest message:");
  for await (const page of forwards(garden, third?.position)) console.log(`  ${textsIn(page)}`);
} finally {
  await alice.close();
}

/** Pages of kept messages before a position, by default all: each page newest first. */
async function* backwards({ messages }: Pick<Conversation, "messages">, before?: string) {
  for (;;) {
    const page = await messages({ before, limit: PAGE });
    if (page.length === 0) return;
    yield page;
    before = page.at(-1)?.position;
  }
}

/** Pages of kept messages after a position, by default all: each page oldest first. */
async function* forwards({ messages }: Pick<Conversation, "messages">, after?: string) {
  for (;;) {
    const page = await messages({ after, limit: PAGE, order: "oldest" });
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)?.position;
  }
}

function textsIn(page: readonly ChatMessage[]): string {
  return page.map(({ text }) => text).join(", ");
}
