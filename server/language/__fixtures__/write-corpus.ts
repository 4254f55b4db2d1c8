import { writeFileSync } from "node:fs";
import { corpus, pointed, seed, world } from "./corpus.ts";

/**
 * Writes the corpus where `record-jinja2.py` reads it. Run by hand when the corpus changes:
 *   npx node server/language/__fixtures__/write-corpus.ts && python3 server/language/__fixtures__/record-jinja2.py
 */
const file = new URL("./corpus.json", import.meta.url);
writeFileSync(file, `${JSON.stringify({ world, templates: [...pointed, ...corpus(seed, 500)] }, null, 1)}\n`);
