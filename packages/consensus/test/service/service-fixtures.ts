import type { Storage, StorageOperation } from "@demls/wire/core";
import {
  createConsensusService,
  type ConsensusEvent,
  type ConsensusService,
  type ConsensusServiceOptions,
  type CreateProposalRequest,
} from "../../src/service/index.js";
import { NOW, testSigner, trustingVerifier } from "../fixtures.js";

/** Manual wall clock, and random bytes that never repeat. */
export function createWorld() {
  let nowMs = Number(NOW) * 1000;
  let drawn = 0;
  return {
    clock: { wallMs: () => nowMs },
    random: {
      bytes: (length: number) => new Uint8Array(length).map((_, i) => (i === 0 ? ++drawn : drawn >> 8)),
    },
    pass(seconds: number): void {
      nowMs += seconds * 1000;
    },
  };
}

export type World = ReturnType<typeof createWorld>;

/** Service of the member with this number. */
export function memberService(
  world: World,
  index: number,
  options: Partial<ConsensusServiceOptions> = {},
): ConsensusService {
  return createConsensusService({ ...world, signer: testSigner(index), ...options });
}

/** Service that accepts every signature. */
export function trustingService(
  world: World,
  options: Partial<ConsensusServiceOptions> = {},
): ConsensusService {
  return memberService(world, 0, { verifier: trustingVerifier, ...options });
}

export function proposalRequest(changes: Partial<CreateProposalRequest> = {}): CreateProposalRequest {
  return { name: "p", payload: Uint8Array.of(1), expectedVoters: 3, expirationSeconds: 600n, ...changes };
}

/** The events of a service's bus from now on. */
export function eventsOf(service: ConsensusService): ConsensusEvent[] {
  const events: ConsensusEvent[] = [];
  service.backend.eventBus.subscribe({ next: (event) => events.push(event) });
  return events;
}

/** Minimal storage. */
export function createTinyStorage(): Storage {
  const records = new Map<string, Uint8Array>();
  const place = (namespace: string, key: string): string => `${namespace}\n${key}`;
  const apply = (operation: StorageOperation): void => {
    const at = place(operation.namespace, operation.key);
    if (operation.kind === "put") records.set(at, Uint8Array.from(operation.value));
    else records.delete(at);
  };
  return {
    write: async (batch) => batch.forEach(apply),
    scan: async (namespace, { prefix = "" } = {}) =>
      [...records]
        .filter(([at]) => at.startsWith(place(namespace, prefix)))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([at, value]) => ({ key: at.slice(namespace.length + 1), value: Uint8Array.from(value) })),
  };
}
