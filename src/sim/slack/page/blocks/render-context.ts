import { createContext } from 'react';
import type { MessageProps } from 'slack-blocks-to-jsx';

/** What the renderer needs to know about the workspace and the look. */
export interface RenderSettings {
  readonly theme: 'light' | 'dark';
  readonly data: NonNullable<MessageProps['data']>;
  readonly hooks: NonNullable<MessageProps['hooks']>;
}

/** The settings of the page. */
export const RenderContext = createContext<RenderSettings>({ theme: 'light', data: {}, hooks: {} });
