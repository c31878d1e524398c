import { memberKey } from "@demls/join";
import { DemlsError, hexToBytes } from "@demls/wire/core";
import { modeOf } from "../model/compatibility.js";
import type { Command } from "../model/input.js";
import { isActive } from "../model/state.js";
import { notJoined } from "../model/transaction.js";
import { isOver } from "../runtime/conversation-errors.js";
import type { ConversationDriver } from "../runtime/driver.js";
import type { Conversation } from "./conversation.js";
import type { ConversationHost } from "./conversation-host.js";
import { nextState } from "./next-state.js";

/** The calls of a conversation about invitations. */
export function invitationCalls(
  driver: ConversationDriver,
  runCommand: (command: Command) => Promise<void>,
  host: Pick<ConversationHost, "issueInvitation">,
): Pick<Conversation, "createInvitation" | "revokeInvitation"> {
  return {
    async createInvitation(terms = {}) {
      const { state } = driver;
      if (state.phase === "ended") throw isOver(state);
      if (!isActive(state)) throw notJoined(state.name);
      const isStrict = modeOf(state.group) === "strict";
      const groupId = isStrict ? state.group.groupId : undefined;
      const issued = await host.issueInvitation({ ...terms, conversationName: state.name, groupId });
      if (!isStrict) return issued;
      const { id, expiresAt } = issued.invitation;
      const key = memberKey(issued.secret);
      const share = (): Promise<void> =>
        runCommand({ kind: "shareInvitation", id, expiresAt: BigInt(expiresAt), memberKey: key });
      const mustWait = driver.snapshot.catchingUp;
      await share();
      // The members could not read what this one sends before. Its records tell them if this process ends earlier.
      if (mustWait)
        void nextState(driver, ({ catchingUp }) => !catchingUp)
          .then(share)
          .catch(() => undefined);
      return issued;
    },

    async revokeInvitation(id) {
      if (typeof id !== "string" || hexToBytes(id)?.length !== 8) throw invalidInvitationId();
      await nextState(driver, ({ catchingUp }) => !catchingUp);
      await runCommand({ kind: "revokeInvitation", id: id.toLowerCase() });
    },
  };
}

function invalidInvitationId(): DemlsError<"unknown-invitation"> {
  return new DemlsError("unknown-invitation", {
    message: "An id of an invitation is 16 hex digits.",
    field: "id",
    remedy: "Pass the id of an invitation of this user: state.invitations lists them.",
  });
}
