/** Writes docs/schema/playbook.schema.json, from which editors complete playbooks; a test keeps it equal to the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { playbookSchema } from '../src/core/playbook/definition.ts';

const target = join(import.meta.dirname, '../docs/schema/playbook.schema.json');
writeFileSync(target, `${JSON.stringify(z.toJSONSchema(playbookSchema), undefined, 2)}\n`);
