import type { WelcomeMessage } from "@demls/wire";
import { resendWelcome } from "./admissions.js";
import { planConfirmation } from "./confirmations.js";
import { planLeafNotice } from "./leaf-notices.js";
import { receiveRejoin } from "./rejoin-requests.js";
import { handled, type Handled } from "../model/fact.js";
import { namesOtherGroup } from "../model/group-id.js";
import { ignored, rejected } from "../model/inbound-outcome.js";
import type { AddRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { turnsAwayBanned } from "../voting/bans.js";
import { checkKeyPackage } from "../voting/key-package-check.js";
import { receiveJoiner } from "../voting/joiners.js";
import { isRefused } from "../voting/refusals.js";

type Announcement = Extract<WelcomeMessage, { kind: "user_key_package" }>;

/** Verifies a key package before any use: anyone outside the group can send one (W31). */
export async function receiveKeyPackage(
  tx: ActiveTransaction,
  { keyPackageBytes: keyPackage, groupId, redemption }: Announcement,
): Promise<Handled> {
  if (namesOtherGroup(tx, groupId)) return handled(ignored("other-group"));
  const inspection = await tx.env.plugins.mls.inspectKeyPackage(keyPackage);
  if (!inspection.ok) return handled(rejected("invalid-key-package", inspection.reason));
  const { identity, reference } = inspection;
  if (tx.state.admission.spent.includes(reference)) {
    resendWelcome(tx, reference);
    planConfirmation(tx, identity, redemption, keyPackage);
    return handled(ignored("spent-key-package"));
  }
  if (tx.state.group.members.includes(identity)) {
    const rejoin = await receiveRejoin(tx, inspection, keyPackage);
    resendWelcome(tx, identity);
    planConfirmation(tx, identity, redemption, keyPackage);
    if (rejoin === undefined) await planLeafNotice(tx, inspection);
    return handled(rejoin ?? ignored("already-a-member"));
  }
  if (turnsAwayBanned(tx, identity, reference)) return handled(ignored("banned-joiner"));
  if (isRefused(tx, identity, reference)) return handled(ignored("refused-joiner"));
  const check = await checkKeyPackage(tx, keyPackage);
  if (!check.ok) return handled(rejected("invalid-key-package", check.reason));
  const unnamed = groupId === undefined ? reference : undefined;
  const request: AddRequest = {
    ...{ kind: "add", member: identity, keyPackage },
    ...(redemption && { redemption }),
  };
  return receiveJoiner(tx, request, { claimedName: check.claimedName, unnamed });
}
