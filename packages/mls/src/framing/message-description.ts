import { bytesToHex } from "@demls/wire/core";
import { parseMlsMessage } from "./private-message.js";

/** Facts about a message that can be read without a key. None of them is authenticated. */
export type MessageDescription =
  | {
      readonly kind: "application" | "proposal" | "commit";
      /** As claimed, lower-case hex. */
      readonly groupId: string;
      /** As claimed. */
      readonly epoch: bigint;
    }
  | {
      readonly kind: "welcome";
      /** KeyPackageRefs of the key packages that the welcome is for, lower-case hex. */
      readonly references: readonly string[];
    }
  /** Well-formed, but of a kind that de-MLS does not send: a PublicMessage, a GroupInfo, a bare key package. */
  | { readonly kind: "other" }
  | { readonly kind: "malformed" };

/** See {@link MlsService.describe}. */
export function describe(bytes: Uint8Array): MessageDescription {
  const message = parseMlsMessage(bytes);
  switch (message?.wireformat) {
    case undefined:
      return { kind: "malformed" };
    case "mls_private_message": {
      const { contentType, groupId, epoch } = message.privateMessage;
      return { kind: contentType, groupId: bytesToHex(groupId), epoch };
    }
    case "mls_welcome":
      return {
        kind: "welcome",
        references: message.welcome.secrets.map(({ newMember }) => bytesToHex(newMember)),
      };
    default:
      return { kind: "other" };
  }
}
