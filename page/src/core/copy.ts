// Copying text: by the clipboard where the page may use it, else by a field that is selected, as on plain http.

/** Copies what the field holds; tells whether it went well. The field stays selected, so that a person can copy by hand. */
export async function copyFrom(field: HTMLInputElement): Promise<boolean> {
  field.focus();
  field.select();
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // The browser may forbid it; the old way may still be open.
    }
  }
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}
