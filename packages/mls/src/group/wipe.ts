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
  const inUse = new Set<Uint8Array>();
  for (const { state } of kept) for (const secret of secretsOf(state)) inUse.add(secret);
  for (const { state } of spent)
    for (const secret of secretsOf(state)) if (!inUse.has(secret)) secret.fill(0);
}

/** Every secret referenced by a state. */
function* secretsOf(state: ClientState): Iterable<Uint8Array> {
  yield state.signaturePrivateKey;
  yield* Object.values<Uint8Array>({ ...state.keySchedule });
  yield* Object.values(state.privatePath.privateKeys);
  yield* ratchetSecrets(state.secretTree);
  for (const past of state.historicalReceiverData.values()) {
    yield past.senderDataSecret;
    yield past.resumptionPsk;
    yield* ratchetSecrets(past.secretTree);
  }
}

function* ratchetSecrets(tree: SecretTree): Iterable<Uint8Array> {
  for (const { handshake, application } of tree)
    for (const { secret, unusedGenerations } of [handshake, application]) {
      yield secret;
      for (const generation in unusedGenerations) yield unusedGenerations[generation] as Uint8Array;
    }
}
