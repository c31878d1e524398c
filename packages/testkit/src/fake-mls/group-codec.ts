import { bytesToUtf8, DemlsError } from "@demls/wire/core";
import { decodeFields, encodeFields, numbersIn, wholeNumber } from "./fields.js";
import { groupOf, ratchetsOf, type Epoch, type FakeGroup } from "./group.js";
import { decodeLeaves, encodeLeaves } from "./leaf-codec.js";
import type { Ratchet } from "./ratchet.js";

const LAYOUT = "fake group 1";

/** See `MlsService.encodeGroup`. */
export function encodeGroup({ groupId, name, requiredExtensions, state }: FakeGroup): Uint8Array {
  const { ownLeaf, current, past } = state;
  const epochs = past === undefined ? [current] : [current, past];
  return encodeFields([
    LAYOUT,
    groupId,
    name,
    encodeFields(requiredExtensions),
    ownLeaf,
    ...epochs.map(encodeEpoch),
  ]);
}

/** See `MlsService.decodeGroup`. */
export function decodeGroup(bytes: Uint8Array): FakeGroup {
  const group = parseGroup(bytes);
  if (group !== undefined) return group;
  throw new DemlsError("corrupt-group", {
    message: "The bytes are not an encoded group.",
    field: "bytes",
    remedy: "Pass the bytes that encodeGroup returned, unchanged.",
  });
}

function parseGroup(bytes: Uint8Array): FakeGroup | undefined {
  const [layout, groupIdField, nameField, required, ownLeafField, currentField, pastField] =
    decodeFields(bytes) ?? [];
  if (layout === undefined || bytesToUtf8(layout) !== LAYOUT) return undefined;
  const groupId = groupIdField && bytesToUtf8(groupIdField);
  const name = nameField && bytesToUtf8(nameField);
  const requiredExtensions = numbersIn(required);
  const ownLeaf = Number(wholeNumber(ownLeafField));
  const current = currentField && decodeEpoch(currentField);
  const past = pastField && decodeEpoch(pastField);
  if (groupId === undefined || name === undefined || requiredExtensions === undefined) return undefined;
  if (current?.leaves[ownLeaf] === undefined) return undefined;
  if (pastField !== undefined && past === undefined) return undefined;
  return groupOf({ groupId, name, requiredExtensions }, { ownLeaf, current, past });
}

function encodeEpoch(epoch: Epoch): Uint8Array {
  const ratchets = epoch.leaves.flatMap((_, leaf) => {
    const { application, handshake } = ratchetsOf(epoch, leaf);
    return [encodeRatchet(application), encodeRatchet(handshake)];
  });
  return encodeFields([epoch.number, epoch.secret, encodeLeaves(epoch.leaves), ...ratchets]);
}

function decodeEpoch(bytes: Uint8Array): Epoch | undefined {
  const [numberField, secret, leavesField, ...ratchetFields] = decodeFields(bytes) ?? [];
  const number = wholeNumber(numberField);
  const leaves = leavesField && decodeLeaves(leavesField);
  if (number === undefined || secret === undefined || leaves === undefined) return undefined;
  const decoded = ratchetFields.map(decodeRatchet);
  const ratchets = leaves.map((_, leaf) => {
    const [application, handshake] = decoded.slice(2 * leaf);
    return application && handshake && { application, handshake };
  });
  return ratchets.includes(undefined) ? undefined : { number, secret, leaves, ratchets };
}

function encodeRatchet({ next, skipped }: Ratchet): Uint8Array {
  return encodeFields([next, ...skipped]);
}

function decodeRatchet(bytes: Uint8Array): Ratchet | undefined {
  const [next, ...skipped] = (decodeFields(bytes) ?? []).map((field) => Number(wholeNumber(field)));
  return next === undefined || [next, ...skipped].some(Number.isNaN) ? undefined : { next, skipped };
}
