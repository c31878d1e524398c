import { test } from "vitest";
import { expectReturn } from "../driver/absence.js";
import { offlineWhile } from "../driver/misfortunes.js";

test("A member offline for 5 minutes returns with every message after two commits, and is not voted in again", () =>
  expectReturn(5, async (chat, _others, meanwhile) => {
    await offlineWhile(chat, meanwhile);
    return chat;
  }));
