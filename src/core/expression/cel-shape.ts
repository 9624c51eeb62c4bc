/** The parts of a CEL syntax tree (`cel.expr.Expr`) that are looked at here. */
export interface SyntaxNode {
  readonly exprKind:
    | { readonly case: 'identExpr'; readonly value: { readonly name: string } }
    | { readonly case: 'selectExpr'; readonly value: SelectNode }
    | { readonly case: 'callExpr'; readonly value: CallNode }
    | { readonly case: 'listExpr'; readonly value: { readonly elements: readonly SyntaxNode[] } }
    | { readonly case: 'structExpr'; readonly value: { readonly entries: readonly EntryNode[] } }
    | { readonly case: 'comprehensionExpr'; readonly value: LoopNode }
    | { readonly case: 'constExpr'; readonly value: object }
    | { readonly case: undefined };
}

type Maybe<T> = T | undefined;

interface SelectNode {
  readonly operand?: Maybe<SyntaxNode>;
  readonly field: string;
}

interface CallNode {
  readonly function: string;
  readonly target?: Maybe<SyntaxNode>;
  readonly args: readonly SyntaxNode[];
}

interface EntryNode {
  readonly keyKind: { readonly case: 'mapKey'; readonly value: SyntaxNode } | { readonly case: 'fieldKey' | undefined };
  readonly value?: Maybe<SyntaxNode>;
}

interface LoopNode {
  readonly iterVar: string;
  readonly iterVar2: string;
  readonly accuVar: string;
  readonly iterRange?: Maybe<SyntaxNode>;
  readonly accuInit?: Maybe<SyntaxNode>;
  readonly loopCondition?: Maybe<SyntaxNode>;
  readonly loopStep?: Maybe<SyntaxNode>;
  readonly result?: Maybe<SyntaxNode>;
}

/** What can be said about an expression without evaluating it. */
export interface ExpressionShape {
  /** Names it reads from the scope, in order of appearance; macro variables are left out. */
  readonly variables: readonly string[];
  /** Functions and methods it calls, operators left out. */
  readonly functions: readonly string[];
  /** First-level fields read from a scope name: `container.last.reason` gives `container.last`. */
  readonly fields: readonly string[];
}

interface Collected {
  readonly variables: Set<string>;
  readonly functions: Set<string>;
  readonly fields: Set<string>;
}

/** Lists the free variables, called functions and first-level fields of a syntax tree. */
export function describeExpression(expr: SyntaxNode): ExpressionShape {
  const found: Collected = { variables: new Set(), functions: new Set(), fields: new Set() };
  visit(expr, new Set(), found);
  return { variables: [...found.variables], functions: [...found.functions], fields: [...found.fields] };
}

function visit(expr: SyntaxNode | undefined, bound: ReadonlySet<string>, found: Collected): void {
  const kind = expr?.exprKind;
  switch (kind?.case) {
    case 'identExpr':
      if (!bound.has(kind.value.name)) {
        found.variables.add(kind.value.name);
      }
      return;
    case 'selectExpr':
      visitSelect(kind.value, bound, found);
      return;
    case 'callExpr':
      if (/^[a-z]/i.test(kind.value.function)) {
        found.functions.add(kind.value.function);
      }
      visit(kind.value.target, bound, found);
      visitAll(kind.value.args, bound, found);
      return;
    case 'listExpr':
      visitAll(kind.value.elements, bound, found);
      return;
    case 'structExpr':
      for (const entry of kind.value.entries) {
        visit(entry.keyKind.case === 'mapKey' ? entry.keyKind.value : undefined, bound, found);
        visit(entry.value, bound, found);
      }
      return;
    case 'comprehensionExpr':
      visitComprehension(kind.value, bound, found);
      return;
    default:
  }
}

function visitAll(exprs: readonly SyntaxNode[], bound: ReadonlySet<string>, found: Collected): void {
  for (const expr of exprs) {
    visit(expr, bound, found);
  }
}

function visitSelect(select: SelectNode, bound: ReadonlySet<string>, found: Collected): void {
  const operand = select.operand?.exprKind;
  if (operand?.case === 'identExpr' && !bound.has(operand.value.name)) {
    found.fields.add(`${operand.value.name}.${select.field}`);
  }
  visit(select.operand, bound, found);
}

function visitComprehension(loop: LoopNode, bound: ReadonlySet<string>, found: Collected): void {
  visit(loop.iterRange, bound, found);
  visit(loop.accuInit, bound, found);
  const inner = new Set([...bound, loop.iterVar, loop.iterVar2, loop.accuVar]);
  visit(loop.loopCondition, inner, found);
  visit(loop.loopStep, inner, found);
  visit(loop.result, inner, found);
}
