/** The names JavaScript itself gives a function's body, by ECMAScript 2025 and the sandbox's `console`: they are no references to cells. */
export const javascriptGlobals: ReadonlySet<string> = new Set(
  `undefined NaN Infinity globalThis arguments console eval isFinite isNaN parseFloat parseInt decodeURI
  decodeURIComponent encodeURI encodeURIComponent escape unescape Object Function Boolean Symbol Error AggregateError
  EvalError RangeError ReferenceError SyntaxError TypeError URIError Number BigInt Math Date String RegExp Array Int8Array
  Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array
  Float32Array Float64Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry ArrayBuffer SharedArrayBuffer Atomics
  DataView JSON Iterator Promise Proxy Reflect Intl`.split(/\s+/),
);
