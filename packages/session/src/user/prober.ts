import {
  createProbe,
  forgetProbe,
  MAX_PROBE_AGE_SECONDS,
  openReadiness,
  type HeldInvitation,
  type PendingProbe,
  type Readiness,
} from "@demls/join";
import { JOIN_SUBTOPIC, type CancelTimer, type Packet } from "@demls/wire/core";
import { wallSeconds, type DriverContext } from "../runtime/driver-context.js";

/** Interval in ms to the second probe; each further one is half as long again, up to the maximum. */
const INTERVAL_MS = { first: 1_000, max: 10_000 };
/** Probes whose answers are awaited. Beyond: the oldest is forgotten. */
const PENDING_PROBES = 4;
/** Answers to one probe that are opened; two members answer. Beyond: they are ignored. */
const OPENED_ANSWERS = 8;

/** Asks the members of a conversation who is there, again and again. */
export interface Prober {
  /** Handles a packet of the subtopic: an answer, or a packet of others. */
  receive(packet: Packet): void;
  /** Stops, and wipes its secrets. Idempotent. */
  close(): void;
}

/** Parts of a prober. */
export interface ProberParts {
  readonly context: Pick<DriverContext, "clock" | "random" | "transport" | "plugins" | "appId">;
  /** The invitation. The caller wipes its secret after the end. */
  readonly held: HeldInvitation;
  /** Reference of the announced key package, 32 bytes; `undefined` if there is none. */
  keyPackageReference(): Promise<Uint8Array | undefined>;
  /** Called with each answer that is believed, the number of its probe, and whether the inviter has given it. */
  onAnswer(readiness: Readiness, probe: number, isInviter: boolean): void;
}

/** A probe that waits for answers. */
interface Asked {
  readonly number: number;
  readonly pending: PendingProbe;
  opened: number;
}

/** Starts to ask. */
export function createProber({ context, held, keyPackageReference, onAnswer }: ProberParts): Prober {
  const { clock, random, transport, plugins, appId } = context;
  const { conversationName: conversationId } = held.invitation;
  let asked: readonly Asked[] = [];
  let count = 0;
  let cancel: CancelTimer = () => undefined;
  let isClosed = false;

  function forget(probes: readonly Asked[]): void {
    for (const { pending } of probes) forgetProbe(pending);
  }

  async function ask(intervalMs: number): Promise<void> {
    // Between three quarters and five quarters of it, so that many joiners do not ask at once.
    const spread = 0.75 + (random.bytes(1)[0] ?? 0) / 512;
    const nextMs = Math.min(INTERVAL_MS.max, intervalMs * 1.5);
    cancel = clock.wakeAt(clock.monotonicMs() + Math.ceil(intervalMs * spread), () => void ask(nextMs));
    try {
      const reference = await keyPackageReference();
      const replyKeys = await plugins.mls.hpkeKeyPair();
      if (isClosed) return;
      const { bytes: payload, pending } = createProbe({
        ...{ secret: held.secret, keyPackageReference: reference, replyKeys },
        ...{ random, nowSeconds: wallSeconds(clock) },
      });
      replyKeys.privateKey.fill(0);
      const kept = [...asked, { number: (count += 1), pending, opened: 0 }];
      forget(kept.slice(0, -PENDING_PROBES));
      asked = kept.slice(-PENDING_PROBES);
      await transport.publish({ payload, subtopic: JOIN_SUBTOPIC, conversationId, appId });
    } catch {
      // It is lost like a packet on the way: the next one follows.
    }
  }

  async function open(payload: Uint8Array): Promise<void> {
    for (const each of asked) {
      if (each.opened >= OPENED_ANSWERS) continue;
      const opened = await openReadiness(each.pending, payload, {
        verifier: plugins.verifier,
        verify: (...signed) => plugins.mls.verify(...signed),
        open: (...sealed) => plugins.mls.hpkeOpen(...sealed),
        nowSeconds: wallSeconds(clock),
        maxAgeSeconds: MAX_PROBE_AGE_SECONDS,
      });
      if (!opened.ok && opened.reason === "other-probe") continue;
      each.opened += 1;
      if (opened.ok && !isClosed) onAnswer(opened.readiness, each.number, opened.trust === "inviter");
      return;
    }
  }

  void ask(INTERVAL_MS.first);
  return {
    receive: ({ payload }) => void open(payload),
    close() {
      if (isClosed) return;
      isClosed = true;
      cancel();
      forget(asked);
      asked = [];
    },
  };
}
