import type { MlsGroup, MlsService, StagedCommit } from "@demls/mls";
import { decodeRepairMessage, decodeSignedRepairMessage, type RepairMessage } from "@demls/wire";
import { bytesToHex } from "@demls/wire/core";

/** Label of the repair keys: docs/lost-packets.md. */
const REPAIR_LABEL = "demls repair";
const KEY_BYTES = 16;

/** Observers of a library's calls of MLS. Calls of a step that fails are among them. */
export interface MlsWatch {
  merged(before: MlsGroup, staged: StagedCommit, after: MlsGroup): void;
  /** A repair key was derived. Hex. */
  keyed(group: MlsGroup, key: string, keyId: string): void;
  /** A repair message was sealed under a repair key. Hex. */
  repairSealed(key: string, nonce: string, leafIndex: number, message: RepairMessage): void;
  /** An application message was sealed. */
  messageSealed(message: Uint8Array, plaintext: Uint8Array): void;
}

/** An MLS service that does the same, and tells `watch`. */
export function watchedMls(mls: MlsService, watch: MlsWatch): MlsService {
  return {
    ...mls,
    withNewSignatureKey: async () => watchedMls(await mls.withNewSignatureKey(), watch),
    merge(group, staged) {
      const after = mls.merge(group, staged);
      watch.merged(group, staged, after);
      return after;
    },
    async exportSecret(group, label, context, length) {
      const secret = await mls.exportSecret(group, label, context, length);
      if (label === REPAIR_LABEL)
        watch.keyed(group, bytesToHex(secret.subarray(0, KEY_BYTES)), bytesToHex(secret.subarray(KEY_BYTES)));
      return secret;
    },
    async sealWithKey(key, nonce, aad, plaintext) {
      const signed = decodeSignedRepairMessage(plaintext);
      const message = signed.ok ? decodeRepairMessage(signed.value.body) : signed;
      if (signed.ok && message.ok)
        watch.repairSealed(bytesToHex(key), bytesToHex(nonce), signed.value.leafIndex, message.value);
      return mls.sealWithKey(key, nonce, aad, plaintext);
    },
    async seal(group, plaintext) {
      const result = await mls.seal(group, plaintext);
      watch.messageSealed(result.message, plaintext);
      return result;
    },
  };
}
