import type { ChangeRequest } from "demls";
import type { Fields } from "./json-fields.js";

/** The JSON fields of a request, without key packages and evidence. */
export function requestFields(request: ChangeRequest): Fields {
  const { kind } = request;
  switch (kind) {
    case "add":
    case "remove":
      return { kind, target: request.member };
    case "electStewards": {
      const { stewards, electionEpoch, retryRound } = request;
      return { kind, stewards, electionEpoch, retryRound };
    }
    case "emergency": {
      const { evidence } = request;
      return { kind, violation: evidence?.violation, target: evidence?.target };
    }
  }
}
