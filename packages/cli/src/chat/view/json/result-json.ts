import { COMMAND_HELP } from "../../commands/command.js";
import type { CommandResult } from "../../commands/command-result.js";
import type { Room } from "../../room/room.js";
import type { Fields } from "./json-fields.js";
import { messageFields } from "./message-json.js";
import { requestFields } from "./request-json.js";

/** The JSON fields of a result, with its kind. */
export function resultFields(
  result: CommandResult,
  room: Room,
): Fields & { readonly kind: CommandResult["kind"] } {
  switch (result.kind) {
    case "votes":
      return {
        kind: result.kind,
        votes: result.votes.map(({ request, ...vote }) => ({ ...vote, request: requestFields(request) })),
      };
    case "history":
      return {
        kind: result.kind,
        messages: result.messages.map((message) => ({
          ...messageFields(message, room),
          isOwn: message.isOwn,
        })),
      };
    case "state": {
      const { kind, inspection, ...fields } = result;
      return { kind, ...inspection, ...fields };
    }
    case "members": {
      const bans = result.bans.map(({ untilWallMs, ...ban }) => ({
        ...ban,
        until: new Date(untilWallMs).toISOString(),
      }));
      const members = result.members.map(({ probationUntilWallMs: until, ...member }) => ({
        ...member,
        newcomerUntil: until === undefined ? undefined : new Date(until).toISOString(),
      }));
      return { kind: result.kind, members, bans };
    }
    case "help":
      return { kind: result.kind, commands: COMMAND_HELP };
    default:
      return result as Fields & CommandResult;
  }
}
