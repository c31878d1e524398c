import type { Actor } from "./actor.js";
import { chat } from "./chat.js";
import { handVotes } from "./hand-votes.js";
import { membership } from "./membership.js";
import { renewals } from "./renewals.js";

export type { Actor, GroupSize } from "./actor.js";
export { say, talk } from "./chat.js";

/** The parts of honest people. */
export const HONEST: Readonly<Record<string, Actor>> = { chat, handVotes, membership, renewals };

/** The parts of honest people that neither vote by hand nor change the members. */
export const QUIET: Readonly<Record<string, Actor>> = { chat, renewals };

/** The parts of honest people that change neither members nor keys. */
export const STEADY: Readonly<Record<string, Actor>> = { chat, handVotes };
