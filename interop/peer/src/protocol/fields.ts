import { hexToBytes } from "@demls/wire";
import { DemlsError } from "demls";

/**
 * The unparsed fields of a command. Errors never quote a value, which may be a secret. Valibot's default messages do
 * quote it, so that each step has its own message.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** A string field. @throws DemlsError `invalid-field` if it is missing or not a string. */
export function textField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string") throw invalidField(name, "a string");
  return value;
}

/** A field with one of `choices`; `undefined` if missing. @throws DemlsError `invalid-field`. */
export function choiceField<Choice extends string>(
  fields: Fields,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  if (isMissing(fields, name)) return undefined;
  const choice = choices.find((candidate) => candidate === fields[name]);
  if (choice === undefined) throw invalidField(name, `one of ${choices.join(", ")}`);
  return choice;
}

/** A boolean field. @throws DemlsError `invalid-field` if it is missing or not a boolean. */
export function booleanField(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== "boolean") throw invalidField(name, "true or false");
  return value;
}

/** A number field. @throws DemlsError `invalid-field` if it is missing or not a number. */
export function numberField(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== "number") throw invalidField(name, "a number");
  return value;
}

/** A 64-bit integer: a JSON number if exact, otherwise a decimal string. @throws DemlsError `invalid-field`. */
export function int64Field(fields: Fields, name: string): bigint {
  const value = fields[name];
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === "string" && /^-?\d{1,19}$/.test(value)) return BigInt(value);
  throw invalidField(name, "a whole number");
}

/** An unsigned 32-bit integer. @throws DemlsError `invalid-field` if it is missing or not one. */
export function uint32Field(fields: Fields, name: string): number {
  const value = fields[name];
  const isUint32 = typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;
  if (isUint32) return value;
  throw invalidField(name, "a whole number from 0 to 4294967295");
}

/** Bytes in hex. @throws DemlsError `invalid-field` if the field is missing or not hex. */
export function hexField(fields: Fields, name: string): Uint8Array {
  const bytes = hexToBytes(textField(fields, name));
  if (bytes === undefined) throw invalidField(name, "hex");
  return bytes;
}

/** Bytes in standard base64. @throws DemlsError `invalid-field` if the field is missing or not base64. */
export function base64Field(fields: Fields, name: string): Uint8Array {
  const text = textField(fields, name);
  const bytes = Buffer.from(text, "base64");
  // Buffer ignores invalid characters; the round trip detects them.
  if (bytes.toString("base64") !== text) throw invalidField(name, "standard base64");
  return Uint8Array.from(bytes);
}

/** Encodes bytes in standard base64. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** Whether a field is missing or null. */
export function isMissing(fields: Fields, name: string): boolean {
  return fields[name] === undefined || fields[name] === null;
}

export function invalidField(name: string, wanted: string): DemlsError<"invalid-field"> {
  return new DemlsError("invalid-field", { message: `The field ${name} takes ${wanted}.`, field: name });
}
