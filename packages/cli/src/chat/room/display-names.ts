import { decodeAppMessage } from "@demls/wire";
import type { MemberId, MlsService } from "demls";

/** Capacity; the sender with the oldest message is evicted. */
const MAX_SENDERS = 1_024;

/**
 * Display names that senders claim in chat messages. The session's `message` event omits them, since MLS
 * authenticates the sender and not the name.
 */
export interface DisplayNames {
  /** The name in the last opened chat message of `sender`. */
  lastOf(sender: MemberId): string | undefined;
  /** Wraps `mls` to record the names in the messages that it opens. */
  noteFrom(mls: MlsService): MlsService;
}

export function createDisplayNames(): DisplayNames {
  const names = new Map<MemberId, string>();

  function note(sender: MemberId, plaintext: Uint8Array): void {
    const decoded = decodeAppMessage(plaintext);
    if (!decoded.ok || decoded.value.kind !== "conversation_message") return;
    names.delete(sender);
    names.set(sender, decoded.value.sender);
    const [oldest] = names.keys();
    if (names.size > MAX_SENDERS && oldest !== undefined) names.delete(oldest);
  }

  return {
    lastOf: (sender) => names.get(sender),
    noteFrom: (mls) => ({
      ...mls,
      async open(group, message) {
        const opened = await mls.open(group, message);
        const { outcome } = opened;
        if (outcome.kind === "application") note(outcome.sender, outcome.plaintext);
        return opened;
      },
    }),
  };
}
