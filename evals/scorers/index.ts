import type { Scorer } from "../scorer.ts";
import { code } from "./code.ts";
import { contains } from "./contains.ts";
import { equals } from "./equals.ts";
import { jsonEqual } from "./json-equal.ts";
import { regex } from "./regex.ts";
import { similarity } from "./similarity.ts";

/** All scorers, in the order of the insert menu. */
export const scorers = [equals, contains, regex, jsonEqual, similarity, code] as const satisfies readonly Scorer[];

export type ScorerName = (typeof scorers)[number]["name"];
