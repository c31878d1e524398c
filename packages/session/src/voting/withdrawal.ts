import { WITHDRAWAL_LABEL, type Withdrawal } from "@demls/join";
import { withoutKey } from "../model/persistent-collections.js";
import { isSameChange, type ChangeRequest } from "../model/request.js";
import { policyOf, trace, update, type ActiveTransaction } from "../model/transaction.js";
import { hexBytes } from "../repair/hex.js";
import { openVotes, updateVote } from "./open-votes.js";
import { rememberWithdrawal } from "./refusals.js";

/**
 * Handles a joiner's notice that it has given up: it is not proposed, and the default vote on it turns to no. A joiner that is
 * approved already is added.
 */
export async function withdrawJoiner(tx: ActiveTransaction, withdrawal: Withdrawal): Promise<void> {
  if (!policyOf(tx).remembersRefusals) return;
  const { member, reference } = withdrawal;
  const buffered = tx.state.changes.pending.get(member)?.request;
  const voted = openVotes(tx).filter(({ request }) => request.kind === "add" && request.member === member);
  const requests = [...voted.map(({ request }) => request), ...(buffered === undefined ? [] : [buffered])];
  const own = await firstOwn(tx, requests, withdrawal);
  if (own === undefined) return;
  rememberWithdrawal(tx, member, reference);
  if (buffered !== undefined && isSameChange(buffered, own))
    update(tx, "changes", { pending: withoutKey(tx.state.changes.pending, member) });
  for (const { proposalId, request: asked, defaultVote } of voted) {
    if (defaultVote?.vote !== true || !isSameChange(asked, own)) continue;
    updateVote(tx, proposalId, { defaultVote: { ...defaultVote, vote: false } });
    trace(tx, { kind: "defaultVote", proposalId, vote: false, reason: "withdrawn" });
  }
}

/** The first of these requests whose key package has this reference, and whose leaf has signed the withdrawal. */
async function firstOwn(
  { env }: ActiveTransaction,
  requests: readonly ChangeRequest[],
  { member, reference, signature }: Withdrawal,
): Promise<ChangeRequest | undefined> {
  const { mls } = env.plugins;
  for (const request of requests) {
    if (request.kind !== "add") continue;
    const found = await mls.inspectKeyPackage(request.keyPackage);
    if (!found.ok || found.identity !== member || found.reference !== reference) continue;
    const isSigned = await mls.verify(found.signatureKey, WITHDRAWAL_LABEL, hexBytes(reference), signature);
    return isSigned ? request : undefined;
  }
  return undefined;
}
