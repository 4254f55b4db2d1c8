import { expect, test } from "vitest";
import { pictureOf, pictureOfDatum } from "./picture.ts";

const file = { hash: "a".repeat(64), name: "cat.png", mediaType: "image/png", bytes: 3 };
const gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

test.each([
  ["a kept one", file, `/api/files/${file.hash}`],
  ["its own address of data", `data:image/gif;base64,${gif}`, `data:image/gif;base64,${gif}`],
  ["bytes of a table's column", gif, `data:image/gif;base64,${gif}`],
])("a picture is %s", (_, datum, address) => {
  expect(pictureOfDatum(datum)).toBe(address);
});

test.each([
  ["an address elsewhere", "https://evil.example/leak.png?secret"],
  ["a kept file that is a document", { ...file, mediaType: "image/svg+xml" }],
  ["the data address of one", "data:image/svg+xml;base64,PHN2Zz48L3N2Zz4="],
  ["HTML in a data address", "data:text/html;base64,PHN2Zz48L3N2Zz4="],
  ["a text that breaks out of one", 'data:image/png;base64,AAAA" onerror="alert(1)'],
  ["something with more to it", { ...file, more: 1 }],
  ["a word that begins like one", "/9j/"],
  ["nothing", null],
])("%s is none", (_, datum) => {
  expect(pictureOfDatum(datum)).toBeNull();
});

test("a file that is no image is not shown, whatever it says", () => {
  expect(pictureOf({ type: "file", value: file })).toBeNull();
  expect(pictureOf({ type: "image", value: file })).toBe(`/api/files/${file.hash}`);
});
