import { bytesToHex, bytesToUtf8 } from "@demls/wire/core";
import { parseMlsMessage } from "./private-message.js";

/** What can be told about a message without a key. Nothing of it is authenticated. */
export type MessageDescription =
  | {
      readonly kind: "application" | "proposal" | "commit";
      /** As claimed; the hex of the bytes, in brackets, where they are not UTF-8. */
      readonly groupId: string;
      /** As claimed. */
      readonly epoch: bigint;
    }
  | {
      readonly kind: "welcome";
      /** The key packages it is for: KeyPackageRefs, lower-case hex. */
      readonly references: readonly string[];
    }
  /** Well-formed, but nothing that de-MLS sends: a PublicMessage, a GroupInfo, a bare key package. */
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
      return { kind: contentType, groupId: bytesToUtf8(groupId) ?? `[${bytesToHex(groupId)}]`, epoch };
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
