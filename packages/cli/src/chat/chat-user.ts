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

/** Options of {@link createChatUser}. */
export interface ChatUserOptions {
  readonly identity: Pick<ChatIdentity, "key">;
  readonly transport: ChatTransport;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Records the display names in received messages. */
  readonly displayNames: DisplayNames;
}

/** Creates the user, with the display name of the options. @throws DemlsError as `createUser`. */
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

/** Creates the conversation of the options, or starts to join it. */
export function createOrJoin(
  user: User,
  { conversation, create, config, stewards, mode }: ChatOptions,
): Promise<Conversation> {
  return create
    ? user.createConversation(conversation, { config, stewards, compatibility: mode })
    : user.joinConversation(conversation, { config, announce: false });
}
