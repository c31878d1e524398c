import { join } from "node:path";
import { openLevelStorage, type LevelStorage } from "@demls/storage-level";
import { createMemoryNetwork, createMemoryStorage, createUser, type Conversation, type User } from "demls";

// One run of a process with the users Alice and Bob. Its argument is the storage folder; without one, the storage is in
// memory.
const [which, folder] = process.argv.slice(2);

const network = createMemoryNetwork();
const onDisk: LevelStorage[] = [];

async function openStorage(name: string) {
  if (folder === undefined) return createMemoryStorage();
  const storage = await openLevelStorage(join(folder, name));
  onDisk.push(storage);
  return storage;
}

/** The storage does not contain the key: a program loads it from its key store. */
async function enter(display: string, keyByte: number): Promise<User> {
  const key = new Uint8Array(32).fill(keyByte);
  return createUser({ key, transport: network.join(), storage: await openStorage(display), display });
}

// Bob subscribes before Alice sends her pending message, since the network buffers nothing for absent members.
const bob = await enter("bob", 2);
const alice = await enter("alice", 1);
try {
  if (which === "first") await firstLife();
  else await secondLife();
} finally {
  await alice.close();
  await bob.close();
  for (const storage of onDisk) await storage.close();
}

async function firstLife(): Promise<void> {
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  const garden = await alice.createConversation("garden", { config });
  const { line } = await garden.createInvitation();
  const bobs = await bob.join(line).conversation;
  await bobs.joined;
  readAloud(bobs);
  console.log("  Bob has joined the garden. Alice sends him a message.");
  await garden.send("Did you get this?");
  // The accepted message is stored, but the process ends before its publish is.
  process.kill(process.pid, "SIGKILL");
}

async function secondLife(): Promise<void> {
  const garden = alice.conversations.get("garden");
  if (garden === undefined) {
    console.log("  Alice has no conversations: the state is lost.");
    return;
  }
  const bobs = bob.conversation("garden");
  console.log(`  The garden is restored: ${garden.state.members.length} members.`);
  const answered = garden.nextEvent("message");
  // Unhandled events of the earlier process come first.
  readAloud(bobs, () => bobs.send("I did, whatever happened in between."));
  console.log(`  Alice receives: ${(await answered).text}`);
}

/** Prints the received messages. With a storage, an event is kept until its handler is done. */
function readAloud(conversation: Conversation, whenHeard = async (): Promise<unknown> => undefined): void {
  conversation.handleEvents(async (event) => {
    if (event.kind !== "message") return;
    console.log(`  Bob receives: ${event.text}`);
    await whenHeard();
  });
}
