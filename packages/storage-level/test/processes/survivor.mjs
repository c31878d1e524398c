// A member that may be killed at any moment. Arguments: the folder, and its name. The parent process is its network: packets
// and requests come and go as messages between processes. MLS, signatures, scores, the storage and its disk are real.
import { createHash } from "node:crypto";
import { openLevelStorage } from "@demls/storage-level";
import { admitAll, createMlsService, createUser, platformRandom } from "demls";

const [folder = "", name = ""] = process.argv.slice(2);
const key = createHash("sha256").update(name).digest();
const config = {
  votingDelayMs: 100,
  electionVotingDelayMs: 100,
  commitInactivityMs: 400,
  freezeMs: 2_000,
  recoveryInactivityMs: 1_000,
  consensusTimeoutMs: 10_000,
  // Members come and go all the time.
  banMemoryMs: 0,
  probationMs: 0,
};

/** Decodes stored groups, so that the parent can tell which keys their messages are sealed with. */
const codec = await createMlsService({
  identity: new Uint8Array(20),
  random: platformRandom,
  wallMs: () => 0,
});

/** @param {Uint8Array} bytes */
function tellSecretOf(bytes) {
  const { groupId, epoch, state } = codec.decodeGroup(Uint8Array.from(bytes));
  const { keySchedule } = /** @type {{ keySchedule: { senderDataSecret: Uint8Array } }} */ (state);
  return tell({ kind: "secret", groupId, epoch, secret: keySchedule.senderDataSecret });
}

const level = await openLevelStorage(folder);
/** @type {import("@demls/wire/core").Storage} */
const storage = {
  scan: (namespace, range) => level.scan(namespace, range),
  async write(batch) {
    // A group is stored before anything is sealed with its keys.
    for (const operation of batch)
      if (operation.kind === "put" && operation.key === "group") await tellSecretOf(operation.value);
    await level.write(batch);
  },
};

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

const plugins = { admission: admitAll };
const user = await createUser({ key, display: name, transport, storage, history: "all", plugins });
/** @type {import("demls").Conversation | undefined} */
let garden;

/** @param {import("demls").Conversation} conversation */
function enter(conversation) {
  garden = conversation;
  conversation.handleEvents((event) => tell({ kind: "event", event }));
}

/** Texts of all histories, newest first. */
async function keptTexts() {
  const texts = [];
  for (const history of await user.histories()) {
    for (let before; ;) {
      const page = await history.messages({ before, limit: 256 });
      texts.push(...page.map(({ text }) => text));
      before = page.at(-1)?.position;
      if (page.length < 256) break;
    }
  }
  return texts;
}

/** @type {Record<string, (request: any) => unknown>} */
const requests = {
  packet: ({ packet }) => listeners.forEach((listener) => listener(packet)),
  create: async () => enter(await user.createConversation("garden", { config })),
  join: async () =>
    user.conversations.has("garden") || enter(await user.join({ name: "garden" }, { config }).conversation),
  say: async ({ text }) => {
    // The message is in the history from here on, and will be published.
    await garden?.send(text);
    await tell({ kind: "kept", text });
  },
  ban: ({ member }) => garden?.proposeRemove(member).accepted,
  leave: () => garden?.leave().accepted,
  ask: () => {
    const { epoch, epochAuthenticator, members, phase, queuedMessages } = garden?.state ?? {};
    const roster = members?.map(({ id }) => id);
    return tell({ kind: "state", state: { epoch, epochAuthenticator, phase, roster, queuedMessages } });
  },
  texts: async () => tell({ kind: "texts", texts: await keptTexts() }),
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
await tell({ kind: "started", member: user.id });
