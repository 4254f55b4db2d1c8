import { describe, expect, test } from "vitest";
import { live, turn } from "../__fixtures__/held-send.ts";
import { finish, scriptedModel, text, type Step } from "../__fixtures__/scripted-model.ts";
import { ModelError } from "../model-error.ts";
import type { ChatModel } from "../model.ts";
import { createGate, gated, type Gate, type Place } from "./gated.ts";

const request = { messages: [], parameters: {} };

async function drain(model: ChatModel, signal = live()): Promise<void> {
  for await (const part of model.stream(request, signal)) void part;
}

/** A gate whose bounds stay as they are. */
const fixedGate = (most: number, interactiveOnly = 0, first = most): Gate =>
  createGate(() => ({ most, interactiveOnly, first }));

async function fill(gate: Gate, count: number): Promise<Place[]> {
  return Promise.all(Array.from({ length: count }, () => gate.enter({}, live())));
}

describe("a gate", () => {
  test("lets in as many as there are places, and the next as one leaves", async () => {
    const gate = fixedGate(2);
    const [place] = await fill(gate, 2);
    let entered = false;
    void gate.enter({}, live()).then(() => (entered = true));
    await turn();
    expect(entered).toBe(false);
    place!.leave("good");
    await turn();
    expect(entered).toBe(true);
  });

  test("gives a place to those who wait before those who come", async () => {
    const gate = fixedGate(1);
    const [place] = await fill(gate, 1);
    const came: string[] = [];
    const enter = (name: string): void => void gate.enter({}, live()).then(() => came.push(name));
    enter("waiting");
    place!.leave("other");
    enter("coming");
    await turn();
    expect(came).toEqual(["waiting"]);
  });

  test("has places for interactive requests alone, which those who wait do not take", async () => {
    const gate = fixedGate(2, 1);
    const came: string[] = [];
    const enter = (name: string, priority: "interactive" | "batch"): Promise<Place> => {
      const entered = gate.enter({ priority }, live());
      void entered.then(() => came.push(name));
      return entered;
    };
    const rows = ["row 1", "row 2", "row 3", "row 4"].map((name) => enter(name, "batch"));
    const person = enter("person", "interactive");
    void enter("another", "interactive");
    await turn();
    expect(came).toEqual(["row 1", "row 2", "person"]);
    (await rows[0]!).leave("good");
    await turn();
    expect(came.slice(3)).toEqual(["another"]);
    (await person).leave("good");
    await turn();
    expect(came.slice(4)).toEqual([]);
    (await rows[1]!).leave("good");
    await turn();
    expect(came.slice(4)).toEqual(["row 3"]);
  });

  test("loses three places in ten where the provider cannot keep up, once for those who were in flight together", async () => {
    const gate = fixedGate(10);
    for (const place of await fill(gate, 10)) place.leave("overloaded");
    expect(gate.places).toBe(7);
    const [next] = await fill(gate, 1);
    next!.leave("overloaded");
    expect(gate.places).toBe(4);
  });

  test("gains one a round of good answers, up to all of them, and never has none", async () => {
    const gate = fixedGate(10);
    for (let times = 0; times < 20; times += 1) for (const place of await fill(gate, 1)) place.leave("overloaded");
    expect(gate.places).toBe(1);
    const rounds: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      for (const place of await fill(gate, gate.places)) place.leave("good");
      rounds.push(gate.places);
    }
    expect(rounds.slice(0, 3)).toEqual([2, 3, 4]);
    expect(rounds.at(-1)).toBe(10);
  });
});

describe("a request that is not begun in its time", () => {
  /** A gate of ten that are all taken, some of them begun. */
  const taken = async (begun: number): Promise<{ gate: Gate; places: Place[] }> => {
    const gate = fixedGate(10);
    const places = await fill(gate, 10);
    for (const place of places.slice(0, begun)) place.begin(true);
    return { gate, places };
  };

  test("was in the provider's own line where others were begun: half as many stay, and all that are answered", async () => {
    const { gate, places } = await taken(6);
    for (const place of places.slice(0, 4)) place.leave("good");
    for (const place of places.slice(6)) {
      expect(place.isCrowded).toBe(true);
      place.leave("silent");
    }
    expect(gate.places).toBe(3);
  });

  test("says nothing of the places where none was begun, nor where twice as many were as there are places", async () => {
    const { gate, places } = await taken(0);
    expect(places[0]!.isCrowded).toBe(false);
    places[0]!.leave("silent");
    expect(gate.places).toBe(10);
    for (let answers = 0; answers < 20; answers += 1) {
      const [place] = await fill(gate, 1);
      place!.begin(true);
      place!.leave("good");
    }
    expect(places[1]!.isCrowded).toBe(false);
    places[1]!.leave("silent");
    expect(gate.places).toBe(10);
  });

  test("makes it take twice as long each time until as many are tried again", async () => {
    const gate = fixedGate(2);
    const rounds: number[] = [];
    for (let times = 0; times < 4; times += 1) {
      const [first, second] = await fill(gate, 2);
      first!.begin(true);
      second!.leave("silent");
      first!.leave("good");
      for (rounds[times] = 1; gate.places < 2; rounds[times]! += 1) {
        const [place] = await fill(gate, 1);
        place!.leave("good");
      }
    }
    expect(rounds).toEqual([1, 2, 4, 8]);
  });
});

describe("a request that hangs", () => {
  test("where few of the places are taken says nothing of them", async () => {
    const gate = fixedGate(64);
    const [hanging, ...others] = await fill(gate, 3);
    for (const place of others) place.begin(true);
    for (const place of others) place.leave("good");
    expect(hanging!.isCrowded).toBe(false);
    hanging!.leave("silent");
    expect(gate.places).toBe(64);
  });

  test("beside more that wait than were begun was in the provider's own line, though places were left", async () => {
    const gate = fixedGate(64);
    const inside = await fill(gate, 40);
    for (const place of inside.slice(0, 6)) place.begin(true);
    expect(inside[6]!.isCrowded).toBe(true);
    inside[6]!.leave("silent");
    expect(gate.places).toBe(6);
  });

  test("is forgotten when as many are answered well again, however often there was one", async () => {
    const gate = fixedGate(64);
    for (let times = 0; times < 7; times += 1) {
      const [first, ...others] = await fill(gate, gate.places);
      first!.begin(true);
      for (const place of others) place.leave("silent");
      first!.leave("good");
      while (gate.places < 2) for (const place of await fill(gate, 1)) place.leave("good");
    }
    let rounds = 0;
    for (; gate.places < 64; rounds += 1) for (const place of await fill(gate, gate.places)) place.leave("good");
    expect(rounds).toBeLessThan(300);
  });
});

describe("a gate that begins with few places", () => {
  test("gains one for each answer that begins as soon where it takes the last place, and lets the next one in", async () => {
    const gate = fixedGate(64, 0, 2);
    for (let round = 0; round < 3; round += 1) {
      const inside = await fill(gate, gate.places);
      let isIn = false;
      const next = gate.enter({}, live());
      void next.then(() => (isIn = true));
      inside.at(-1)!.begin(true);
      await turn();
      expect([gate.places, isIn]).toEqual([3 + round, true]);
      for (const place of [...inside, await next]) place.leave("good");
    }
  });

  test("gains none for one that begins later, or that leaves a place beside it", async () => {
    const gate = fixedGate(64, 0, 2);
    const [beside, late] = await fill(gate, 2);
    beside!.begin(true);
    late!.begin(false);
    beside!.leave("good");
    late!.leave("good");
    expect(gate.places).toBe(2);
  });
});

describe("a model behind a gate", () => {
  test.each<[string, readonly Step[], number]>([
    ["a good answer", [text("a"), finish], 4],
    ["an answer that is too much for the provider", [new ModelError("model.overloaded", "busy")], 2],
    ["one that is over a limit", [new ModelError("model.rate-limited", "slower")], 2],
    ["one that fails otherwise", [new ModelError("model.unauthorized", "key")], 4],
  ])("gives its place back after %s", async (_, steps, places) => {
    const gate = fixedGate(4);
    await drain(gated(() => gate, Date)(scriptedModel(steps))).catch(() => undefined);
    expect(gate.places).toBe(places);
    await fill(gate, places);
  });

  test("gives its place back when its reader leaves or is cancelled", async () => {
    const gate = fixedGate(1);
    const model = gated(() => gate, Date)(scriptedModel([text("a"), "hang"]));
    for await (const part of model.stream(request, live())) if (part.type === "text") break;
    const controller = new AbortController();
    const reading = drain(model, controller.signal);
    await turn();
    controller.abort(new Error("stop"));
    await expect(reading).rejects.toThrow("stop");
    await fill(gate, 1);
  });

  test("is not sent where it is cancelled in the line", async () => {
    const gate = fixedGate(1);
    await fill(gate, 1);
    const inner = scriptedModel([finish]);
    const controller = new AbortController();
    const reading = drain(gated(() => gate, Date)(inner), controller.signal);
    controller.abort(new Error("stop"));
    await expect(reading).rejects.toThrow("stop");
    expect(inner.sent).toEqual([]);
  });
});
