import { bytesValue } from "./decodable.js";
import type { Decoded, DecodeOptions } from "./decoded.js";
import { de_mls } from "./generated/messages.js";
import { decodeMessage, encodeMessage } from "./message-codec.js";

type WelcomeFields = de_mls.messages.v1.WelcomeMessage.$Properties;

/** Message on the `welcome` subtopic, in the clear: `de_mls.messages.v1.WelcomeMessage`. */
export type WelcomeMessage =
  | {
      /** Key package of a joiner. */
      readonly kind: "user_key_package";
      /** An MLS key package: serde JSON in de-mls 3.0.0, TLS encoding in 4.x. */
      readonly keyPackageBytes: Uint8Array;
      /**
       * MLS group id of the only group that may add it; absent if the joiner knows the conversation by name alone, and
       * in messages of de-mls 3.0.0. An empty one is not sent.
       */
      readonly groupId?: Uint8Array;
      /** Redemption of an invitation for the key package. Absent in messages of 3.0.0. An empty one is not sent. */
      readonly redemption?: Uint8Array;
    }
  | {
      /** Welcome for the members added by the last commit. */
      readonly kind: "invitation_to_join";
      /** An MLSMessage with a Welcome (RFC 9420, section 12.4.3.1), TLS-encoded. */
      readonly mlsMessageOutBytes: Uint8Array;
      /** MLS group id of the group that it admits to; absent in messages of de-mls 3.0.0. */
      readonly groupId?: Uint8Array;
    }
  | {
      /** Answer to the key package of a member that does not name its leaf. Not in de-mls 3.0.0. */
      readonly kind: "leaf_notice";
      /** Identity bytes of the member. */
      readonly identity: Uint8Array;
      /** Admission of its leaf, 16 bytes. A key package that names it replaces the leaf. */
      readonly admission: Uint8Array;
      /** MLS group id. An empty one is not sent. */
      readonly groupId?: Uint8Array;
    }
  | {
      /** A member's word to a joiner that this group is that of its invitation. Not in de-mls 3.0.0. */
      readonly kind: "group_confirmation";
      /** A confirmation, as `@demls/join` encodes it. */
      readonly confirmation: Uint8Array;
      /** MLS group id. An empty one is not sent. */
      readonly groupId?: Uint8Array;
    }
  | {
      /** No message, or one of an unknown kind. */
      readonly kind: "empty";
    };

/** Encodes a welcome message. */
export function encodeWelcomeMessage(message: WelcomeMessage): Uint8Array {
  return encodeMessage(de_mls.messages.v1.WelcomeMessage, welcomeToWire(message));
}

/**
 * Decodes a welcome message.
 *
 * @example
 * ```ts
 * const decoded = decodeWelcomeMessage(packet.payload);
 * if (decoded.ok && decoded.value.kind === "user_key_package") consider(decoded.value.keyPackageBytes);
 * ```
 */
export function decodeWelcomeMessage(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Decoded<WelcomeMessage> {
  return decodeMessage(de_mls.messages.v1.WelcomeMessage, bytes, options, welcomeFromWire);
}

function welcomeToWire(message: WelcomeMessage): WelcomeFields {
  switch (message.kind) {
    case "user_key_package":
      return {
        userKeyPackage: {
          keyPackageBytes: message.keyPackageBytes,
          groupId: message.groupId ?? null,
          redemption: message.redemption ?? null,
        },
      };
    case "invitation_to_join":
      return {
        invitationToJoin: {
          mlsMessageOutBytes: message.mlsMessageOutBytes,
          groupId: message.groupId ?? null,
        },
      };
    case "leaf_notice":
      return {
        leafNotice: {
          identity: message.identity,
          admission: message.admission,
          groupId: message.groupId ?? null,
        },
      };
    case "group_confirmation":
      return {
        groupConfirmation: {
          confirmation: message.confirmation,
          groupId: message.groupId ?? null,
        },
      };
    case "empty":
      return {};
  }
}

function welcomeFromWire({
  userKeyPackage,
  invitationToJoin,
  leafNotice,
  groupConfirmation,
}: WelcomeFields): WelcomeMessage {
  if (userKeyPackage) {
    const redemption = bytesValue(userKeyPackage.redemption);
    return {
      kind: "user_key_package",
      keyPackageBytes: bytesValue(userKeyPackage.keyPackageBytes),
      ...groupIdOf(userKeyPackage),
      ...(redemption.length > 0 && { redemption }),
    };
  }
  if (invitationToJoin) {
    return {
      kind: "invitation_to_join",
      mlsMessageOutBytes: bytesValue(invitationToJoin.mlsMessageOutBytes),
      ...groupIdOf(invitationToJoin),
    };
  }
  if (leafNotice) {
    return {
      kind: "leaf_notice",
      identity: bytesValue(leafNotice.identity),
      admission: bytesValue(leafNotice.admission),
      ...groupIdOf(leafNotice),
    };
  }
  if (groupConfirmation) {
    return {
      kind: "group_confirmation",
      confirmation: bytesValue(groupConfirmation.confirmation),
      ...groupIdOf(groupConfirmation),
    };
  }
  return { kind: "empty" };
}

function groupIdOf(fields: { groupId?: Uint8Array | null | undefined }): { readonly groupId?: Uint8Array } {
  const groupId = bytesValue(fields.groupId);
  return groupId.length > 0 ? { groupId } : {};
}
