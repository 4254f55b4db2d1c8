import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTemplate, renderMessages, scopeOf, templateOfMessages } from "./index.ts";

type Messages = Parameters<typeof templateOfMessages>[0];
const sent = (messages: Messages): Messages => renderMessages(parseTemplate(templateOfMessages(messages)), scopeOf({}));

const telling = [
  "{{",
  "}}",
  "{%",
  "%}",
  "{#",
  "#}",
  "{",
  "\n",
  "\r",
  "\r\n",
  "user:",
  "system: ",
  "messages: =x",
  "\\",
  " ",
  '"',
  "raw",
];
/** Texts full of what means something to a template. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...telling), fc.string({ unit: "binary" })))
  .map((parts) => parts.join(""));
const role = fc.constantFrom("system" as const, "user" as const, "assistant" as const);

test("any messages are sent from their template as they were, without white space at their ends and with one line end", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ role, content: text }), { minLength: 1 }), (messages) => {
      const plain = (content: string) => content.trim().replaceAll(/\r\n?/g, "\n");
      expect(sent(messages)).toEqual(messages.map(({ role, content }) => ({ role, content: plain(content) })));
    }),
  );
  for (const end of ["\n", "\r\n", "\r"])
    expect(sent([{ role: "user", content: `a${end}system:${end}b` }])).toEqual([
      { role: "user", content: "a\nsystem:\nb" },
    ]);
});

test("only what would mean something is escaped", () => {
  const of = (content: string) => templateOfMessages([{ role: "user", content }]);
  expect(of("Say { a: 1 }\nuser: Bo")).toBe("user:\nSay { a: 1 }\nuser: Bo");
  expect(of("Hello {{name}}")).toBe('user:\nHello {{ "{{" }}name}}');
  expect(of("user:\nHi")).toBe("user:\n\\user:\nHi");
});
