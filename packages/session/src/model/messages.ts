import type { MemberId, Packet } from "@demls/wire/core";
import type { PacketSlot } from "./repair.js";
import { list, map, optionalTime, time, whole, type SliceValue } from "./slice.js";

/** Packet in the outbox. */
export interface OutboxEntry {
  readonly sequence: number;
  readonly packet: Packet;
  /** Id of this member's proposal in the packet, if any. Peers do not know the proposal until it is published. */
  readonly proposalId: number | undefined;
  /** Epoch and place of a packet that other members may ask for. */
  readonly sealed: { readonly epoch: bigint; readonly slot: PacketSlot } | undefined;
  /** Number of failed attempts to publish the packet. */
  readonly attempts: number;
  /** Monotonic time of the next attempt. */
  readonly notBeforeMs: number;
}

/** Packets that wait to be published, and the time before which none is published. */
export const outboxSlice = {
  entries: list<OutboxEntry>({
    identity: ({ sequence }) => sequence,
    shifted: (entry, byMs) => ({ ...entry, notBeforeMs: entry.notBeforeMs + byMs }),
  }),
  nextSequence: whole(1),
  /** Monotonic time before which nothing of the new epoch is published. */
  quietUntilMs: time(0),
};

/** Packets to publish. */
export type Outbox = SliceValue<typeof outboxSlice>;

/** Received packet that cannot be handled yet. */
export interface BufferedPacket {
  readonly packet: Packet;
  /** Epoch in its unauthenticated header. */
  readonly epoch: bigint;
  /** Monotonic time of arrival. */
  readonly receivedMs: number;
}

/**
 * Received packets that cannot be decrypted yet. After decryption, proposals and votes are in `votes`, and candidates
 * in `commit`.
 */
export const inboundSlice = {
  /** Packets of later epochs, and packets received before the welcome, in order of arrival. */
  buffered: list<BufferedPacket>({
    identity: (buffered) => buffered,
    shifted: (buffered, byMs) => ({ ...buffered, receivedMs: buffered.receivedMs + byMs }),
  }),
};

/** Received packets that wait for their epoch. */
export type Inbound = SliceValue<typeof inboundSlice>;

/** Chat message that waits for the end of a freeze. */
export interface QueuedMessage {
  readonly ticket: number;
  readonly content: Uint8Array;
  /** 16 random bytes, drawn when the message is sent. */
  readonly id: Uint8Array;
  /** Wall-clock time of sending, in milliseconds since the Unix epoch. */
  readonly sentAtMs: number;
  /** Wall-clock time of its first encryption; undefined before. */
  readonly sinceWallMs: number | undefined;
}

/** Chat message that this member has encrypted. */
export interface SentChat extends Omit<QueuedMessage, "ticket"> {
  readonly sinceWallMs: number;
  /** Epoch and generation of its last packet. */
  readonly epoch: bigint;
  readonly generation: number;
}

/** This member's chat. A received message is emitted as an event, and only its id is kept. */
export const chatSlice = {
  /** Messages that are not encrypted yet. */
  queued: list<QueuedMessage>({ identity: ({ ticket }) => ticket }),
  /**
   * Messages that no other member has reported to have, and those since the last commit after which no other branch can
   * exist; empty in a mode without reports.
   */
  sent: list<SentChat>({ identity: ({ id }) => id }),
  /** Members that have reported to have a message of `sent`, by its id in hex. */
  reported: map<string, readonly MemberId[]>(),
  /** Monotonic time at which messages are encrypted again that no member can get otherwise. */
  againAtMs: optionalTime(),
  /** Number of messages that the transport has rejected since it last accepted a packet. */
  rejections: whole(0),
  /** Senders and ids of received messages, oldest first: a resent one is not shown again. */
  shown: list<string>({ identity: (id) => id }),
  /** Names that members have claimed in chat, where leaves have no names; the latest is the last. */
  names: map<MemberId, string>(),
};

/** The chat of a conversation. */
export type Chat = SliceValue<typeof chatSlice>;

/**
 * This member's own leave: its request, and the timer after its approval. The proposal itself is in `votes` and
 * `changes`, like that of another member.
 */
export const leaveSlice = {
  /** Whether this member asked to leave. The leave is proposed once the phase allows it. */
  requested: whole(false),
  /** Monotonic time at which this member leaves without the commit, if the group is in reelection then. */
  dueAtMs: optionalTime(),
  /** Whether the approved leave is to be sent again, since a commit has omitted it. */
  repeats: whole(false),
  /** Number of messages that this member had sent in the epoch when it had sent its leave. */
  sentBy: whole(0),
  /** Whether this member has joined in order to leave, and its user sees nothing of it. */
  isFarewell: whole(false),
};

/** This member's own leave. */
export type Leave = SliceValue<typeof leaveSlice>;
