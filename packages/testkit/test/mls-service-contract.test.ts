import { createMlsService } from "@demls/mls";
import { describe, test } from "vitest";
import { createFakeMlsService, mlsServiceContract, type CreateMlsService } from "../src/index.js";

const implementations: readonly (readonly [string, CreateMlsService])[] = [
  ["the service over ts-mls", createMlsService],
  ["the fake service", createFakeMlsService],
];

describe.each(implementations)("%s", (_name, create) => {
  for (const { name, run } of mlsServiceContract(create)) test(name, { timeout: 30_000 }, run);
});
