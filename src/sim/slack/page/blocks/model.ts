import type { PageBlock, PageOption } from '../../page-api.ts';

/** A text object of Block Kit. */
export interface TextObject {
  readonly type: 'mrkdwn' | 'plain_text';
  readonly text: string;
  readonly verbatim?: boolean;
}

/** What is asked before a click counts. */
export interface ConfirmObject {
  readonly title?: TextObject;
  readonly text?: TextObject;
  readonly confirm?: TextObject;
  readonly deny?: TextObject;
  readonly style?: 'primary' | 'danger';
}

/** An option of a menu, with what only some menus show. */
export interface OptionObject extends PageOption {
  readonly text: PageBlock & TextObject;
  readonly value?: string;
  readonly description?: TextObject;
  readonly url?: string;
}

/** The fields of all interactive elements; which of them an element has depends on its type. */
export interface ElementObject {
  readonly type: string;
  readonly action_id?: string;
  readonly text?: TextObject;
  readonly placeholder?: TextObject;
  readonly confirm?: ConfirmObject;
  readonly style?: 'primary' | 'danger';
  readonly url?: string;
  readonly value?: string;
  readonly accessibility_label?: string;
  readonly options?: readonly OptionObject[];
  readonly option_groups?: readonly { readonly label: TextObject; readonly options: readonly OptionObject[] }[];
  readonly initial_option?: OptionObject;
  readonly initial_options?: readonly OptionObject[];
  readonly initial_value?: string;
  readonly initial_date?: string;
  readonly initial_time?: string;
  readonly initial_user?: string;
  readonly initial_channel?: string;
  readonly initial_conversation?: string;
  readonly multiline?: boolean;
  readonly min_length?: number;
  readonly max_length?: number;
  readonly is_decimal_allowed?: boolean;
  readonly min_value?: string;
  readonly max_value?: string;
  readonly focus_on_load?: boolean;
  readonly alt_text?: string;
  readonly image_url?: string;
}

/** The fields of all blocks that the page lays out itself; which of them a block has depends on its type. */
export interface BlockObject extends PageBlock {
  readonly text?: TextObject;
  readonly fields?: readonly TextObject[];
  readonly accessory?: ElementObject;
  readonly elements?: readonly ElementObject[];
  readonly element?: ElementObject;
  readonly label?: TextObject;
  readonly hint?: TextObject;
  readonly optional?: boolean;
  readonly dispatch_action?: boolean;
  readonly title?: TextObject;
  readonly subtitle?: TextObject;
  readonly child_blocks?: readonly PageBlock[];
  readonly is_collapsible?: boolean;
  readonly default_collapsed?: boolean;
  readonly level?: 'default' | 'info' | 'warning' | 'error' | 'success';
}

/** A block by its fields; the stand-in has checked them against Slack's rules. */
export function blockObject(block: PageBlock): BlockObject {
  return block;
}

/** All options of a menu, groups included. */
export function optionsOf({ options, option_groups }: ElementObject): readonly OptionObject[] {
  return options ?? option_groups?.flatMap((group) => group.options) ?? [];
}
