/** The provider's id of a request, in the headers of its response: what it asks for when something is in doubt. Nothing where it says none. */
export function requestIdIn(headers: Headers): { readonly requestId?: string } {
  const requestId = headers.get("x-request-id") || headers.get("request-id");
  return requestId ? { requestId } : {};
}
