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
    }
  | {
      /** Welcome for the members added by the last commit. */
      readonly kind: "invitation_to_join";
      /** An MLSMessage with a Welcome (RFC 9420, section 12.4.3.1), TLS-encoded. */
      readonly mlsMessageOutBytes: Uint8Array;
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
      return { userKeyPackage: { keyPackageBytes: message.keyPackageBytes } };
    case "invitation_to_join":
      return { invitationToJoin: { mlsMessageOutBytes: message.mlsMessageOutBytes } };
    case "empty":
      return {};
  }
}

function welcomeFromWire({ userKeyPackage, invitationToJoin }: WelcomeFields): WelcomeMessage {
  if (userKeyPackage) {
    return { kind: "user_key_package", keyPackageBytes: bytesValue(userKeyPackage.keyPackageBytes) };
  }
  if (invitationToJoin) {
    return {
      kind: "invitation_to_join",
      mlsMessageOutBytes: bytesValue(invitationToJoin.mlsMessageOutBytes),
    };
  }
  return { kind: "empty" };
}
