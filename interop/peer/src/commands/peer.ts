import { DemlsError, type Clock, type RandomSource } from "demls";
import { textField, type Fields } from "../protocol/fields.js";
import type { PeerUser } from "../user/peer-user.js";
import { reasonOf, type Emit } from "../protocol/protocol-line.js";
import { settle } from "./settling.js";

/** State of a peer process that its commands use. */
export interface Peer {
  readonly users: Map<string, PeerUser>;
  readonly clock: Clock;
  /** Sets the clock to a command's time, if the lines carry the time. */
  readonly tellTime: (wallMs: number) => void;
  /** The random source of a user. */
  readonly randomOf: (user: string) => RandomSource;
  readonly emit: Emit;
  /** Writes a diagnostic line to the standard error. */
  readonly diagnose: (line: string) => void;
  /** Sets the interval of automatic polls, in milliseconds; 0 stops them. */
  readonly setTick: (intervalMs: number) => void;
}

/** Runs a command and returns its result. */
export type Handler = (peer: Peer, fields: Fields) => unknown;

/** The user of a command. @throws DemlsError `unknown-user`, `invalid-field`. */
export function userOf({ users }: Peer, fields: Fields): PeerUser {
  const user = users.get(textField(fields, "user"));
  if (user !== undefined) return user;
  throw new DemlsError("unknown-user", {
    message: "The peer has no such user.",
    field: "user",
    remedy: "Create it with new_user first.",
  });
}

/**
 * Waits until all conversations are idle after a command. Later results, such as those after a freeze or a vote, come
 * with later lines, and a later failure with an `error` line.
 *
 * @throws the rejection of `started`, if it has rejected by then.
 */
export async function onceSettled(peer: Peer, command: Fields, started: Promise<unknown>): Promise<void> {
  const { user, conversation_id, cmd: op } = command;
  let settled = false;
  let failure: { readonly error: unknown } | undefined;
  started.catch((error: unknown) => {
    if (!settled) failure = { error };
    // Closing a user rejects its pending calls.
    else if (peer.users.has(String(user))) {
      peer.emit({ type: "error", user, conversation_id, op, error: reasonOf(error) });
    }
  });
  await settle(peer.users.values());
  settled = true;
  if (failure !== undefined) throw failure.error;
}
