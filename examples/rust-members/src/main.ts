import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createMemoryNetwork, createUser, platformRandom } from "demls";
import { startRustMember } from "./rust-member.js";

const RUST_PEER = fileURLToPath(
  new URL("../../../interop/rust-peer/target/release/rust-peer", import.meta.url),
);
if (!existsSync(RUST_PEER)) {
  console.error("The Rust member is not built: npm run build:rust");
  process.exit(2);
}

const NAME = "garden";
const network = createMemoryNetwork();
const alice = await createUser({ key: platformRandom.bytes(32), transport: network.join() });
const bob = await startRustMember(RUST_PEER, NAME, network.join());

try {
  // The mode is for the whole life of a conversation. The times are short, so that this ends in seconds.
  const config = { votingDelayMs: 300, electionVotingDelayMs: 60, commitInactivityMs: 900, freezeMs: 450 };
  const garden = await alice.createConversation(NAME, { compatibility: "de-mls-3", config });

  await bob.call("new_user", {
    secret_key_hex: Buffer.from(platformRandom.bytes(32)).toString("hex"),
    config: { voting_delay_ms: 300, election_voting_delay_ms: 60, commit_inactivity_ms: 900 },
  });
  const joined = bob.next(({ type, event }) => type === "event" && event === "joined");
  await bob.call("join");
  await bob.call("send_key_package");
  await joined;
  const { members, mode } = await garden.nextState((state) => state.members.length === 2);
  console.log(`Bob, a member of de-mls 3.0.0, has joined: ${members.length} members, mode ${mode}.`);
  const rust = members.find(({ id }) => id !== alice.id);
  console.log(`His identity is ${rust?.identityProved === true ? "proved" : "a claim"}.`);

  const heard = bob.next(({ app }) => kindOf(app) === "conversation_message");
  await garden.send("hello from TypeScript");
  console.log(`Bob receives: ${textOf((await heard)["app"])}`);
  const answer = garden.nextEvent("message", { where: ({ text }) => text?.startsWith("hello") === true });
  await bob.call("send_message", { text: "hello from Rust" });
  console.log(`Alice receives: ${(await answer).text}`);
} finally {
  await bob.close();
  await alice.close();
}

/** Kind and text of a message, as the Rust process decodes it. */
function kindOf(app: unknown): string | undefined {
  return (app as { readonly kind?: string } | undefined)?.kind;
}

function textOf(app: unknown): string | undefined {
  return (app as { readonly text?: string } | undefined)?.text;
}
