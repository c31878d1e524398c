import { decodeAppMessage } from "@demls/wire";
import type { MemberId, MlsService } from "demls";

/** Senders whose name is remembered; the one whose name came longest ago gives way. */
const MAX_SENDERS = 1_024;

/**
 * Display names that senders give themselves in chat messages. The session's `message` event leaves them out, since
 * MLS proves the sender and not the name.
 */
export interface DisplayNames {
  /** The name in the last chat message of `sender` that was opened. */
  lastOf(sender: MemberId): string | undefined;
  /** `mls`, with the names noted that stand in the messages it opens. */
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
