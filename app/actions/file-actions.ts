import { defineAction, type Action } from "./action";
import type { KeptBaseline } from "../notebook/notebook-actions";
import type { ActionContext } from "./action-context";

const path = ({ view }: ActionContext): string => view.head.head.path;
const fileName = (context: ActionContext): string => path(context).replace(/^notebooks\//, "");

function keptText({ name, results, left }: KeptBaseline): string {
  const { stale, never, unfinished, sheets } = left;
  const out = stale + never + unfinished;
  const missing = [
    ...(out === 0 ? [] : [`${out.toLocaleString("en")} results`]),
    ...sheets.map((sheet) => `all of ${sheet}`),
  ];
  const kept = `Kept ${results.toLocaleString("en")} results in ${name}.`;
  return missing.length === 0 ? kept : `${kept} Not current, and left out: ${missing.join(", ")}.`;
}

/** What can be done with the notebook as a file. */
export const fileActions: readonly Action[] = [
  defineAction({
    id: "notebook.trust",
    group: "Notebook",
    label: "Trust this notebook",
    keywords: "allow run",
    icon: "shield-check",
    available: ({ view }) => !view.head.head.trusted,
    async run({ server }) {
      await server.trust();
    },
  }),
  defineAction({
    id: "notebook.title",
    group: "Notebook",
    label: "Change the title",
    keywords: "rename name",
    icon: "pencil",
    run: ({ page }) => page.editTitle(),
  }),
  defineAction({
    id: "notebook.rename",
    group: "Notebook",
    label: "Rename the file …",
    keywords: "move path",
    icon: "file-pen",
    async run(context) {
      const name = await context.page.askText({
        title: "Rename the file",
        label: "Path below notebooks/",
        value: fileName(context),
        yes: "Rename",
        problem: (text) => (/^[^/\\].*\.md$/.test(text.trim()) ? null : "A path that ends with .md"),
      });
      if (name === null || name.trim() === fileName(context)) return;
      const moved = await context.server.renameFile(`notebooks/${name.trim()}`);
      if (moved !== null) context.page.goTo(moved);
    },
  }),
  defineAction({
    id: "notebook.duplicate",
    group: "Notebook",
    label: "Duplicate the notebook",
    keywords: "copy clone",
    icon: "copy-plus",
    async run({ server, page }) {
      const copy = await server.duplicateFile();
      if (copy !== null) page.goTo(copy);
    },
  }),
  defineAction({
    id: "notebook.download",
    group: "Notebook",
    label: "Download as Markdown",
    keywords: "export save file md",
    icon: "download",
    async run(context) {
      const text = await context.server.text();
      if (text !== null) context.page.download(fileName(context).replace(/^.*\//, ""), text.text);
    },
  }),
  defineAction({
    id: "notebook.keep-case",
    group: "Notebook",
    label: "Keep the inputs as a case …",
    keywords: "save values set example",
    icon: "plus",
    available: ({ view }) => view.head.head.inputs.length > 0,
    async run({ page, server }) {
      const name = await page.askText({
        title: "Keep these inputs",
        label: "Name of the case",
        value: "",
        yes: "Keep",
        problem: (text) => (text.trim() === "" ? "Enter a name" : null),
      });
      if (name !== null && (await server.keepCase(name.trim()))) page.say(`Kept as ${name.trim()}.`);
    },
  }),
  defineAction({
    id: "notebook.keep-baseline",
    group: "Notebook",
    label: "Keep the results as the baseline …",
    keywords: "compare regression golden snapshot git",
    available: ({ view }) => Object.keys(view.cells).length > 0,
    async run({ page, server }) {
      const yes = await page.ask({
        title: "Keep the results as the baseline?",
        text: "Those that are current, locked or edited are kept beside the notebook, without their texts, in place of the baseline there is. Nothing is run. Later runs are compared with it on their pages, and by `sheaf test`.",
        yes: "Keep",
      });
      const kept = yes ? await server.keepBaseline() : null;
      if (kept !== null) page.say(keptText(kept));
    },
  }),
  defineAction({
    id: "notebook.publish",
    group: "Notebook",
    label: "Publish …",
    keywords: "api endpoint version live deploy",
    run: ({ page }) => page.publish(),
  }),
  defineAction({
    id: "notebook.remove",
    group: "Notebook",
    label: "Delete the notebook …",
    keywords: "remove trash",
    icon: "trash",
    async run({ view, page, server }) {
      const { title } = view.head.head;
      const yes = await page.ask({
        title: `Delete ${title}?`,
        text: "It goes to .sheaf/removed with its notes and its baseline, and can be put back. What runs in it is stopped; what was paid for is kept.",
        yes: "Delete",
        isDangerous: true,
      });
      if (!yes) return;
      const putBack = await server.removeFile();
      if (putBack === null) return;
      page.goTo("/");
      page.say(`Deleted ${title}.`, { label: "Undo", run: () => void putBack() });
    },
  }),
  defineAction({
    id: "notebook.all",
    group: "Notebook",
    label: "Go to all notebooks",
    keywords: "home list open",
    icon: "house",
    run: ({ page }) => page.goTo("/"),
  }),
];
