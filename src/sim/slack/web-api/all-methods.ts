import { appMethods } from './app-methods.ts';
import { CHAT_METHODS } from './chat-methods.ts';
import { CONVERSATION_METHODS } from './conversation-methods.ts';
import { FILE_METHODS } from './file-methods.ts';
import type { Methods } from './method.ts';
import { PEOPLE_METHODS } from './people-methods.ts';
import { VIEW_METHODS } from './view-methods.ts';

/** Every method that the stand-in knows. `openTicket` returns the address of a new Socket Mode connection. */
export function allMethods(openTicket: () => string): Methods {
  return {
    ...appMethods(openTicket),
    ...CHAT_METHODS,
    ...CONVERSATION_METHODS,
    ...FILE_METHODS,
    ...PEOPLE_METHODS,
    ...VIEW_METHODS,
  };
}
