import { afterEach, expect, test } from "vitest";
import { admitInvited } from "../../src/index.js";
import { createScene, eventsOf, until, type Person, type Scene } from "../harness/index.js";

let scene: Scene;

afterEach(() => scene.close());

const letInAt = (person: Person): unknown => eventsOf(person, "membersChanged").at(-1)?.letIn;

test("membersChanged tells every member who has let a guest in, and how", async () => {
  scene = createScene({ seed: "let in", fakes: true });
  const names = ["alice", "bob", "carol"];
  const people: Person[] = [];
  for (const name of names) people.push(await scene.enter(name, undefined, { admission: admitInvited }));
  const [alice, bob, carol] = people as [Person, Person, Person];
  const garden = await alice.user.createConversation("garden");
  const pass = await garden.createInvitation({ uses: 2 });
  const bobs = await bob.user.join(pass.line).conversation;
  const carols = await carol.user.join(pass.line).conversation;
  const conversations = [garden, bobs, carols];
  const count = (): number[] => conversations.map(({ state }) => state.members.length);

  await until(scene, () => count().every((members) => members === 3));

  const dave = await scene.enter("dave");
  const { line } = await bobs.createInvitation();
  const daves = await dave.user.join(line).conversation;
  await until(scene, () => count().every((members) => members === 4));
  const invited = { member: dave.id, letInBy: bob.id, invited: true, byHand: false };
  for (const person of people) expect(letInAt(person)).toEqual([invited]);

  // The guest itself learns it from its ConversationSync.
  await until(scene, () => daves.state.members.length === 4);
  expect(letInAt(dave)).toEqual([]);
  expect(daves.state.members.find(({ id }) => id === dave.id)?.arrival).toMatchObject({ letInBy: bob.id });

  const erin = await scene.enter("erin");
  await erin.user.join({ name: "garden" }).conversation;
  await until(scene, () => carols.state.requests.length === 1);
  await carols.admit(erin.id);
  await until(scene, () => count().every((members) => members === 5));
  const vouched = { member: erin.id, letInBy: carol.id, invited: false };
  for (const person of [...people, dave]) expect(letInAt(person)).toMatchObject([vouched]);
});

test("The proposer of a joiner knows its claimed name, too", async () => {
  scene = createScene({ seed: "let in by name", fakes: true });
  const [alice, bob] = [await scene.enter("alice"), await scene.enter("bob")];
  const garden = await alice.user.createConversation("garden");
  const { line } = await garden.createInvitation();
  await bob.user.join(line).conversation;
  await until(scene, () => garden.state.proposals.some(({ request }) => request.kind === "add"));
  expect(garden.state.proposals.map(({ claimedName }) => claimedName)).toEqual(["bob"]);
});
