// What the browser remembers between visits; a browser that forbids it is no reason to fail.
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(`yellowcart.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`yellowcart.${key}`, value);
  } catch {
    // Private windows may refuse; then the choice lasts as long as the page.
  }
}

let unremembered = "";

/** A random name under which this browser votes. */
export function voter(): string {
  const known = recall("voter") ?? unremembered;
  if (known) return known;
  unremembered = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  remember("voter", unremembered);
  return unremembered;
}
