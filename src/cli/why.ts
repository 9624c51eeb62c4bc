import type { Diagnosis } from '../core/diagnosis/diagnosis.ts';
import { diagnosisDocument } from '../core/render/diagnosis-document.ts';
import { jsonText } from '../core/render/escape.ts';
import { renderText } from '../core/render/render-text.ts';
import { ask } from './ask.ts';
import { usesColor } from './color.ts';
import type { CommandContext } from './context.ts';
import { exitCodeOf } from './exit-codes.ts';

/** `kubewhy why`: asks, prints the answer, and says by exit code what it is. */
export async function runWhy(context: CommandContext): Promise<number> {
  const diagnosis = await ask(context);
  context.output.print(await answerText(diagnosis, context));
  return exitCodeOf(diagnosis.verdict);
}

async function answerText(diagnosis: Diagnosis, { line, config, output }: CommandContext): Promise<string> {
  const { options } = line;
  const explain = options.has('explain');
  switch (options.value('output')) {
    case 'json':
      return jsonText(diagnosisDocument(diagnosis, { explain }));
    case 'yaml': {
      const { yamlText } = await import('../app/yaml-text.ts');
      return yamlText(diagnosisDocument(diagnosis, { explain }));
    }
    default:
      return renderText(diagnosis, { width: output.width, color: usesColor(options, config, output), explain });
  }
}
