import type { ChatProcess } from "./chat-process.js";
import { memberOf } from "./group.js";

/** Entry of a `commitApplied` line. */
interface CommittedChange {
  readonly request: { readonly kind: string; readonly target?: string };
}

/** Kinds of the committed changes of a member, such as `add`, in the order in which `witness` has merged them. */
export async function changesOf(chat: ChatProcess, witness: ChatProcess): Promise<readonly string[]> {
  const target = await memberOf(chat);
  return witness.lines
    .filter(({ type }) => type === "commitApplied")
    .flatMap(({ changes }) => changes as readonly CommittedChange[])
    .flatMap(({ request }) => (request.target === target ? [request.kind] : []));
}
