import type { CompletionSource } from "@codemirror/autocomplete";
import { autocompletion } from "@codemirror/autocomplete";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import { EditorState, type Extension } from "@codemirror/state";
import type { BodyLanguage } from "#server/notebook/cell-kind.ts";
import { javascriptCompletion } from "../completion/javascript-completion";
import { languageCompletion } from "../completion/language-completion";
import { sqlCompletion } from "../completion/sql-completion";
import { checksCompletion, yamlCompletion } from "../completion/yaml-completion";
import type { EditorHost } from "../editor-host";
import { piecesField } from "./pieces-field";
import { sqlLanguage } from "./sql";
import { javascriptNames, sqlNames } from "./tree-names";

/** How text of a language is coloured, completed and commented out. */
export function languageSupport(language: BodyLanguage, host: EditorHost): Extension {
  const { extension, completion, data } = supportOf(language, host);
  return [
    extension,
    autocompletion({ override: [...completion], icons: false, maxRenderedOptions: 60, defaultKeymap: false }),
    data === undefined ? [] : EditorState.languageData.of(() => [data]),
  ];
}

interface Support {
  readonly extension: Extension;
  readonly completion: readonly CompletionSource[];
  readonly data?: { readonly [name: string]: unknown };
}

function supportOf(language: BodyLanguage, host: EditorHost): Support {
  const own = languageCompletion(language, host);
  switch (language) {
    case "template":
    case "messages":
      return {
        extension: piecesField(language),
        completion: [own],
        data: { commentTokens: { block: { open: "{#", close: "#}" } }, closeBrackets: { brackets: ["{"] } },
      };
    case "expressions":
      return { extension: piecesField(language), completion: [own], data: hashComments };
    case "checks":
      return { extension: piecesField(language), completion: [own, checksCompletion(host)], data: hashComments };
    case "none":
      return { extension: piecesField(language), completion: [own, yamlCompletion(host)], data: hashComments };
    case "sql":
    case "expression-sql":
      return { extension: [sqlLanguage, sqlNames], completion: [sqlCompletion(host)] };
    case "javascript":
      return {
        extension: [typescriptLanguage, javascriptNames],
        completion: javascriptCompletion(host),
      };
    case "data":
    case "cells":
      return { extension: [], completion: [], data: { closeBrackets: { brackets: [] } } };
  }
}

const hashComments = { commentTokens: { line: "#" } };
