import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";
import { createMemo } from "solid-js";
import "./rendered-text.css";

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

/** A text's Markdown set as such. HTML in it stays text; what Markdown makes of it is cleaned all the same, for a model wrote it. Pictures are not fetched: their addresses are a model's too. */
export function RenderedText(props: { readonly text: string }) {
  const html = createMemo(() =>
    DOMPurify.sanitize(markdown.render(props.text), {
      FORBID_TAGS: ["img", "style", "form", "input", "button"],
      FORBID_ATTR: ["style", "class", "id"],
    }),
  );
  return <div class="value-rendered" innerHTML={html()} ref={openOutside} />;
}

/** Links leave the page where it is. */
function openOutside(element: HTMLElement): void {
  element.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a");
    if (link === null) return;
    event.preventDefault();
    if (/^https?:/.test(link.href)) window.open(link.href, "_blank", "noopener,noreferrer");
  });
}
