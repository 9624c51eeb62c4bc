// C1 controls, bidirectional and zero-width formatting, BOM, lone surrogates: a terminal may obey them, or text turns around.
// C0 controls are escaped by every JSON and YAML writer.
const UNSAFE =
  /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Such characters written as `\uXXXX`, which means the same inside the double quotes of JSON and YAML. */
export function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** JSON that holds no character that a terminal obeys and says exactly the same. */
export function jsonText(document: object): string {
  return escapeUnsafe(JSON.stringify(document, undefined, 2));
}
