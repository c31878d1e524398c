import {
  checkProved,
  fingerprintOf,
  verificationCodeOf,
  type FingerprintedEpoch,
} from "../identity/verification-code.js";
import type { CompatibilityMode } from "../model/compatibility.js";
import type { Command } from "../model/input.js";
import { notJoined } from "../model/transaction.js";
import { isOver } from "../runtime/conversation-errors.js";
import type { ConversationDriver } from "../runtime/driver.js";
import { checkedMember } from "./checked-member.js";
import type { Conversation } from "./conversation.js";

/** The calls of a conversation by which people find out who is who. */
export function identityCalls(
  driver: ConversationDriver,
  runCommand: (command: Command) => Promise<void>,
): Pick<Conversation, "fingerprint" | "verificationCode" | "markVerified"> {
  return {
    fingerprint: () => fingerprintOf(currentEpoch(driver)),

    verificationCode(member) {
      checkProved(currentEpoch(driver).mode);
      return verificationCodeOf(driver.snapshot.self, checkedMember(member));
    },

    async markVerified(member, verified = true) {
      await runCommand({ kind: "markVerified", member: checkedMember(member), verified });
    },
  };
}

/** @throws DemlsError `not-joined`, `conversation-ended`. */
function currentEpoch({
  state,
  snapshot,
}: ConversationDriver): FingerprintedEpoch & { readonly mode: CompatibilityMode } {
  if (state.phase === "ended") throw isOver(state);
  const { name, groupId, epoch, epochAuthenticator, mode } = snapshot;
  if (groupId === undefined || epoch === undefined || epochAuthenticator === undefined || mode === undefined)
    throw notJoined(name);
  return { groupId, epoch, epochAuthenticator, mode };
}
