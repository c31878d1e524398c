import type { Generations } from "@demls/mls";
import { ratchetsOf, withCurrent, withRatchets, type FakeGroup } from "./group.js";
import type { Ratchet } from "./ratchet.js";

/** See `MlsService.generations`. */
export function generations({ state }: FakeGroup): Generations {
  const { handshake, application } = ratchetsOf(state.current, state.ownLeaf);
  return { handshake: handshake.next, application: application.next };
}

/** See `MlsService.skipGenerations`. */
export function skipGenerations(group: FakeGroup, to: Generations): FakeGroup {
  const { current, ownLeaf } = group.state;
  const { handshake, application } = ratchetsOf(current, ownLeaf);
  const skipped = {
    handshake: skip(handshake, to.handshake),
    application: skip(application, to.application),
  };
  return withCurrent(group, withRatchets(current, ownLeaf, skipped));
}

function skip(ratchet: Ratchet, to: number): Ratchet {
  return { ...ratchet, next: Math.max(ratchet.next, to) };
}
