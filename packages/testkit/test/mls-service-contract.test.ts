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
  for (const { name, run } of mlsServiceContract(create)) test(name, { timeout: 30_000 }, run);
});

/** The fake, with some of its functions replaced. */
function altered(alter: (fake: MlsService) => Partial<MlsService>): CreateMlsService {
  return (options: ContractMlsOptions) => {
    const fake = createFakeMlsService(options);
    return { ...fake, ...alter(fake) };
  };
}

describe("the contract of MLS services", () => {
  test.each<readonly [string, CreateMlsService, readonly string[]]>([
    [
      "forgets what it has opened",
      altered((fake) => ({
        open: async (group, message) => ({ ...(await fake.open(group, message)), group }),
      })),
      [
        "opens a message once, and says who sent it in which epoch",
        "opens the four latest of the messages that others overtook, and no earlier one",
        "opens what was sealed in the epoch before, once, and nothing older",
      ],
    ],
    [
      "forgets what it has proposed",
      altered((fake) => ({
        createCandidate: async (group, changes) => ({
          ...(await fake.createCandidate(group, changes)),
          group,
        }),
      })),
      [
        "counts what it sealed and what it proposed apart, and what it opened not at all",
        "uses no generation of a dropped candidate again",
      ],
    ],
    [
      "forgets what it has staged",
      altered((fake) => ({
        stage: async (group, ...candidate) => ({ ...(await fake.stage(group, ...candidate)), group }),
      })),
      ["stages a candidate once, and leaves a rejected one's generations unspent"],
    ],
    [
      "skips no generation",
      altered(() => ({ skipGenerations: async (group) => group })),
      ["skips generations as if it had sealed them, never back, and is read on"],
    ],
    [
      "wipes no group",
      altered(() => ({ wipe: () => undefined })),
      ["wipes what no kept group refers to, and nothing else"],
    ],
    [
      "wipes no key package",
      altered(() => ({ wipeKeyPackage: () => undefined })),
      ["joins with no key package of somebody else, none that was wiped, and by no damaged welcome"],
    ],
    [
      "looks at each addition by itself",
      altered((fake) => ({ canAdd: (group, keyPackage) => fake.canAdd(group, keyPackage) })),
      ["adds no member twice, nor two of one signature key"],
    ],
    [
      "looks at a key package without the group",
      altered((fake) => ({ canAdd: (_group, keyPackage) => fake.inspectKeyPackage(keyPackage) })),
      ["adds no member twice, nor two of one signature key"],
    ],
    [
      "goes by a clock that stands",
      (options) => createFakeMlsService({ ...options, wallMs: () => 1_795_254_400_000 }),
      [
        "believes no key package that was changed, is over or to come, or is none",
        "joins no group in which a key package's lifetime is over",
      ],
    ],
    [
      "takes whatever proposals come with a commit",
      altered((fake) => ({
        async stage(group, proposals, commit) {
          const whole = await fake.stage(group, proposals, commit);
          if (whole.outcome.kind === "staged") return whole;
          return fake.stage(group, proposals.slice(0, -1), commit);
        },
      })),
      [
        "stages only the proposals that the commit refers to, and all of them",
        "rejects candidates of other epochs, groups and forks, its own, and noise",
      ],
    ],
  ])("is broken by one that %s, in that alone", async (_what, create, names) => {
    expect(await brokenCases(mlsServiceContract(create))).toEqual(names);
  });
});
