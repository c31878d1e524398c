import { createVirtualClock } from "@demls/testkit";
import { WELCOME_SUBTOPIC, type Packet } from "@demls/wire/core";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../src/model/limits.js";
import { createRecentAnnouncements } from "../../src/runtime/recent-announcements.js";

function announcement(number: number, envelope = 0, subtopic: string = WELCOME_SUBTOPIC): Packet {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, number);
  return { payload, subtopic, conversationId: "garden", appId: new Uint8Array(16).fill(envelope) };
}

describe("An announcement", () => {
  test("is repeated in any envelope for five seconds after it was read, however often it comes meanwhile", async () => {
    const clock = createVirtualClock();
    const heard = createRecentAnnouncements(clock);
    expect(heard.isRepeated(announcement(1))).toBe(false);
    heard.note(announcement(1));
    await clock.advance(LIMITS.announcementPauseMs - 1);
    expect(heard.isRepeated(announcement(1, 2))).toBe(true);
    expect(heard.isRepeated(announcement(2))).toBe(false);
    await clock.advance(1);
    expect(heard.isRepeated(announcement(1))).toBe(false);
  });

  test("is none on another subtopic", () => {
    const heard = createRecentAnnouncements(createVirtualClock());
    heard.note(announcement(1, 0, "app_msg"));
    expect(heard.isRepeated(announcement(1))).toBe(false);
    expect(heard.isRepeated(announcement(1, 0, "app_msg"))).toBe(false);
  });

  test("is forgotten once too many others were read since", () => {
    const heard = createRecentAnnouncements(createVirtualClock());
    for (let number = 0; number <= LIMITS.recentAnnouncements; number++) heard.note(announcement(number));
    expect([0, 1].map((number) => heard.isRepeated(announcement(number)))).toEqual([false, true]);
  });
});
