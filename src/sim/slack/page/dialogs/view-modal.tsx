import { useState } from 'react';
import type { PageView } from '../../page-api.ts';
import { SurfaceContext } from '../blocks/acting.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { blockObject } from '../blocks/model.ts';
import { useSession } from '../session/session.ts';
import { Dialog } from './dialog.tsx';
import { sentValues } from './form-values.ts';
import { useViewSurface } from './use-view-surface.ts';

/** A modal that the app opened. It stays until the app, or its close button, takes it away. */
export function ViewModal({ view }: { readonly view: PageView }) {
  const { deliver } = useSession();
  const { surface, values, setErrors } = useViewSurface(view);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const close = () => void deliver('close-view', { view_id: view.id });
  const submit = async () => {
    setBusy(true);
    const answer = await deliver('submit', { view_id: view.id, values: sentValues(values) });
    setBusy(false);
    setErrors(answer.ok ? {} : (answer.errors ?? {}));
    setProblem(answer.ok || answer.errors !== undefined ? undefined : answer.error);
  };
  return (
    <Dialog title={textOf(view.title) ?? 'Kubewhy'} className="view" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="dialog-body">
          <SurfaceContext value={surface}>
            <Blocks blocks={view.blocks} />
          </SurfaceContext>
          {problem === undefined ? null : (
            <p className="field-refused" role="alert">
              {problem}
            </p>
          )}
        </div>
        <footer>
          <button type="button" className="button" onClick={close}>
            {textOf(view.close) ?? 'Cancel'}
          </button>
          {view.submit === undefined ? null : (
            <button type="submit" className="button button-primary" aria-busy={busy} disabled={busy}>
              {textOf(view.submit)}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

/** A title or button of a view is a text object, not a block with one. */
function textOf(object: PageView['title']): string | undefined {
  const text: unknown = object === undefined ? undefined : blockObject(object).text;
  return typeof text === 'string' ? text : undefined;
}
