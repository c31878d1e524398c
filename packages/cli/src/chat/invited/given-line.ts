import { DemlsError } from "demls";
import type { AskSecret } from "../terminal/ask-line.js";
import { isInvitation } from "./invitation-argument.js";

/** Arguments of a chat with an invitation among them, and the input after it. */
export interface GivenLine {
  readonly args: readonly string[];
  readonly lines: () => AsyncIterable<string>;
}

/**
 * Takes the invitation from the arguments, else from the terminal, else from the first line of the input: other users of the
 * machine can read the arguments of a process.
 *
 * @param ask asks on the terminal; `undefined` without one.
 * @throws DemlsError `invalid-option` without an invitation.
 */
export async function givenLine({ args, lines }: GivenLine, ask: AskSecret | undefined): Promise<GivenLine> {
  if (args.some(isInvitation)) return { args, lines };
  if (ask !== undefined) return { args: [checked(await ask("Invitation, not shown: ")), ...args], lines };
  const input = lines()[Symbol.asyncIterator]();
  const first = await input.next();
  const line = checked(first.done === true ? undefined : first.value);
  return { args: [line, ...args], lines: () => ({ [Symbol.asyncIterator]: () => input }) };
}

function checked(text: string | undefined): string {
  const line = text?.trim() ?? "";
  if (isInvitation(line)) return line;
  throw new DemlsError("invalid-option", {
    message: "demls join takes an invitation: one line that begins with demls:.",
    remedy: "Ask a member for one, who makes it by /invite. Give it as an argument, or on standard input.",
  });
}
