/** Whether a request comes from Twilio: HMAC-SHA1 of the address and the form's fields in the order of their names. https://www.twilio.com/docs/usage/security#validating-requests */
import { createHmac, timingSafeEqual } from 'node:crypto';

export function isFromTwilio(
  authToken: string,
  request: { url: string; form: Readonly<Record<string, string>>; signature: string },
): boolean {
  const { url, form, signature } = request;
  const text = Object.keys(form)
    .sort()
    .reduce((all, name) => all + name + (form[name] ?? ''), url);
  const expected = createHmac('sha1', authToken).update(text).digest();
  const given = Buffer.from(signature, 'base64');
  return expected.length === given.length && timingSafeEqual(expected, given);
}
