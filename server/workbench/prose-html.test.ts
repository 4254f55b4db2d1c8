import { expect, test } from "vitest";
import { proseHtml } from "./prose-html.ts";

test.each([
  ["HTML", "<script>alert(1)</script>", /&lt;script&gt;/],
  ["a link to a script", "[go](javascript:alert(1))", /^<p>\[go\]/],
  [
    "a picture elsewhere",
    '![a "b"](https://evil.example/leak.png)',
    /^<p><a href="https:\/\/evil\.example\/leak\.png">a &quot;b&quot;<\/a><\/p>\n$/,
  ],
  ["a picture on this machine", "![](/api/export?notebook=a)", /<a href="\/api\/export\?notebook=a">picture<\/a>/],
  ["a picture that is a document", "![x](data:image/svg+xml;base64,AAAA)", /^(?!.*<img)/s],
  ["a picture in the text", "![red](data:image/png;base64,AAAA)", /<img src="data:image\/png;base64,AAAA" alt="red">/],
])("%s in prose runs and fetches nothing", (_, text, expected) => {
  expect(proseHtml(text)).toMatch(expected);
});
