import { bytesToHex, type MemberId } from "@demls/wire/core";
import type { MlsContext } from "../client/mls-context.js";
import { CIPHERSUITE } from "../crypto/ciphersuite.js";
import { parseMlsMessage } from "../framing/private-message.js";
import { groupFromState, type MlsGroup } from "../group/mls-group.js";
import { parseKeyPackage } from "../key-package/encoding.js";
import type { OwnKeyPackage } from "../key-package/key-package.js";
import { lifetimeRejectReason } from "../key-package/validation.js";
import { learntKeysMatchTree } from "../tree/path-keys.js";
import { leafIdentity, occupiedLeaves } from "../tree/ratchet-tree.js";
import { emptyPskIndex, joinGroup, type ClientState, type Welcome } from "../ts-mls.js";
import { welcomeSigner } from "./welcome-signer.js";

/** Reason that joining by a welcome failed. */
export type JoinRejectReason =
  /** Not an MLS welcome, or not readable by ts-mls. */
  | "malformed"
  /** Another ciphersuite. */
  | "unsupported-suite"
  /** The group info, the tree or the confirmation tag does not verify. */
  | "invalid"
  /** A member's leaf is still that of its key package, and has expired or is not valid yet. */
  | "expired-member"
  /** Not a de-MLS group: it has no name in UTF-8, or a credential is not a basic one. */
  | "not-de-mls";

/** Result of joining by a welcome. */
export type JoinOutcome =
  | {
      readonly kind: "joined";
      readonly group: MlsGroup;
      /** The key package that was used, now spent. */
      readonly reference: string;
      /** Member that committed the Add and signed the welcome's group info. */
      readonly admittedBy: MemberId;
    }
  /** The welcome names none of the given key packages. */
  | { readonly kind: "notForUs" }
  | { readonly kind: "invalid"; readonly reason: JoinRejectReason };

/** See {@link MlsService.join}. */
export async function join(
  context: MlsContext,
  bytes: Uint8Array,
  keyPackages: readonly OwnKeyPackage[],
): Promise<JoinOutcome> {
  const message = parseMlsMessage(bytes);
  if (message?.wireformat !== "mls_welcome") return invalid("malformed");
  const { welcome } = message;
  const invited = new Set(welcome.secrets.map(({ newMember }) => bytesToHex(newMember)));
  const own = keyPackages.find(({ reference }) => invited.has(reference));
  if (own === undefined) return { kind: "notForUs" };
  if (welcome.cipherSuite !== CIPHERSUITE) return invalid("unsupported-suite");

  const state = await joinedState(context, welcome, own);
  if (state === undefined) return invalid("invalid");
  if (!lifetimesHold(state, context.nowSeconds())) return invalid("expired-member");
  const group = groupFromState(state);
  const admittedBy = await welcomeSigner(context, welcome, own, state);
  if (group === undefined || admittedBy === undefined) return invalid("not-de-mls");
  return { kind: "joined", group, reference: own.reference, admittedBy };
}

function invalid(reason: JoinRejectReason): JoinOutcome {
  return { kind: "invalid", reason };
}

async function joinedState(
  context: MlsContext,
  welcome: Welcome,
  own: OwnKeyPackage,
): Promise<ClientState | undefined> {
  const keyPackage = parseKeyPackage(own.bytes);
  if (keyPackage === undefined || leafIdentity(keyPackage.leafNode) !== context.self) return undefined;
  const privateKeys = {
    initPrivateKey: own.secrets.initPrivateKey,
    // Copied: the group still uses the keys after the key package is wiped.
    hpkePrivateKey: Uint8Array.from(own.secrets.leafPrivateKey),
    signaturePrivateKey: Uint8Array.from(own.secrets.signaturePrivateKey),
  };
  try {
    const { suite, config } = context;
    const state = await joinGroup(
      welcome,
      keyPackage,
      privateKeys,
      emptyPskIndex,
      suite,
      undefined,
      undefined,
      config,
    );
    return (await learntKeysMatchTree(context, state, {})) ? state : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks the lifetimes of leaves that are still those of key packages. RFC 9420 § 7.3 recommends it; OpenMLS does it.
 */
function lifetimesHold(state: ClientState, nowSeconds: bigint): boolean {
  return occupiedLeaves(state).every(
    ({ leaf }) =>
      leaf.leafNodeSource !== "key_package" || lifetimeRejectReason(leaf.lifetime, nowSeconds) === undefined,
  );
}
