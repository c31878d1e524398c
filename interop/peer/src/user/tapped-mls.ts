import type { MemberId, MlsService } from "demls";

/** Observer of encryption and decryption. */
export interface MlsObserver {
  /** The plaintext to encrypt for `conversationId` instead of `plaintext`, usually the same. */
  sealing(conversationId: string, plaintext: Uint8Array): Uint8Array;
  /** Called after `plaintext` was encrypted into `payload`. */
  sealed(payload: Uint8Array, plaintext: Uint8Array): void;
  /** Called after a message of `sender` was decrypted. */
  opened(sender: MemberId, plaintext: Uint8Array): void;
}

/** Wraps `mls` with an observer. */
export function tapMls(mls: MlsService, observer: MlsObserver): MlsService {
  return {
    ...mls,
    async seal(group, given) {
      const plaintext = observer.sealing(group.name, given);
      const sealed = await mls.seal(group, plaintext);
      observer.sealed(sealed.message, plaintext);
      return sealed;
    },
    async open(group, message) {
      const opened = await mls.open(group, message);
      const { outcome } = opened;
      if (outcome.kind === "application") observer.opened(outcome.sender, outcome.plaintext);
      return opened;
    },
  };
}
