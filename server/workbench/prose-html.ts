import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });
const pictured = markdown.renderer.rules.image!;
/** A picture that is somewhere else is a link to it: who opens a notebook has not asked for anything from there. */
markdown.renderer.rules.image = (tokens, index, options, environment, renderer) => {
  const token = tokens[index]!;
  const source = String(token.attrGet("src") ?? "");
  if (/^data:image\/(?:png|jpeg|gif|webp);/i.test(source))
    return pictured(tokens, index, options, environment, renderer);
  const { escapeHtml } = markdown.utils;
  return `<a href="${escapeHtml(source)}">${escapeHtml(token.content === "" ? "picture" : token.content)}</a>`;
};

const rendered = new Map<string, string>();

/** HTML of Markdown. HTML in the text stays text, links to scripts are none, and nothing is fetched from elsewhere, so that what it gives can be shown as it is. */
export function proseHtml(text: string): string {
  let html = rendered.get(text);
  if (html === undefined) {
    html = markdown.render(text);
    if (rendered.size >= 2_000) rendered.delete(rendered.keys().next().value!);
    rendered.set(text, html);
  }
  return html;
}
