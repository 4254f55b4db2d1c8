import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });
const rendered = new Map<string, string>();

/** HTML of Markdown. HTML in the text stays text, and links to scripts are none, so that what it gives can be shown as it is. */
export function proseHtml(text: string): string {
  let html = rendered.get(text);
  if (html === undefined) {
    html = markdown.render(text);
    if (rendered.size >= 2_000) rendered.delete(rendered.keys().next().value!);
    rendered.set(text, html);
  }
  return html;
}
