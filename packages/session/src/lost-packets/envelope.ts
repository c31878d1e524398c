import {
  decodeRepairMessage,
  decodeRepairPacket,
  decodeSignedRepairMessage,
  encodeRepairMessage,
  encodeRepairPacket,
  encodeSignedRepairMessage,
  type LaterKey,
  type RepairMessage,
} from "@demls/wire";
import { MAX_KEY_SINCE, type MlsGroup } from "@demls/mls";
import { bytesEqual, concatBytes } from "@demls/wire/core";
import type { Environment } from "../model/environment.js";
import type { RepairEpoch } from "../model/repair.js";
import { rosterEntryOf } from "../model/roster.js";
import type { ActiveTransaction } from "../model/transaction.js";
import { provesIdentity } from "../identity/identity-proof.js";
import { hexBytes } from "../model/hex.js";

const LABEL = "demls repair";
const KEY_BYTES = 16;
/** Bytes of the group id, and of the exported secret, in a key id. */
const GROUP_BYTES = 4;
const EXPORTED_ID_BYTES = 8;
const NONCE_BYTES = 12;

/** Repair key of the group's epoch. Former members of the epoch keep it, so it protects no content. */
export async function deriveRepairEpoch({ env, state }: ActiveTransaction): Promise<RepairEpoch> {
  const { epoch, groupId } = state.group;
  const secret = await env.plugins.mls.exportSecret(
    state.group,
    LABEL,
    new Uint8Array(0),
    KEY_BYTES + EXPORTED_ID_BYTES,
  );
  const key = secret.slice(0, KEY_BYTES);
  const keyId = concatBytes(shortForm(groupId), secret.subarray(KEY_BYTES));
  secret.fill(0);
  const roster = state.group.roster.map(({ leafIndex, member, signatureKey, keySince }) => ({
    ...{ leafIndex, member, signatureKey, keySince },
  }));
  return { epoch, keyId, key, roster, leftAtMs: undefined };
}

/** Opened repair message of another member. */
export interface OpenedRepair {
  readonly repairEpoch: RepairEpoch;
  /** Position of the author in the roster of that epoch. */
  readonly position: number;
  readonly message: RepairMessage;
}

/** Signs and encrypts a repair message with the key of an epoch. */
export async function sealRepair(
  { env, state }: ActiveTransaction,
  repairEpoch: RepairEpoch,
  message: RepairMessage,
): Promise<Uint8Array> {
  const { mls } = env.plugins;
  const { key, keyId } = repairEpoch;
  const own = rosterEntryOf(repairEpoch, env.self);
  const body = encodeRepairMessage(message);
  const signature = await mls.sign(state.group, LABEL, concatBytes(keyId, body));
  const nonce = env.random.bytes(NONCE_BYTES);
  const plaintext = encodeSignedRepairMessage({
    ...{ body, leafIndex: own?.leafIndex ?? 0, signature },
    laterKey: own && laterKey(state.group, own),
  });
  const sealed = await mls.sealWithKey(key, nonce, hexBytes(state.group.groupId), plaintext);
  return encodeRepairPacket({ keyId, nonce, sealed });
}

/**
 * Decrypts a repair packet and verifies its author, a member of the key's epoch.
 *
 * @returns `other-group` if it is of another group of this name; `unknown-key` if it may be of an epoch that this
 *   member never entered or has forgotten; `forged` if it was not made by a member.
 */
export async function openRepair(
  { env, state }: ActiveTransaction,
  payload: Uint8Array,
): Promise<OpenedRepair | "malformed" | "other-group" | "unknown-key" | "forged"> {
  const { mls } = env.plugins;
  const packet = decodeRepairPacket(payload);
  if (!packet.ok || packet.value.keyId.length !== GROUP_BYTES + EXPORTED_ID_BYTES) return "malformed";
  const { keyId, nonce, sealed } = packet.value;
  const { groupId } = state.group;
  if (!bytesEqual(keyId.subarray(0, GROUP_BYTES), shortForm(groupId))) return "other-group";
  const { epochs, departed } = state.repair;
  const repairEpoch = [...epochs, ...departed].find((known) => bytesEqual(known.keyId, keyId));
  if (repairEpoch === undefined) return "unknown-key";
  const plaintext = await mls.openWithKey(repairEpoch.key, nonce, hexBytes(groupId), sealed);
  if (plaintext === undefined) return "forged";
  const signed = decodeSignedRepairMessage(plaintext);
  if (!signed.ok) return "malformed";
  const { body, leafIndex, signature, laterKey } = signed.value;
  const position = repairEpoch.roster.findIndex((entry) => entry.leafIndex === leafIndex);
  const author = repairEpoch.roster[position];
  if (author === undefined) return "forged";
  const { signatureKey } = laterKey ?? author;
  if (!(await mls.verify(signatureKey, LABEL, concatBytes(keyId, body), signature))) return "forged";
  if (laterKey !== undefined && !(await isProved(env, author, laterKey))) return "forged";
  const message = decodeRepairMessage(body);
  return message.ok ? { repairEpoch, position, message: message.value } : "malformed";
}

type Author = RepairEpoch["roster"][number];

/** The key of the own leaf in `group` with its proof, if it is later than that of an epoch. */
function laterKey(group: MlsGroup, then: Author): LaterKey | undefined {
  const now = rosterEntryOf(group, group.self);
  if (now?.identityProof === undefined || now.keySince <= then.keySince) return undefined;
  const { signatureKey, keySince, identityProof } = now;
  return { signatureKey, since: BigInt(keySince), identityProof };
}

/** Whether a key is later than that of its author in an epoch, and the author's identity vouches for it. */
async function isProved(
  { plugins }: Environment,
  { member, keySince: then }: Author,
  { signatureKey, since, identityProof }: LaterKey,
): Promise<boolean> {
  const keySince = Number(since);
  if (keySince <= then || keySince > MAX_KEY_SINCE) return false;
  return provesIdentity(plugins.verifier, member, { signatureKey, keySince, identityProof });
}

/** The start of a group id, by which repair packets of other groups are recognised. */
function shortForm(groupId: string): Uint8Array {
  return hexBytes(groupId).subarray(0, GROUP_BYTES);
}
