import { broken } from "./contract-case.js";

/**
 * Deep copy of a value, as restored after a restart, without properties that are `undefined`.
 *
 * @throws DemlsError `contract-broken` when a part of it is not plain data. Plain data is `null`, booleans, numbers,
 * bigints, strings and `Uint8Array`s. Arrays, `Map`s, `Set`s and objects without a class are plain if their contents
 * are.
 */
export function storedCopy<T>(value: T): T {
  return copied(value) as T;
}

function copied(value: unknown): unknown {
  switch (typeof value) {
    case "undefined":
      return null;
    case "boolean":
    case "number":
    case "bigint":
    case "string":
      return value;
    case "object":
      return value === null ? null : copiedObject(value);
    default:
      throw broken(`The state holds a ${typeof value}, which cannot be stored.`);
  }
}

function copiedObject(value: object): unknown {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return value.map(copied);
  switch (prototype) {
    case Uint8Array.prototype:
      return Uint8Array.from(value as Uint8Array);
    case Map.prototype:
      return new Map(
        Array.from(value as Map<unknown, unknown>, ([key, held]) => [copied(key), copied(held)]),
      );
    case Set.prototype:
      return new Set(Array.from(value as Set<unknown>, copied));
    case Object.prototype:
    case null:
      return Object.fromEntries(
        Object.entries(value)
          .filter(([, held]) => held !== undefined)
          .map(([key, held]) => [key, copied(held)]),
      );
    default:
      throw broken(`The state holds a ${value.constructor.name}, which cannot be stored.`);
  }
}
