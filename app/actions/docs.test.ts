import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allActions } from "./all-actions";
import { keyText } from "./press";

const page = readFileSync(new URL("../../docs/workbench.md", import.meta.url), "utf8");
const where = { command: "selected", edit: "typing", cell: "both", anywhere: "anywhere" } as const;

test("the page on the workbench has every key with where it works, and no other", () => {
  const written = [...page.matchAll(/^\| (`.*`) \| (selected|typing|both|anywhere) \|/gm)].flatMap(([, keys, place]) =>
    [...keys!.matchAll(/`([^`]+)`/g)].map(([, key]) => `${place} ${key}`),
  );
  const known = allActions.flatMap(({ keys }) => keys.map((key) => `${where[key.where]} ${keyText(key.press, false)}`));
  expect(written.toSorted()).toEqual(known.toSorted());
});
