import type { ConfirmObject } from '../blocks/model.ts';
import { BlockText } from '../blocks/text.tsx';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly confirm: ConfirmObject;
  readonly onClose: (agreed: boolean) => void;
}

/** Asks before a click counts. */
export function ConfirmDialog({ confirm, onClose }: Props) {
  return (
    <Dialog title={confirm.title?.text ?? 'Are you sure?'} className="confirm" onClose={() => onClose(false)}>
      <div className="dialog-body">{confirm.text === undefined ? null : <BlockText text={confirm.text} />}</div>
      <footer>
        <button type="button" className="button" onClick={() => onClose(false)}>
          {confirm.deny?.text ?? 'Cancel'}
        </button>
        <button type="button" className={`button button-${confirm.style ?? 'primary'}`} onClick={() => onClose(true)}>
          {confirm.confirm?.text ?? 'Yes'}
        </button>
      </footer>
    </Dialog>
  );
}
