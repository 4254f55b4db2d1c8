import { Parser, type Options } from "acorn";
import { tsPlugin } from "@sveltejs/acorn-typescript";
import { positionAt } from "#server/language/position.ts";
import { SheafError } from "../sheaf-error.ts";

/** The body of a function as an ESTree node: anything with a type and a place. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const options: Options = {
  ecmaVersion: "latest",
  sourceType: "script",
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  locations: true,
  ranges: true,
};
const TypeScriptParser = Parser.extend(tsPlugin());

/** The body of a function in JavaScript or TypeScript as its tree. Throws `javascript.syntax` with the place where it does not parse. */
export function parseJavascript(source: string): SyntaxNode {
  try {
    return Parser.parse(source, options) as unknown as SyntaxNode;
  } catch {
    // What is no JavaScript may be TypeScript; if it is neither, the error told is TypeScript's, which knows both.
    try {
      return TypeScriptParser.parse(source, options) as unknown as SyntaxNode;
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown;
      const { pos = 0 } = thrown as SyntaxError & { pos?: number };
      throw new SheafError("javascript.syntax", thrown.message.replace(/ \(\d+:\d+\)$/, ""), {
        cure: "Correct the code here: it is the body of a function, in JavaScript or TypeScript.",
        position: positionAt(source, pos, pos),
        cause: thrown,
      });
    }
  }
}

/** Whether a member of a node is a node too. */
export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { type?: unknown }).type === "string" &&
    "start" in value
  );
}
