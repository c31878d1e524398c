import {
  admitAll,
  createEthereumSigner,
  createMlsService,
  conversationConfig,
  createUser,
  DemlsError,
  scoringConfig,
  stewardListConfig,
  type Clock,
  type CompatibilityMode,
  type Conversation,
  type Packet,
  type RandomSource,
  type User,
} from "demls";
import type { InboundOutcome } from "demls/trace";
import { bytesToHex } from "@demls/wire";
import type { ConversationSettings } from "../protocol/conversation-settings.js";
import { createDrivenTransport } from "./driven-transport.js";
import { createEventReporter } from "./event-lines.js";
import { createHeardMessages } from "./heard-messages.js";
import { createPollClock } from "../clock/poll-clock.js";
import type { Emit } from "../protocol/protocol-line.js";
import { createRawSealing } from "./raw-sealing.js";
import { tapMls } from "./tapped-mls.js";

/** Default mode of created conversations, in which other members may run the Rust crate. */
const DEFAULT_MODE: CompatibilityMode = "de-mls-3";

/** Options of a user of the peer. */
export interface PeerUserOptions {
  readonly name: string;
  /** secp256k1 secret key, 32 bytes. */
  readonly key: Uint8Array;
  /** Default settings of its conversations. */
  readonly settings: ConversationSettings;
  /** Whether to report the outcome of every packet. */
  readonly verbose: boolean;
  /** Clock whose timers fire at polls. */
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly emit: Emit;
  readonly diagnose: (line: string) => void;
}

/** A member of any number of conversations, whose network is the peer's driver. */
export interface PeerUser {
  readonly user: User;
  /** Ed25519 public key in this user's leaves, hex. */
  readonly mlsSignaturePublic: string;
  /** Mode of created conversations. */
  readonly compatibility: CompatibilityMode;
  /** Fires the due timers. */
  poll(): void;
  /** Delivers a packet, as the network does. */
  deliver(packet: Packet): void;
  /** Encrypts any app message as this member. */
  encryptRaw(conversation: Conversation, appMessage: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Creates a user and writes the lines of its events.
 *
 * @throws DemlsError `invalid-secret-key`, `invalid-config`, `invalid-steward-list-config`,
 *   `invalid-scoring-config`.
 */
export async function createPeerUser(options: PeerUserOptions): Promise<PeerUser> {
  const { name, key, settings, verbose, random, emit, diagnose } = options;
  const defaults = {
    conversationConfig: conversationConfig(settings.config),
    stewardListConfig: stewardListConfig(settings.stewards),
    scoringConfig: scoringConfig(settings.scoring),
  };
  const clock = createPollClock(options.clock);
  const raw = createRawSealing(random);
  const heard = createHeardMessages();
  const { plaintextOf, isWithheld, sealing, sealed } = raw;
  const transport = createDrivenTransport({ user: name, emit, plaintextOf, isWithheld });
  const signer = createEthereumSigner(key);
  const mls = await createMlsService({ identity: signer.identity, random, wallMs: () => clock.wallMs() });
  const plugins = {
    ...defaults,
    admission: admitAll,
    mls: tapMls(mls, { sealing, sealed, opened: heard.note }),
  };
  const user = await createUser({ signer, transport, clock, random, plugins });

  function follow(conversation: Conversation): void {
    const { name: conversationId } = conversation;
    conversation.events$.subscribe(createEventReporter({ user: name, conversationId, heard, clock }, emit));
    if (!verbose) return;
    conversation.admin.inbound$.subscribe(({ packet, outcome }) => {
      diagnose(`${name}, ${conversationId}: ${packet.subtopic} packet ${describeOutcome(outcome)}`);
    });
  }

  const lifecycle = user.lifecycle$.subscribe((event) => {
    const conversationId = event.kind === "created" ? event.conversation.name : event.name;
    if (event.kind === "created") follow(event.conversation);
    emit({ type: "lifecycle", user: name, event: event.kind, conversation_id: conversationId });
  });

  return {
    user,
    mlsSignaturePublic: bytesToHex(mls.signaturePublicKey),
    compatibility: settings.compatibility ?? DEFAULT_MODE,
    poll: () => clock.poll(),
    deliver: (packet) => transport.deliver(packet),
    encryptRaw: raw.encrypt,
    async close() {
      // No lines for conversations that end with the process.
      lifecycle.unsubscribe();
      await user.close();
      signer.close();
    },
  };
}

/** The conversation of a user. @throws DemlsError `unknown-conversation`. */
export function conversationOf({ user }: PeerUser, conversationId: string): Conversation {
  const conversation = user.conversations.get(conversationId);
  if (conversation === undefined) throw unknownConversation();
  return conversation;
}

/** Describes the outcome of a packet. */
export function describeOutcome(outcome: InboundOutcome): string {
  if (outcome.kind === "accepted") return `accepted: ${outcome.what}`;
  const detail = "detail" in outcome && outcome.detail !== undefined ? `, ${outcome.detail}` : "";
  return `${outcome.kind}: ${outcome.reason}${detail}`;
}

function unknownConversation(): DemlsError<"unknown-conversation"> {
  return new DemlsError("unknown-conversation", {
    message: "The user is not in that conversation.",
    field: "conversation_id",
    remedy: "Create it or join it first.",
  });
}
