import { join } from "node:path";
import { createMemoryNetwork, createMemoryStorage, createUser, type Conversation, type User } from "demls";
import { openFileStorage, type FileStorage } from "./file-storage.js";

// One life of a process in which Alice and Bob share a garden. It is told where to keep them: without a folder they
// are kept in memory.
const [which, folder] = process.argv.slice(2);

const network = createMemoryNetwork();
const files: FileStorage[] = [];

async function openStorage(name: string) {
  if (folder === undefined) return createMemoryStorage();
  const storage = await openFileStorage(join(folder, name));
  files.push(storage);
  return storage;
}

/** The key is no part of what is stored: a program takes it from where it keeps its keys. */
async function enter(display: string, keyByte: number): Promise<User> {
  const key = new Uint8Array(32).fill(keyByte);
  return createUser({ key, transport: network.join(), storage: await openStorage(display), display });
}

// Bob listens before Alice sends what she still has to: the network keeps nothing for those who are not there.
const bob = await enter("bob", 2);
const alice = await enter("alice", 1);
try {
  if (which === "first") await firstLife();
  else await secondLife();
} finally {
  await alice.close();
  await bob.close();
  for (const storage of files) await storage.close();
}

async function firstLife(): Promise<void> {
  const config = { votingDelayMs: 100, electionVotingDelayMs: 50, commitInactivityMs: 200 };
  const garden = await alice.createConversation("garden", { config });
  const bobs = await bob.joinConversation("garden");
  await bobs.joined;
  readAloud(bobs);
  console.log("  Bob is in the garden. Alice writes to him.");
  await garden.send("Did you get this?");
  // What `send` has accepted is stored; that it went out is not, for the process ends here and now.
  process.kill(process.pid, "SIGKILL");
}

async function secondLife(): Promise<void> {
  const garden = alice.conversations.get("garden");
  if (garden === undefined) {
    console.log("  Alice is in no conversation: all is forgotten.");
    return;
  }
  const bobs = bob.conversation("garden");
  console.log(`  Alice and Bob are in the garden, ${garden.state.members.length} members.`);
  const answered = garden.nextEvent("message");
  // Events that nobody had handled come first.
  readAloud(bobs, () => bobs.send("I did, whatever happened in between."));
  console.log(`  Alice hears: ${(await answered).text}`);
}

/** Shows what a member hears. With a storage an event is kept until its handler is done. */
function readAloud(conversation: Conversation, whenHeard = async (): Promise<unknown> => undefined): void {
  conversation.handleEvents(async (event) => {
    if (event.kind !== "message") return;
    console.log(`  Bob hears: ${event.text}`);
    await whenHeard();
  });
}
