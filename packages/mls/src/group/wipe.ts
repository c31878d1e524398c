import type { ClientState, SecretTree } from "../ts-mls.js";
import type { TsMlsGroup } from "./mls-group.js";

/**
 * See {@link MlsService.wipe}.
 *
 * Values of one group share secrets by reference, since each step replaces only what it changes: what
 * ts-mls calls `consumed` may well be in use by a value that is still held. So nothing is zeroed on the
 * way; it is here, when the holder says which values remain, by the identity of the arrays.
 */
export function wipe(spent: readonly TsMlsGroup[], kept: readonly TsMlsGroup[]): void {
  const inUse = new Set(kept.flatMap(({ state }) => secretsOf(state)));
  for (const { state } of spent)
    for (const secret of secretsOf(state)) if (!inUse.has(secret)) secret.fill(0);
}

/** Every secret that a state refers to, but the signature key, which is the user's and not the group's. */
function secretsOf(state: ClientState): Uint8Array[] {
  const past = [...state.historicalReceiverData.values()];
  return [
    ...Object.values<Uint8Array>({ ...state.keySchedule }),
    ...Object.values(state.privatePath.privateKeys),
    ...ratchetSecrets(state.secretTree),
    ...past.flatMap((epoch) => [
      epoch.senderDataSecret,
      epoch.resumptionPsk,
      ...ratchetSecrets(epoch.secretTree),
    ]),
  ];
}

function ratchetSecrets(tree: SecretTree): Uint8Array[] {
  return tree.flatMap(({ handshake, application }) =>
    [handshake, application].flatMap((ratchet) => [
      ratchet.secret,
      ...Object.values(ratchet.unusedGenerations),
    ]),
  );
}
