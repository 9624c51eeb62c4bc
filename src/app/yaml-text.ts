import { Document, visit } from 'yaml';
import { escapeUnsafe } from '../core/render/escape.ts';

/** YAML that says the same to old and new parsers and holds no character that a terminal obeys. */
export function yamlText(document: object): string {
  const yaml = new Document(document, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(yaml, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && escapeUnsafe(node.value) !== node.value) {
        // Only double quotes know escapes.
        node.type = 'QUOTE_DOUBLE';
      }
    },
  });
  return escapeUnsafe(yaml.toString({ lineWidth: 0 })).trimEnd();
}
