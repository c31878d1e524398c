/**
 * de-MLS with its defaults wired: end-to-end encrypted group conversations without a server.
 *
 * @packageDocumentation
 */
export { createUser, type CreateUserOptions } from "./create-user.js";
export { platformClock } from "./platform-clock.js";
export { platformRandom } from "./platform-random.js";
export * from "@demls/session";
// The default layers that take an identity, for those who wrap one.
export { createEthereumSigner, type ConsensusSigner } from "@demls/consensus";
export { createMlsService, type MlsService } from "@demls/mls";
export { createMemoryNetwork } from "@demls/transport-memory";
export {
  DemlsError,
  memberIdFromBytes,
  memberIdToBytes,
  parseMemberId,
  type Clock,
  type MemberId,
  type Packet,
  type RandomSource,
  type Transport,
} from "@demls/wire/core";
export type { ConversationUpdateRequest } from "@demls/wire";
