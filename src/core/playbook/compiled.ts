import type { RunbookRead } from '../ceph/command.ts';
import type { Expression } from '../expression/cel.ts';
import type { Pattern } from '../expression/pattern.ts';
import type { Template } from '../expression/template.ts';
import type { ResourceType, SubjectKind } from '../subject/kinds.ts';
import type { Subject } from '../subject/subject.ts';
import type { ActionCode, Certainty, Stage } from './vocabulary.ts';

/** A text that applies when its condition holds. */
export interface CompiledText {
  readonly when?: Expression;
  readonly text: Template;
}

export interface CompiledMatch {
  readonly name: string;
  readonly pattern: Pattern;
  readonly in: Expression;
  readonly optional: boolean;
  /** Its texts come from a need, so it is tried after the trigger and never required. */
  readonly late: boolean;
  /** Every match of the text is bound as `all`. */
  readonly global: boolean;
}

interface NeedBase {
  readonly name: string;
  readonly when?: Expression;
}

/** A further fact that a playbook reads once its trigger holds. */
export type CompiledNeed =
  | (NeedBase & {
      readonly kind: 'get';
      readonly resource: ResourceType;
      readonly objectName: Template;
      readonly namespace?: Template;
      readonly metadataOnly: boolean;
    })
  | (NeedBase & {
      readonly kind: 'list';
      readonly resource: ResourceType;
      readonly namespace?: Template;
      readonly allNamespaces: boolean;
      readonly labelSelector?: Template;
      readonly fieldSelector?: Template;
      readonly metadataOnly: boolean;
      readonly limit?: number;
    })
  /** Metadata of the objects of a resource whose name is known only when it is read. */
  | (NeedBase & {
      readonly kind: 'metadata';
      readonly group: Template;
      readonly version: Template;
      readonly resourceName: Template;
      readonly namespace?: Template;
      readonly limit?: number;
    })
  | (NeedBase & {
      readonly kind: 'log';
      readonly container: Expression;
      readonly pod?: Template;
      readonly namespace?: Template;
      readonly previous: Expression;
    })
  | (NeedBase & {
      readonly kind: 'runbook';
      readonly read: RunbookRead;
      readonly pool?: Template;
      readonly image?: Template;
    });

export interface CompiledCheck {
  readonly id: string;
  readonly ask: string;
  readonly when: Expression;
  readonly expect: boolean;
  readonly required: boolean;
  readonly evidence?: Template;
}

/** A playbook ready to be evaluated. */
export interface CompiledPlaybook {
  readonly name: string;
  readonly title: string;
  readonly subjects: readonly SubjectKind[];
  readonly stage: Stage;
  readonly role: 'cause' | 'fallback' | 'modifier';
  readonly forEach?: { readonly name: string; readonly over: Expression };
  readonly match: readonly CompiledMatch[];
  readonly lets: readonly { readonly name: string; readonly value: Expression }[];
  readonly trigger: Expression;
  readonly needs: readonly CompiledNeed[];
  readonly checks: readonly CompiledCheck[];
  readonly refute: readonly { readonly when: Expression; readonly because: Template }[];
  readonly certainty: readonly { readonly when?: Expression; readonly is: Certainty }[];
  readonly cause: readonly CompiledText[];
  readonly why: readonly CompiledText[];
  readonly evidence: readonly CompiledText[];
  readonly advice: readonly CompiledText[];
  readonly later: readonly CompiledText[];
  readonly blames: readonly CompiledText[];
  readonly explains: readonly string[];
  readonly follow?: {
    readonly kind: SubjectKind;
    readonly objectName: Template;
    readonly namespace?: Template;
    readonly when?: Expression;
  };
  readonly remediation?: CompiledRemediation;
}

/** The repair that a playbook chooses. */
export interface CompiledRemediation {
  readonly action: ActionCode;
  readonly when?: Expression;
  /** What names the object that the playbook is judged on. */
  readonly subject: Readonly<Record<keyof Subject, Template>>;
  readonly parameters: readonly { readonly name: string; readonly text: Template }[];
}
