import type { VoteVerifier } from "@demls/consensus";
import type { Clock, RandomSource } from "@demls/wire/core";
import type { HeldInvitation } from "../invitation.js";
import { JOIN_LIMITS } from "../limits.js";
import { openReadiness, type OpenOptions } from "../open-readiness.js";
import {
  createProbe,
  forgetProbe,
  MAX_PROBE_AGE_SECONDS,
  type PendingProbe,
  type ReplyKeys,
} from "../probe.js";
import type { Readiness } from "../readiness-codec.js";
import { isAnswerTo } from "../readiness-seal.js";

/** Surroundings of a joiner that asks. */
export interface ProberPorts extends Pick<OpenOptions, "open" | "verify"> {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** The verifier of the conversation's votes. */
  readonly verifier: VoteVerifier;
  /** Makes fresh keys for one probe: X25519, as `MlsService.hpkeKeyPair`. */
  replyKeys(): Promise<ReplyKeys>;
  /** Reference of the announced key package, 32 bytes; `undefined` if there is none. */
  keyPackageReference(): Promise<Uint8Array | undefined>;
  /** Publishes a probe. A failure is as a packet that was lost. */
  publish(payload: Uint8Array): Promise<void>;
}

/** Makes probes and opens their answers. */
export interface Prober {
  /** Publishes a probe. Never throws. */
  ask(number: number): Promise<void>;
  /** Handles a packet of the members and of other joiners. */
  receive(payload: Uint8Array): Promise<void>;
  /** Wipes its secrets. Idempotent. */
  close(): void;
}

/** A probe that waits for answers. */
interface Asked {
  readonly number: number;
  readonly pending: PendingProbe;
  opened: number;
}

/**
 * @param held - the caller wipes its secret after the end.
 * @param onAnswer - called with each answer that is believed.
 */
export function createProber(
  held: HeldInvitation,
  ports: ProberPorts,
  onAnswer: (readiness: Readiness, probe: number, trust: "inviter" | "member") => void,
): Prober {
  const { clock, random, verifier } = ports;
  let asked: readonly Asked[] = [];
  let isClosed = false;

  const nowSeconds = (): number => Math.floor(clock.wallMs() / 1_000);

  function forget(probes: readonly Asked[]): void {
    for (const { pending } of probes) forgetProbe(pending);
  }

  return {
    async ask(number) {
      try {
        const keyPackageReference = await ports.keyPackageReference();
        const replyKeys = await ports.replyKeys();
        if (isClosed) return;
        const { bytes, pending } = createProbe({
          ...{ secret: held.secret, keyPackageReference, replyKeys, random, nowSeconds: nowSeconds() },
        });
        replyKeys.privateKey.fill(0);
        const kept = [...asked, { number, pending, opened: 0 }];
        forget(kept.slice(0, -JOIN_LIMITS.pendingProbes));
        asked = kept.slice(-JOIN_LIMITS.pendingProbes);
        await ports.publish(bytes);
      } catch {
        // It is lost like a packet on the way: the next one follows.
      }
    },

    async receive(payload) {
      const found = asked.find(({ pending }) => isAnswerTo(payload, pending));
      if (found === undefined || found.opened >= JOIN_LIMITS.openedAnswers) return;
      // Before it is opened, which takes a while: anyone can send many at once.
      found.opened += 1;
      const opened = await openReadiness(found.pending, payload, {
        ...{ verifier, nowSeconds: nowSeconds(), maxAgeSeconds: MAX_PROBE_AGE_SECONDS },
        verify: (...signed) => ports.verify(...signed),
        open: (...sealed) => ports.open(...sealed),
      });
      if (opened.ok && !isClosed) onAnswer(opened.readiness, found.number, opened.trust);
    },

    close() {
      isClosed = true;
      forget(asked);
      asked = [];
    },
  };
}
