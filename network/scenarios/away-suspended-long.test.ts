import { test } from "vitest";
import { expectReturn } from "../driver/absence.js";
import { suspendWhile } from "../driver/misfortunes.js";

test("A member suspended for 20 minutes returns with every message after two commits, and is not voted in again", () =>
  expectReturn(20, async (chat, others, meanwhile) => {
    await suspendWhile(chat, others, meanwhile);
    return chat;
  }));
