import type { MlsGroup, OwnKeyPackage } from "@demls/mls";
import { bytesToHex } from "@demls/wire/core";
import { vi } from "vitest";
import type { Person } from "./scene.js";

/** Minimum length: shorter values, such as counters, occur by chance. */
export const SECRET_BYTES = 16;

/** Public parts of an MLS state, at any depth. */
const PUBLIC: ReadonlySet<string> = new Set([
  "ratchetTree",
  "groupContext",
  "clientConfig",
  "unappliedProposals",
  "confirmationTag",
  "groupActiveState",
  // The only public output of the key schedule (RFC 9420, section 8.7).
  "epochAuthenticator",
]);

/** Records every secret of a user as hex when it is created. */
export function noteSecrets(person: Person): ReadonlySet<string> {
  const secrets = new Set<string>();
  const note = (bytes: Uint8Array): void => {
    if (bytes.length >= SECRET_BYTES && bytes.some((byte) => byte !== 0)) secrets.add(bytesToHex(bytes));
  };
  const noteAll = (value: unknown): void => {
    if (value instanceof Uint8Array) note(value);
    else if (value instanceof Map) for (const item of value.values()) noteAll(item);
    else if (typeof value === "object" && value !== null)
      for (const [key, item] of Object.entries(value)) if (!PUBLIC.has(key)) noteAll(item);
  };
  const noteGroup = (group: MlsGroup | undefined): void => noteAll(group?.state);
  note(person.secretKey);
  note(person.mls.signaturePrivateKey);

  const { generateKeyPackage, createGroup, join, seal, open, createCandidate, stage, merge } = person.mls;
  vi.spyOn(person.mls, "generateKeyPackage").mockImplementation(async (options) => {
    const made: OwnKeyPackage = await generateKeyPackage(options);
    noteAll(made.secrets);
    return made;
  });
  vi.spyOn(person.mls, "createGroup").mockImplementation(async (name, options) => {
    const group = await createGroup(name, options);
    noteGroup(group);
    return group;
  });
  vi.spyOn(person.mls, "join").mockImplementation(async (welcome, keyPackages) => {
    const outcome = await join(welcome, keyPackages);
    if (outcome.kind === "joined") noteGroup(outcome.group);
    return outcome;
  });
  vi.spyOn(person.mls, "seal").mockImplementation(async (group, plaintext) => {
    const result = await seal(group, plaintext);
    noteGroup(result.group);
    return result;
  });
  vi.spyOn(person.mls, "open").mockImplementation(async (group, message) => {
    const result = await open(group, message);
    noteGroup(result.group);
    return result;
  });
  vi.spyOn(person.mls, "createCandidate").mockImplementation(async (group, changes, data) => {
    const result = await createCandidate(group, changes, data);
    noteGroup(result.group);
    noteGroup(result.candidate.next);
    return result;
  });
  vi.spyOn(person.mls, "stage").mockImplementation(async (group, proposals, commit) => {
    const result = await stage(group, proposals, commit);
    noteGroup(result.group);
    if (result.outcome.kind === "staged") noteGroup(result.outcome.staged.next);
    return result;
  });
  vi.spyOn(person.mls, "merge").mockImplementation((group, staged) => {
    const next = merge(group, staged);
    noteGroup(next);
    return next;
  });
  return secrets;
}
