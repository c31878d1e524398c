import type { ChatProcess } from "./chat-process.js";
import { memberOf } from "./group.js";

interface Request {
  readonly kind: string;
  readonly target?: string;
}

/** Entry of a `commitApplied` line. */
interface CommittedChange {
  readonly request: Request;
}

/** Kinds of the committed changes of a member, such as `add`, in the order in which `witness` has merged them. */
export async function changesOf(chat: ChatProcess, witness: ChatProcess): Promise<readonly string[]> {
  const target = await memberOf(chat);
  return witness.lines
    .filter(({ type }) => type === "commitApplied")
    .flatMap(({ changes }) => changes as readonly CommittedChange[])
    .flatMap(({ request }) => (request.target === target ? [request.kind] : []));
}

/** Ids of the proposals on a member that `witness` has seen, in order. */
export async function votesOn(chat: ChatProcess, witness: ChatProcess): Promise<readonly unknown[]> {
  const target = await memberOf(chat);
  const onTarget = witness.lines.filter(
    ({ type, request }) =>
      (type === "ownProposalSubmitted" || type === "voteRequested" || type === "proposalDecided") &&
      (request as Request).target === target,
  );
  return [...new Set(onTarget.map(({ proposalId }) => proposalId))];
}
