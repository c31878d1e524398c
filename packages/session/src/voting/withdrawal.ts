import { deletePending } from "../changes/index.js";
import { encodeWithdrawal, WITHDRAWAL_LABEL, type Withdrawal } from "@demls/join";
import { JOIN_SUBTOPIC, type MemberId } from "@demls/wire/core";
import { enqueue } from "../messages/send.js";
import { NO_FACTS, type Facts } from "../model/fact.js";
import { LIMITS } from "../model/limits.js";
import { entriesWhere, withEntry, withoutKey } from "../model/persistent-collections.js";
import type { WithdrawnKeyPackage } from "../model/refusals.js";
import { isSameChange, type AddRequest, type ChangeRequest } from "../model/request.js";
import { policyOf, trace, update, type ActiveTransaction } from "../model/transaction.js";
import { hexBytes } from "../model/hex.js";
import { openVotes, updateVote } from "./open-votes.js";

/**
 * Handles a joiner's notice that it has given up: it is not proposed, this member votes no at once where it has not voted, and
 * an approved addition is dropped.
 */
export async function withdrawJoiner(tx: ActiveTransaction, withdrawal: Withdrawal): Promise<Facts> {
  const { member, reference } = withdrawal;
  if (!policyOf(tx).remembersRefusals || tx.state.refusals.withdrawn.has(reference)) return NO_FACTS;
  const { pending } = tx.state.changes;
  const own = await firstOwn(tx, withdrawal);
  if (own === undefined) return NO_FACTS;
  const { request, notAfterSeconds } = own;
  const { signature } = withdrawal;
  remember(tx, reference, { member, signature, notAfterSeconds, isRelayed: false });
  const buffered = pending.get(member)?.request;
  if (buffered !== undefined && isSameChange(buffered, request)) deletePending(tx, member);
  for (const { proposalId, request: asked, defaultVote } of openVotes(tx)) {
    if (defaultVote === undefined || !isSameChange(asked, request)) continue;
    updateVote(tx, proposalId, { defaultVote: { atMs: tx.env.nowMs, vote: false } });
    trace(tx, { kind: "defaultVote", proposalId, vote: false, reason: "withdrawn" });
  }
  return [{ kind: "joinerWithdrawn" }];
}

/** The first request for the withdrawn key package whose leaf has signed the notice. */
async function firstOwn(
  { env, state }: ActiveTransaction,
  { member, reference, signature }: Withdrawal,
): Promise<{ readonly request: AddRequest; readonly notAfterSeconds: bigint } | undefined> {
  const { mls } = env.plugins;
  const { approved, pending } = state.changes;
  for (const { request } of [...pending.values(), ...state.votes.open.values(), ...approved]) {
    if (request.kind !== "add" || request.member !== member) continue;
    const found = await mls.inspectKeyPackage(request.keyPackage);
    if (!found.ok || found.identity !== member || found.reference !== reference) continue;
    const isSigned = await mls.verify(found.signatureKey, WITHDRAWAL_LABEL, hexBytes(reference), signature);
    return isSigned ? { request, notAfterSeconds: found.notAfterSeconds } : undefined;
  }
  return undefined;
}

/** Remembers a withdrawal until the key package expires: an old announcement of it adds nobody. */
function remember(tx: ActiveTransaction, reference: string, withdrawn: WithdrawnKeyPackage): void {
  const { nowSeconds } = tx.env;
  const all = withEntry(tx.state.refusals.withdrawn, reference, withdrawn);
  const valid = entriesWhere(all, (_, { notAfterSeconds }) => notAfterSeconds >= nowSeconds);
  update(tx, "refusals", { withdrawn: withinBound(valid) });
}

/** Forgets the oldest withdrawal of the joiner with the most, so that none can displace those of others. */
function withinBound(
  withdrawn: ReadonlyMap<string, WithdrawnKeyPackage>,
): ReadonlyMap<string, WithdrawnKeyPackage> {
  if (withdrawn.size <= LIMITS.withdrawnKeyPackages) return withdrawn;
  const counts = new Map<MemberId, number>();
  for (const { member } of withdrawn.values()) counts.set(member, (counts.get(member) ?? 0) + 1);
  const most = Math.max(...counts.values());
  const [victim] = [...withdrawn].find(([, { member }]) => counts.get(member) === most) ?? [];
  return victim === undefined ? withdrawn : withoutKey(withdrawn, victim);
}

/** Sends the withdrawal again if another member proposes the joiner. */
export async function relayWithdrawalOf(tx: ActiveTransaction, request: ChangeRequest): Promise<void> {
  if (request.kind !== "add") return;
  const found = await tx.env.plugins.mls.inspectKeyPackage(request.keyPackage);
  if (found.ok) relayWithdrawals(tx, [found.reference]);
}

/**
 * Sends withdrawals again, once each, if others want to add the joiner: they have missed them. Otherwise members that
 * know a withdrawal and members that do not would choose different commits.
 */
export function relayWithdrawals(tx: ActiveTransaction, references: readonly string[]): void {
  for (const reference of references) {
    const withdrawn = tx.state.refusals.withdrawn.get(reference);
    if (withdrawn === undefined || withdrawn.isRelayed) continue;
    const relayed = { ...withdrawn, isRelayed: true };
    update(tx, "refusals", { withdrawn: withEntry(tx.state.refusals.withdrawn, reference, relayed) });
    const { member, signature } = withdrawn;
    enqueue(tx, encodeWithdrawal(member, hexBytes(reference), signature), JOIN_SUBTOPIC);
  }
}
