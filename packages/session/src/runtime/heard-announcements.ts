import { bytesToHex, WELCOME_SUBTOPIC, type Clock, type Packet } from "@demls/wire/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { LIMITS } from "../model/limits.js";

/**
 * Packets of the welcome subtopic that came a moment ago, by the digests of their payloads. Anyone can send a genuine
 * announcement again and again, in any envelope, and each time it would cost signature checks.
 */
export interface HeardAnnouncements {
  /** Whether a packet came a moment ago. */
  isRepeated(packet: Packet): boolean;
  /** Notes a packet that is read. */
  note(packet: Packet): void;
}

export function createHeardAnnouncements(clock: Pick<Clock, "monotonicMs">): HeardAnnouncements {
  /** Monotonic times, oldest first. */
  const heardAtMs = new Map<string, number>();
  const digestOf = ({ payload }: Packet): string => bytesToHex(sha256(payload));
  return {
    isRepeated(packet) {
      if (packet.subtopic !== WELCOME_SUBTOPIC) return false;
      const atMs = heardAtMs.get(digestOf(packet)) ?? -Infinity;
      return clock.monotonicMs() - atMs < LIMITS.announcementPauseMs;
    },
    note(packet) {
      if (packet.subtopic !== WELCOME_SUBTOPIC) return;
      const digest = digestOf(packet);
      heardAtMs.delete(digest);
      heardAtMs.set(digest, clock.monotonicMs());
      const [oldest] = heardAtMs.keys();
      if (heardAtMs.size > LIMITS.heardAnnouncements && oldest !== undefined) heardAtMs.delete(oldest);
    },
  };
}
