import {
  createEthereumSigner,
  createMlsService,
  createUser,
  type Clock,
  type Conversation,
  type RandomSource,
  type User,
} from "demls";
import type { ChatIdentity } from "./identity/identity-file.js";
import type { ChatTransport } from "./network/chat-transport.js";
import type { ChatOptions } from "./options/chat-options.js";
import type { DisplayNames } from "./room/display-names.js";

/** What the user of a chat is made of. */
export interface ChatUserOptions {
  readonly identity: Pick<ChatIdentity, "key">;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Takes note of the names in what the user reads. */
  readonly displayNames: DisplayNames;
}

/** A user, called as the options say. @throws DemlsError of `createUser`. */
export async function createChatUser(
  { name }: ChatOptions,
  { identity, transport, clock, random, displayNames }: ChatUserOptions,
): Promise<User> {
  const { key } = identity;
  const signer = createEthereumSigner(key);
  const mls = await createMlsService({ identity: signer.identity, random, wallMs: () => clock.wallMs() });
  signer.close();
  const plugins = { mls: displayNames.noteFrom(mls) };
  return createUser({ key, transport, clock, random, plugins, ...(name !== undefined && { display: name }) });
}

/** The conversation that the options name: a new one, or one that this user is not let into yet. */
export function createOrJoin(
  user: User,
  { conversation, create, config, stewards, mode }: ChatOptions,
): Promise<Conversation> {
  return create
    ? user.createConversation(conversation, { config, stewards, compatibility: mode })
    : user.joinConversation(conversation, { config, announce: false });
}
