/** Writes the JSON Schemas from which editors complete playbooks and settings; tests keep them equal to the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { settingsJsonSchema } from '../src/config/parse-settings.ts';
import { playbookSchema } from '../src/core/playbook/definition.ts';

const FOLDER = join(import.meta.dirname, '../docs/schema');
const SCHEMAS = {
  'playbook.schema.json': z.toJSONSchema(playbookSchema),
  'settings.schema.json': settingsJsonSchema(),
};
for (const [name, schema] of Object.entries(SCHEMAS)) {
  writeFileSync(join(FOLDER, name), `${JSON.stringify(schema, undefined, 2)}\n`);
}
