/**
 * A chat that continues from a file storage: `node stored-chat.mjs FOLDER` with the arguments of `demls chat --json`,
 * which itself stores nothing.
 */
import { openFileStorage } from "../../examples/restart-from-storage/dist/file-storage.js";
import { openIdentity } from "../../packages/cli/dist/chat/identity/open-identity.js";
import { watchConnection } from "../../packages/cli/dist/chat/network/connection-changes.js";
import { startGossipsubTransport } from "../../packages/cli/dist/chat/network/gossipsub-transport.js";
import { parseChatOptions } from "../../packages/cli/dist/chat/options/chat-options.js";
import { createRoom } from "../../packages/cli/dist/chat/room/room.js";
import { serveRequests } from "../../packages/cli/dist/chat/serve-requests.js";
import { createJsonView } from "../../packages/cli/dist/chat/view/json/json-view.js";
import { readLines } from "../../packages/cli/dist/line-reader.js";
import {
  createUser,
  platformClock as clock,
  platformRandom as random,
} from "../../packages/demls/dist/index.js";

const [folder = "", ...args] = process.argv.slice(2);
const options = parseChatOptions(args, process.env);
const { key, nodeKey } = await openIdentity(options.identity, process.env, random);
const storage = await openFileStorage(folder);
const transport = await startGossipsubTransport({ ...options, nodeKey });
const display = options.name ?? "";
const user = await createUser({ key, transport, clock, random, storage, display });
const name = options.conversation;
const conversation =
  user.conversations.get(name) ?? (await user.joinConversation(name, { config: options.config }));

const room = createRoom({ conversation, self: user.id, transport, clock });
const view = createJsonView({
  lines: readLines(process.stdin),
  print: (line) => void process.stdout.write(`${line}\n`),
  joinOptions: { command: "demls chat", framing: options.framing, identityFile: undefined },
  clock,
});
view.open(room);
const { peerId, addresses } = transport;
const started = { conversation: name, created: false, member: user.id, peerId, addresses };
view.show({ kind: "started", ...started, identityFile: undefined });
watchConnection(transport, name, clock, true, (change) => view.show({ kind: "connection", ...change }));
conversation.handleEvents((event) => view.show({ kind: "event", event }));
await serveRequests(room, view, () => undefined);
