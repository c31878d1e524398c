import { test } from "vitest";
import { expectReturn } from "../driver/absence.js";
import { suspendWhile } from "../driver/misfortunes.js";

test.for([4, 20])(
  "A member suspended for %d minutes returns with every message after two commits, and is not voted in again",
  (minutes) =>
    expectReturn(minutes, async (chat, others, meanwhile) => {
      await suspendWhile(chat, others, meanwhile);
      return chat;
    }),
);
