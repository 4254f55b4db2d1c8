import type { Message } from "#server/notebook/value.ts";

const opening = /\{[{%#]/g;
const marker = /^\\*(?:(?:system|user|assistant):[ \t]*|messages:[ \t]*=.*)$/;

/** A template that renders to exactly these messages, but for white space at the ends of their texts, which no message has; their lines end with `\n`. */
export function templateOfMessages(messages: readonly Message[]): string {
  return messages
    .map(
      ({ role, content }) =>
        `${role}:\n${content
          .trim()
          .split(/\r\n?|\n/)
          .map(templateOfLine)
          .join("\n")}`,
    )
    .join("\n\n");
}

function templateOfLine(line: string): string {
  const printed = line.replaceAll(opening, (tag) => `{{ "${tag}" }}`);
  // A line with a tag on it is no marker.
  return printed === line && marker.test(line) ? `\\${line}` : printed;
}
