/** Keeps secrets out of what people and logs are shown. */

/** Shorter secrets are not searched for: they would blank out ordinary words. */
const SECRET_CHARS_MIN = 4;

/** Takes the secrets out of a text, also where they appear URL-encoded or in base64. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < SECRET_CHARS_MIN) continue;
    const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    for (const spelling of new Set(spellings)) clean = clean.replaceAll(spelling, '[secret]');
  }
  return clean;
}
