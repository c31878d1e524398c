import { expect, test } from "vitest";
import { agreedAddresses } from "../../src/chat/invited/agreed-addresses.js";

const ADDRESSES = ["/ip4/127.0.0.1/tcp/22", "/ip4/192.0.2.1/tcp/4001", "/dns/nas.local/tcp/1"];
const INNER = ["/ip4/127.0.0.1/tcp/22", "/dns/nas.local/tcp/1"];

test.each([true, false])(
  "A guest is asked once about all inner addresses, and answers %s",
  async (agrees) => {
    const asked: unknown[] = [];
    const agreed = await agreedAddresses(ADDRESSES, async (addresses) => {
      asked.push(addresses);
      return agrees;
    });
    expect(asked).toEqual([INNER]);
    expect(agreed).toEqual(
      agrees ? { dialled: ADDRESSES, leftOut: [] } : { dialled: [ADDRESSES[1]], leftOut: INNER },
    );
  },
);

test("A guest is not asked about others", async () => {
  const ask = (): never => {
    throw new Error("asked");
  };
  expect(await agreedAddresses(["/ip4/192.0.2.1/tcp/1"], ask)).toEqual({
    dialled: ["/ip4/192.0.2.1/tcp/1"],
    leftOut: [],
  });
});
