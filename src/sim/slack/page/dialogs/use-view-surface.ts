import { useEffect, useState } from 'react';
import type { PageView, PageViewValues } from '../../page-api.ts';
import type { Surface } from '../blocks/acting.ts';
import { useSession } from '../session/session.ts';
import { sentValues, viewValues, withValue } from './form-values.ts';

/** The state of a view's inputs. */
export interface ViewForm {
  readonly surface: Surface;
  readonly values: PageViewValues;
  readonly setErrors: (errors: Readonly<Record<string, string>>) => void;
}

/** Keeps what is typed into a view while the app updates it. */
export function useViewSurface(view: PageView): ViewForm {
  const { state, deliver } = useSession();
  const [values, setValues] = useState(() => viewValues(view.blocks));
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => setValues((before) => viewValues(view.blocks, before)), [view.blocks]);
  const surface: Surface = {
    act: async (block_id, action_id, choice) => {
      await deliver('action', { view_id: view.id, block_id, action_id, ...choice, values: sentValues(values) });
    },
    change: (blockId, actionId, value) => setValues((before) => withValue(before, [blockId, actionId], value)),
    valueOf: (blockId, actionId) => values[blockId]?.[actionId],
    errors,
    users: state.users.map(({ id, real_name }) => ({ id, label: real_name })),
    channels: state.channels.map(({ id, name }) => ({ id, label: `#${name}` })),
  };
  return { surface, values, setErrors };
}
