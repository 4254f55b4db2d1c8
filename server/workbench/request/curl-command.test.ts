import { expect, test } from "vitest";
import { readCurl } from "./curl-command.ts";

test("quotes, line continuations, joined options and variables are read as a shell does", () => {
  const read = readCurl(
    [
      "# ask",
      "$ KEY=sk-1 curl https://api.openai.com/v1/chat/completions?a=1&b -sS -XPOST \\",
      '  -H "Authorization: Bearer $OPENAI_API_KEY" \\\r',
      "  -H'X-One: a: b' --max-time 9 --compressed \\",
      `  -d '{"a": "it'\\''s # > * \\n"}' > answer.json`,
    ]
      .join("\n")
      .replace("?a=1&b", "'?a=1&b'"),
  );
  expect(read).toEqual({
    url: "https://api.openai.com/v1/chat/completions?a=1&b",
    headers: new Map([
      ["authorization", "Bearer $OPENAI_API_KEY"],
      ["x-one", "a: b"],
    ]),
    body: `{"a": "it's # > * \\n"}`,
    bodyFile: null,
  });
});

test.each([
  [`curl x --data-raw $'{"a": "it\\'s\\u0021"}'`, `{"a": "it's!"}`],
  [`curl x --data "{\\"a\\": \\"\\\\n\\"}"`, '{"a": "\\n"}'],
  ["curl x --json='{}'", "{}"],
  ["curl x -d a=1 -d b=2", "a=1&b=2"],
  ["curl.exe --data-raw @me --url x", "@me"],
  ["curl x", null],
])("the body of %s is %s", (text, body) => {
  expect(readCurl(text)).toMatchObject({ url: "x", body });
});

test("a body in a file is said to be there", () => {
  expect(readCurl("curl x --data-binary @body.json")).toMatchObject({ body: null, bodyFile: "body.json" });
});

test.each(["curled hair", "Use curl to ask", "wget x", ""])("%s is no curl command", (text) => {
  expect(readCurl(text)).toBeNull();
});
