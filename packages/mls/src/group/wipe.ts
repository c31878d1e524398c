import type { ClientState, SecretTree } from "../ts-mls.js";
import type { TsMlsGroup } from "./mls-group.js";

/**
 * See {@link MlsService.wipe}.
 *
 * Values of one group share secrets by reference, since each step replaces only the parts it changes. Secrets in
 * ts-mls's `consumed` may still be used by a value that the caller holds, so no step zeroes them. This function
 * compares the arrays by identity once the caller names the remaining values.
 */
export function wipe(spent: readonly TsMlsGroup[], kept: readonly TsMlsGroup[]): void {
  const inUse = new Set(kept.flatMap(({ state }) => secretsOf(state)));
  for (const { state } of spent)
    for (const secret of secretsOf(state)) if (!inUse.has(secret)) secret.fill(0);
}

/** Every secret referenced by a state, except the signature key, which belongs to the user. */
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
