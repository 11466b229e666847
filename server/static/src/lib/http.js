export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Send JSON as the signed-in person. Resolves with the Response; rejects only when nothing answered. */
export function send(method, url, body, options = {}) {
  const headers = { "X-CSRF-Token": csrf(), Accept: "application/json, text/html" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return fetch(url, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), ...options });
}
