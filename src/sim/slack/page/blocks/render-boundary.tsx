import { Component, type ReactNode } from 'react';

interface Props {
  /** What is being rendered; a changed one is tried again. */
  readonly shown: unknown;
  readonly children: ReactNode;
}

interface State {
  readonly failed: boolean;
  readonly shown: unknown;
}

/** Shows the data of a block that the renderer cannot show, instead of an empty page. */
export class RenderBoundary extends Component<Props, State> {
  override state: State = { failed: false, shown: this.props.shown };

  static getDerivedStateFromProps({ shown }: Props, state: State): State {
    return shown === state.shown ? state : { failed: false, shown };
  }

  static getDerivedStateFromError(): Pick<State, 'failed'> {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) {
      return this.props.children;
    }
    return <pre className="unrendered">{JSON.stringify(this.props.shown, undefined, 2)}</pre>;
  }
}
