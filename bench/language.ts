import { Environment } from "minijinja-js";
import { parseTemplate, renderMessages, renderTemplate, scopeOf } from "#server/language/index.ts";
import { median, report } from "./figure.ts";

/** Renders of a 0.3 KB template a second, beside MiniJinja's in the same run. Alternating rounds, the median of each. */

const template = `You route messages to a bank. Answer with the topic alone: {{ topics | join(", ") }}.
{% for hit in examples[:5] %}
Message: {{ hit.text | trim }}
Topic: {{ hit.category | replace("_", " ") | title }}
{% endfor %}
{% if customer is defined and customer.name %}Customer: {{ customer.name | upper }}
{% endif %}
Message: {{ message | trim | default("none") }}`;

const values = {
  topics: ["card_arrival", "exchange_rate", "lost_or_stolen_card"],
  examples: Array.from({ length: 8 }, (_, index) => ({
    text: ` My card number ${index} is late `,
    category: "card_arrival",
    score: index / 8,
  })),
  customer: { name: "Ada Lovelace" },
  message: "My card still has not arrived, and it has been two weeks now.",
};
const table = Array.from({ length: 20_000 }, (_, index) => ({ id: index, text: `row ${index}`, value: index * 1.5 }));

const environment = new Environment();
environment.trimBlocks = true;
environment.lstripBlocks = true;
environment.keepTrailingNewline = true;
environment.enablePyCompat();
environment.addTemplate("prompt", template);

const parsed = parseTemplate(template);
const withTable = { ...values, table };
const scope = scopeOf(values);
const wide = scopeOf(withTable);
const chat = parseTemplate(`system:\n${template.replace("\nMessage: {{ message", "\nuser:\nMessage: {{ message")}`);

const cases = [
  ["a template rendered", () => renderTemplate(parsed, scope), () => environment.renderTemplate("prompt", values)],
  ["messages rendered", () => renderMessages(chat, scope), () => environment.renderTemplate("prompt", values)],
  [
    "a template parsed and rendered",
    () => renderTemplate(parseTemplate(template), scope),
    () => environment.renderStr(template, values),
  ],
  [
    "a template rendered, 20,000 rows in scope that it does not read",
    () => renderTemplate(parsed, wide),
    () => environment.renderTemplate("prompt", withTable),
  ],
] as const;

if (renderTemplate(parsed, scope) !== environment.renderTemplate("prompt", values)) throw new Error("the two differ");

for (const [what, ours, theirs] of cases) {
  const rates: [number[], number[]] = [[], []];
  for (let round = 0; round < 5; round += 1) {
    rates[0].push(rate(ours, 300));
    rates[1].push(rate(theirs, 300));
  }
  const bare = { what: "minijinja-js", figure: median(rates[1]) };
  report({ what, unit: "renders/s", ours: median(rates[0]), bare });
}

/** Calls a second, measured for so many milliseconds. */
function rate(run: () => unknown, milliseconds: number): number {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    for (let call = 0; call < 20; call += 1) run();
    calls += 20;
    elapsed = performance.now() - start;
  }
  return (calls / elapsed) * 1000;
}
