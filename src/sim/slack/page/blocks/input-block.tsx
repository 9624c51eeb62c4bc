import { useContext, useId } from 'react';
import { type Choice, type Surface, SurfaceContext } from './acting.ts';
import { FormElement } from './form-element.tsx';
import type { BlockObject } from './model.ts';

/** A labelled input with its hint and, after a refusal, the reason. */
export function InputBlock({ block }: { readonly block: BlockObject }) {
  const surface = useContext(SurfaceContext);
  const id = useId();
  const { element, label, hint, optional = false, block_id: blockId = '' } = block;
  if (element === undefined) {
    return null;
  }
  const error = surface?.errors[blockId];
  return (
    <div className="field" data-refused={error !== undefined}>
      <span className="field-label" id={`${id}-label`}>
        {label?.text}
        {optional ? <small> (optional)</small> : null}
      </span>
      <FormElement
        blockId={blockId}
        element={element}
        label={label?.text ?? ''}
        labelId={`${id}-label`}
        describedBy={`${id}-hint`}
        required={!optional}
        {...dispatching(block, surface)}
      />
      <FieldHint id={`${id}-hint`} error={error} hint={hint?.text} />
    </div>
  );
}

/** Only some inputs tell the app about every choice. */
function dispatching({ dispatch_action, block_id = '', element }: BlockObject, surface: Surface | undefined) {
  if (dispatch_action !== true) {
    return {};
  }
  return { onAct: (choice: Choice) => void surface?.act(block_id, element?.action_id ?? '', choice) };
}

interface FieldHintProps {
  readonly id: string;
  readonly error: string | undefined;
  readonly hint: string | undefined;
}

function FieldHint({ id, error, hint }: FieldHintProps) {
  return (
    <span className="field-hint" id={id} role={error === undefined ? undefined : 'alert'}>
      {error ?? hint}
    </span>
  );
}
