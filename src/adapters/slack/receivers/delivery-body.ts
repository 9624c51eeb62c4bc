/**
 * Whether a signed body is what Bolt expects: JSON that is an object, or a form whose `payload`, if it has one, is
 * such JSON. Bolt's own reader leaves a request unanswered when the JSON is `null`.
 */
export function isDeliveryBody(body: Buffer, form: boolean): boolean {
  const text = body.toString('utf8');
  if (!form) {
    return isObjectText(text);
  }
  const payload = new URLSearchParams(text).get('payload');
  return payload === null || isObjectText(payload);
}

function isObjectText(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
