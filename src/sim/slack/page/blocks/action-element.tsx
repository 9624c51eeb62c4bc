import { useContext, useState } from 'react';
import { ConfirmDialog } from '../dialogs/confirm-dialog.tsx';
import { type Choice, SurfaceContext } from './acting.ts';
import { ButtonElement } from './button-element.tsx';
import { FormElement } from './form-element.tsx';
import type { ElementObject } from './model.ts';
import { OverflowElement } from './overflow-element.tsx';

interface Props {
  readonly blockId: string;
  readonly element: ElementObject;
}

/** An element outside of an input block: what is done with it reaches the app at once, after a confirmation if wanted. */
export function ActionElement({ blockId, element }: Props) {
  const surface = useContext(SurfaceContext);
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState<Choice>();
  const deliver = (choice: Choice) => {
    setBusy(true);
    void surface?.act(blockId, element.action_id ?? '', choice).finally(() => setBusy(false));
  };
  const act = (choice: Choice) => (element.confirm === undefined ? deliver(choice) : setAsking(choice));
  return (
    <>
      <Shown blockId={blockId} element={element} busy={busy} onAct={act} />
      {asking === undefined || element.confirm === undefined ? null : (
        <ConfirmDialog
          confirm={element.confirm}
          onClose={(agreed) => {
            setAsking(undefined);
            if (agreed) {
              deliver(asking);
            }
          }}
        />
      )}
    </>
  );
}

interface ShownProps extends Props {
  readonly busy: boolean;
  readonly onAct: (choice: Choice) => void;
}

function Shown({ blockId, element, busy, onAct }: ShownProps) {
  switch (element.type) {
    case 'button':
    case 'workflow_button':
    case 'icon_button':
      return <ButtonElement element={element} busy={busy} onAct={onAct} />;
    case 'overflow':
      return <OverflowElement element={element} busy={busy} onAct={onAct} />;
    case 'image':
      return <img className="accessory-image" src={element.image_url} alt={element.alt_text ?? ''} />;
    default:
      return (
        <FormElement
          blockId={blockId}
          element={element}
          label={element.placeholder?.text ?? element.accessibility_label ?? 'Choose'}
          onAct={onAct}
        />
      );
  }
}
