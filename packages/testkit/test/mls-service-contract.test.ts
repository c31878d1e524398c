import { createMlsService, type MlsService } from "@demls/mls";
import { describe, expect, test } from "vitest";
import {
  createFakeMlsService,
  mlsServiceContract,
  type ContractMlsOptions,
  type CreateMlsService,
} from "../src/index.js";
import { brokenCases } from "./broken-cases.js";

const implementations: readonly (readonly [string, CreateMlsService])[] = [
  ["the service over ts-mls", createMlsService],
  ["the fake service", createFakeMlsService],
];

describe.each(implementations)("%s", (_name, create) => {
  for (const { name, run } of mlsServiceContract(create)) test(name, run);
});

/** The fake, with some of its functions replaced. */
function altered(alter: (fake: MlsService) => Partial<MlsService>): CreateMlsService {
  const alteredService = (fake: MlsService): MlsService => ({
    ...fake,
    withNewSignatureKey: async () => alteredService(await fake.withNewSignatureKey()),
    ...alter(fake),
  });
  return (options: ContractMlsOptions) => alteredService(createFakeMlsService(options));
}

describe("the contract of MLS services", () => {
  test.each<readonly [string, CreateMlsService, readonly string[]]>([
    [
      "forgets opened messages",
      altered((fake) => ({
        open: async (group, message) => ({ ...(await fake.open(group, message)), group }),
      })),
      [
        "opens a message once, with its sender and epoch",
        "opens the latest 256 overtaken messages, and none before",
        "opens messages of the previous epoch once, and of none before",
        "opens own messages that a later value has sealed, once each, and seals above them",
      ],
    ],
    [
      "forgets created candidates",
      altered((fake) => ({
        createCandidate: async (group, ...candidate) => ({
          ...(await fake.createCandidate(group, ...candidate)),
          group,
        }),
      })),
      [
        "counts sealed messages and handshakes separately, and opened messages not at all",
        "spends the generations of an own candidate that a later value has made",
        "reuses no generation of a dropped candidate",
      ],
    ],
    [
      "binds no data to a commit",
      altered((fake) => ({
        createCandidate(group, changes, { identityProof } = {}) {
          return fake.createCandidate(group, changes, identityProof && { identityProof });
        },
      })),
      ["binds authenticated data to a commit"],
    ],
    [
      "forgets staged candidates",
      altered((fake) => ({
        stage: async (group, ...candidate) => ({ ...(await fake.stage(group, ...candidate)), group }),
      })),
      [
        "spends the generations of an own candidate that a later value has made",
        "stages a candidate once, and spends no generations of a rejected one",
      ],
    ],
    [
      "skips no generation",
      altered(() => ({ skipGenerations: async (group) => group })),
      [
        "skips generations forward only, and other members read on",
        "keeps as many skipped keys as it is told, for own messages of a later value",
        "names the generation of a message to both sides, and the sender's leaf to the receiver",
      ],
    ],
    [
      "counts generations from another number",
      altered((fake) => ({
        seal: async (group, plaintext) => ({ ...(await fake.seal(group, plaintext)), generation: 0 }),
      })),
      ["names the generation of a message to both sides, and the sender's leaf to the receiver"],
    ],
    [
      "exports the same secret for every context",
      altered((fake) => ({
        exportSecret: (group, label, _context, length) =>
          fake.exportSecret(group, label, new Uint8Array(), length),
      })),
      ["exports one secret to the members of an epoch, another for other inputs"],
    ],
    [
      "ignores the label of a signature",
      altered((fake) => ({
        sign: (group, label, content) => fake.sign(group, label.endsWith("TBS") ? label : "", content),
        verify: (publicKey, _label, content, signature) => fake.verify(publicKey, "", content, signature),
      })),
      [
        "verifies a labelled signature only with its key, label and content",
        "signs and verifies under no label of MLS itself",
      ],
    ],
    [
      "authenticates no additional data",
      altered((fake) => ({
        sealWithKey: (key, nonce, _aad, plaintext) =>
          fake.sealWithKey(key, nonce, new Uint8Array(), plaintext),
        openWithKey: (key, nonce, _aad, ciphertext) =>
          fake.openWithKey(key, nonce, new Uint8Array(), ciphertext),
      })),
      ["decrypts only with the key, nonce and additional data that it encrypted with"],
    ],
    [
      "wipes no group",
      altered(() => ({ wipe: () => undefined })),
      ["wipes only secrets that no kept group refers to"],
    ],
    [
      "wipes no key package",
      altered(() => ({ wipeKeyPackage: () => undefined })),
      ["rejects joining with another member's key package, a wiped one, or a damaged welcome"],
    ],
    [
      "forgets the identity proof and the name of a key package",
      altered((fake) => ({ generateKeyPackage: () => fake.generateKeyPackage() })),
      [
        "binds each key package and created group to an admission of its own and the given proof",
        "keeps the binding of a leaf from its key package through commits of its member and of others",
        "refuses an identity proof of more than 256 bytes",
        "has the name that a leaf claims, or none, and takes only a short line of text",
        "adds a key package to the group that it is for, and to no other one that requires STRICT_MARKER",
        "replaces a leaf by one with the same or a later signature key, and by none with an earlier one",
      ],
    ],
    [
      "forgets the binding of a leaf when its member commits",
      altered((fake) => ({
        merge(group, staged) {
          const next = fake.merge(group, staged);
          const unbound = { admission: undefined, identityProof: undefined };
          const roster = next.roster.map((entry) =>
            entry.member === staged.sender ? { ...entry, ...unbound } : entry,
          );
          return { ...next, roster };
        },
      })),
      [
        "keeps the binding of a leaf from its key package through commits of its member and of others",
        "gives its new signature key to the own leaf by a commit, and to no leaf without a proof",
      ],
    ],
    [
      "never replaces the signature key of a leaf",
      altered((fake) => ({
        createCandidate(group, changes, { authenticatedData } = {}) {
          return fake.createCandidate(group, changes, authenticatedData && { authenticatedData });
        },
      })),
      [
        "gives its new signature key to the own leaf by a commit, and to no leaf without a proof",
        "rejects a commit that gives its committer the signature key of another member",
        "welcomes a member by a commit that changes the committer's signature key",
        "joins with a key package of its former signature key, and goes on with that key",
      ],
    ],
    [
      "keeps its signature key",
      altered((fake) => ({ withNewSignatureKey: async () => fake })),
      [
        "makes a signature key that is later than the one before, also within a second",
        "gives its new signature key to the own leaf by a commit, and to no leaf without a proof",
        "replaces a leaf by one with the same or a later signature key, and by none with an earlier one",
      ],
    ],
    [
      "replaces a leaf by any key package",
      altered((fake) => ({ canReplace: (_group, keyPackage) => fake.inspectKeyPackage(keyPackage) })),
      ["replaces a leaf by one with the same or a later signature key, and by none with an earlier one"],
    ],
    [
      "checks each addition by itself",
      altered((fake) => ({ canAdd: (group, keyPackage) => fake.canAdd(group, keyPackage) })),
      ["rejects adding a member twice, or two members with one signature key"],
    ],
    [
      "checks a key package without the group",
      altered((fake) => ({ canAdd: (_group, keyPackage) => fake.inspectKeyPackage(keyPackage) })),
      [
        "rejects adding a member twice, or two members with one signature key",
        "adds a key package to the group that it is for, and to no other one that requires STRICT_MARKER",
      ],
    ],
    [
      "uses a stopped clock",
      (options) => createFakeMlsService({ ...options, wallMs: () => 1_795_254_400_000 }),
      [
        "rejects key packages that are altered, expired, not yet valid or malformed",
        "rejects joining a group with an expired key package in a leaf",
      ],
    ],
    [
      "ignores proposals that do not match the commit",
      altered((fake) => ({
        async stage(group, proposals, commit) {
          const whole = await fake.stage(group, proposals, commit);
          if (whole.outcome.kind === "staged") return whole;
          return fake.stage(group, proposals.slice(0, -1), commit);
        },
      })),
      [
        "stages only a bundle of exactly the proposals that the commit refers to",
        "rejects own candidates, random bytes, and candidates of other epochs, groups and forks",
      ],
    ],
  ])("reports only the violated case of an implementation that %s", async (_what, create, names) => {
    expect(await brokenCases(mlsServiceContract(create))).toEqual(names);
  });
});
