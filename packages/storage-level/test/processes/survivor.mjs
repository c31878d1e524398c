// A member that may be killed at any moment. Arguments: the folder, and its name. The parent process is its network: packets
// and requests come and go as messages between processes. MLS and signatures are fakes, so that the parent can read the
// generations of packets; the storage and its disk are real.
import { TextEncoder } from "node:util";
import { openLevelStorage } from "@demls/storage-level";
import { createFakeMlsService, createFakeSigner, fakeVoteVerifier } from "@demls/testkit";
import { admitAll, createUser, platformClock, platformRandom as random } from "demls";

const [folder = "", name = ""] = process.argv.slice(2);
const config = {
  votingDelayMs: 50,
  electionVotingDelayMs: 50,
  commitInactivityMs: 300,
  freezeMs: 300,
  recoveryInactivityMs: 300,
  consensusTimeoutMs: 2_000,
};

// Stewards that are killed again and again lose score, by which the others would remove them.
const scoring = { threshold: -1_000_000n };

const storage = await openLevelStorage(folder);
/** The key of a fake service follows from the first bytes that it draws. */
const [stored] = await storage.scan("survivor");
const seed = stored?.value ?? random.bytes(32);
if (stored === undefined)
  await storage.write([{ kind: "put", namespace: "survivor", key: "seed", value: Uint8Array.from(seed) }]);
const signer = createFakeSigner(new TextEncoder().encode(name.padEnd(20, ".")));
let isFirst = true;
const mls = createFakeMlsService({
  identity: signer.identity,
  random: {
    bytes: (length) => {
      const bytes = isFirst ? seed.slice(0, length) : random.bytes(length);
      isFirst = false;
      return bytes;
    },
  },
  wallMs: () => platformClock.wallMs(),
});

/** @type {Set<(packet: import("@demls/wire/core").Packet) => void>} */
const listeners = new Set();
/** @type {import("@demls/wire/core").Transport} */
const transport = {
  publish: async (packet) => tell({ kind: "packet", packet }),
  subscribe: async (_name, listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};

const user = await createUser({
  signer,
  transport,
  storage,
  plugins: { mls, verifier: fakeVoteVerifier, admission: admitAll },
});
/** @type {import("demls").Conversation | undefined} */
let garden;

/** @param {import("demls").Conversation} conversation */
function enter(conversation) {
  garden = conversation;
  conversation.handleEvents((event) => tell({ kind: "event", event }));
}

/** @type {Record<string, (request: any) => unknown>} */
const requests = {
  packet: ({ packet }) => listeners.forEach((listener) => listener(packet)),
  create: async () => enter(await user.createConversation("garden", { config, scoring })),
  join: async () => enter(await user.joinConversation("garden", { config, scoring })),
  say: async ({ text }) => {
    await (
      await garden?.send(text)
    )?.published;
    await tell({ kind: "said", text });
  },
  ban: ({ member }) => garden?.proposeRemove(member).accepted.catch(() => undefined),
  ask: () => {
    const { epoch, epochAuthenticator, members, phase } = garden?.state ?? {};
    return tell({
      kind: "state",
      state: { epoch, epochAuthenticator, phase, members: members?.map(({ id }) => id) },
    });
  },
};

/** @param {object} line */
function tell(line) {
  return new Promise((resolve) => process.send?.(line, undefined, undefined, resolve));
}

process.on("message", (/** @type {{ kind: string }} */ request) => {
  void Promise.resolve(requests[request.kind]?.(request)).catch(() => undefined);
});
process.on("disconnect", () => process.exit());
const known = user.conversations.get("garden");
if (known !== undefined) enter(known);
await tell({ kind: "started", member: user.id, isMember: known !== undefined });
