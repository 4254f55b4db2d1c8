import { describe, expect, test } from "vitest";
import { importedText, titleOfFile } from "./imported-text.ts";

describe("a Markdown file that is imported", () => {
  test("keeps its text where it is a notebook", () => {
    const text = "---\nsheaf: 1\ntitle: One\n---\n\nWords.\n";
    expect(importedText(text, "file")).toBe(text);
  });

  test("becomes a notebook of its file's name where it has no front matter", () => {
    expect(importedText("# Words\n\n---\n", 'A "name"')).toBe(
      '---\nsheaf: 1\ntitle: "A \\"name\\""\n---\n\n# Words\n\n---\n',
    );
  });

  test("keeps the front matter it has, also with the line ends of Windows", () => {
    expect(importedText("---\r\ntags: [a]\r\n---\r\nWords.\r\n", "file")).toBe(
      "---\nsheaf: 1\ntags: [a]\n---\nWords.\n",
    );
  });

  test("has the title its name gives", () => {
    expect(titleOfFile("Card triage.md")).toBe("Card triage");
    expect(titleOfFile(".md")).toBe("Notebook");
  });
});
