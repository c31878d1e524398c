import type { MemberId, MlsService } from "demls";

/** Looks on while messages are sealed and opened. */
export interface MlsObserver {
  /** What is to be sealed for `conversationId` in place of `plaintext`: most often itself. */
  sealing(conversationId: string, plaintext: Uint8Array): Uint8Array;
  /** `plaintext` was sealed into `payload`. */
  sealed(payload: Uint8Array, plaintext: Uint8Array): void;
  /** A message of `sender` was opened. */
  opened(sender: MemberId, plaintext: Uint8Array): void;
}

/** `mls`, with `observer` between it and the session. */
export function tapMls(mls: MlsService, observer: MlsObserver): MlsService {
  return {
    ...mls,
    async seal(group, given) {
      const plaintext = observer.sealing(group.groupId, given);
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
