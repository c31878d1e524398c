function refuse(): never {
  throw new TypeError("This value is not to be changed.");
}

/**
 * Freezes a value deeply, so that a step that modifies its state throws. Typed arrays cannot be frozen; `encodeState`
 * compares their contents.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (ArrayBuffer.isView(value)) return value;
  if (value instanceof Map || value instanceof Set) {
    for (const method of ["set", "add", "delete", "clear"])
      Object.defineProperty(value, method, { value: refuse });
    const inside = value instanceof Map ? [...value.keys(), ...value.values()] : [...value];
    Object.freeze(value);
    inside.forEach(deepFreeze);
    return value;
  }
  Object.freeze(value);
  if (Array.isArray(value)) for (const item of value) deepFreeze(item);
  else for (const key of Object.keys(value)) deepFreeze(value[key as keyof T]);
  return value;
}
