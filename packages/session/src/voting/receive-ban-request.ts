import { memberIdFromBytes, type MemberId } from "@demls/wire/core";
import { handled, type Handled } from "../model/fact.js";
import { accepted, ignored, rejected } from "../model/inbound-outcome.js";
import { removeRequest } from "../model/request.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { isSettled } from "./newcomers.js";
import { bufferPendingUpdate } from "./pending-updates.js";

/** Handles a member's request for a removal, sent without a vote. 3.0.0 sends none, but accepts them. */
export function receiveBanRequest(tx: ActiveTransaction, userToBan: Uint8Array, sender: MemberId): Handled {
  const target = memberIdFromBytes(userToBan);
  if (!tx.state.group.members.includes(target)) return handled(rejected("not-a-member", undefined, sender));
  // The steward proposes it as its own.
  if (!isSettled(tx, sender)) return handled(rejected("not-a-voter", undefined, sender));
  const buffered = bufferPendingUpdate(tx, removeRequest(target));
  if (buffered !== "buffered") return handled(ignored(buffered));
  return handled(accepted("banRequest", sender), [{ kind: "changeRequested" }]);
}
