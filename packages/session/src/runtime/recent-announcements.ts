import { bytesToHex, WELCOME_SUBTOPIC, type Clock, type Packet } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { LIMITS } from "../model/limits.js";

/**
 * Packets of the welcome subtopic that came a moment ago, by the digests of their payloads. Anyone can send a genuine
 * announcement again and again, in any envelope, and each time it would cost signature checks.
 */
export interface RecentAnnouncements {
  /** Whether a packet came a moment ago. */
  isRepeated(packet: Packet): boolean;
  /** Notes a packet that is read. */
  note(packet: Packet): void;
}

export function createRecentAnnouncements(clock: Pick<Clock, "monotonicMs">): RecentAnnouncements {
  /** Monotonic times, oldest first. */
  const receivedAtMs = new Map<string, number>();
  const digestOf = ({ payload }: Packet): string => bytesToHex(sha256(payload));
  return {
    isRepeated(packet) {
      if (packet.subtopic !== WELCOME_SUBTOPIC) return false;
      const atMs = receivedAtMs.get(digestOf(packet)) ?? -Infinity;
      return clock.monotonicMs() - atMs < LIMITS.announcementPauseMs;
    },
    note(packet) {
      if (packet.subtopic !== WELCOME_SUBTOPIC) return;
      const digest = digestOf(packet);
      receivedAtMs.delete(digest);
      receivedAtMs.set(digest, clock.monotonicMs());
      const [oldest] = receivedAtMs.keys();
      if (receivedAtMs.size > LIMITS.recentAnnouncements && oldest !== undefined) receivedAtMs.delete(oldest);
    },
  };
}
