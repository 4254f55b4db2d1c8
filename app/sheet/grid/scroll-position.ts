/** What is scrolled, in pixels: all there is, and what of it is seen. */
export interface ScrollSize {
  readonly content: number;
  readonly view: number;
}

/** Where a long list stands: the scrollbar's own position, and the first pixel of the content that is seen. */
export interface ScrollPosition {
  readonly top: number;
  readonly offset: number;
}

/** Browsers lay out no element above 17.9 million pixels (Firefox): the canvas stays well below, and what is longer is scaled. */
export const mostPixels = 8_000_000;
/** Scrolling by less than this goes the same way on the content, scaled or not: a wheel moves by rows, not by thousands of them. */
const local = 2_000;

export const atStart: ScrollPosition = { top: 0, offset: 0 };

/** The height of the canvas that is scrolled. */
export function canvasHeight({ content }: Pick<ScrollSize, "content">): number {
  return Math.min(content, mostPixels);
}

/** Where the content stands after the scrollbar came to `top`. */
export function scrolledTo(top: number, before: ScrollPosition, size: ScrollSize): ScrollPosition {
  const most = mostOffset(size);
  const mostTop = Math.max(0, canvasHeight(size) - size.view);
  const now = between(top, 0, mostTop);
  if (size.content <= mostPixels) return { top: now, offset: now };
  const change = now - before.top;
  const isLocal = Math.abs(change) < local && now > 0 && now < mostTop;
  const offset = isLocal ? before.offset + change : (now / mostTop) * most;
  return { top: now, offset: between(offset, 0, most) };
}

/** Where the scrollbar stands when the content is to be seen from `offset` on. */
export function broughtTo(offset: number, before: ScrollPosition, size: ScrollSize): ScrollPosition {
  const most = mostOffset(size);
  const now = between(offset, 0, most);
  if (size.content <= mostPixels) return { top: now, offset: now };
  const mostTop = canvasHeight(size) - size.view;
  const near = before.top + (now - before.offset);
  const isLocal = Math.abs(now - before.offset) < local && near > 0 && near < mostTop;
  return { top: isLocal ? near : (now / most) * mostTop, offset: now };
}

function mostOffset({ content, view }: ScrollSize): number {
  return Math.max(0, content - view);
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
