import { DemlsError, type Clock, type RandomSource } from "demls";
import { textField, type Fields } from "../protocol/fields.js";
import type { PeerUser } from "../user/peer-user.js";
import { reasonOf, type Emit } from "../protocol/protocol-line.js";
import { settle } from "./settling.js";

/** The state of a peer process, as its commands see it. */
export interface Peer {
  readonly users: Map<string, PeerUser>;
  readonly clock: Clock;
  /** Takes note of the time that a command was given at, where time is told. */
  readonly tellTime: (wallMs: number) => void;
  /** The randomness of the user of this name. */
  readonly randomOf: (user: string) => RandomSource;
  readonly emit: Emit;
  /** Writes a line for people, beside the protocol. */
  readonly diagnose: (line: string) => void;
  /** Polls by itself at this interval in milliseconds; 0: no more. */
  readonly setTick: (intervalMs: number) => void;
}

/** Carries out a command and answers with its result. */
export type Handler = (peer: Peer, fields: Fields) => unknown;

/** The user that a command names. @throws DemlsError `unknown-user`, `invalid-field`. */
export function userOf({ users }: Peer, fields: Fields): PeerUser {
  const user = users.get(textField(fields, "user"));
  if (user !== undefined) return user;
  throw new DemlsError("unknown-user", {
    message: "The peer has no such user.",
    field: "user",
    remedy: "Make it with new_user first.",
  });
}

/**
 * Waits until everything that a command has `started` has come to rest, and for nothing more: what it waits
 * for beyond that (the end of a freeze, a vote) comes with later lines, its failure with an `error` line.
 *
 * @throws what `started` has rejected with by then.
 */
export async function onceSettled(peer: Peer, command: Fields, started: Promise<unknown>): Promise<void> {
  const { user, conversation_id, cmd: op } = command;
  let settled = false;
  let failure: { readonly error: unknown } | undefined;
  started.catch((error: unknown) => {
    if (!settled) failure = { error };
    // A user that is being closed takes what it was waiting for along.
    else if (peer.users.has(String(user))) {
      peer.emit({ type: "error", user, conversation_id, op, error: reasonOf(error) });
    }
  });
  await settle(peer.users.values());
  settled = true;
  if (failure !== undefined) throw failure.error;
}
