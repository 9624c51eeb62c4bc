import type { RichTextBlockElement } from 'slack-blocks-to-jsx';
import type { PageBlock } from '../../page-api.ts';
import { parsePlain } from '../text/mrkdwn.ts';
import { RichText } from './rich-text.tsx';

interface Cell {
  readonly type: string;
  readonly text?: string;
  readonly value?: number;
  readonly elements?: RichTextBlockElement[];
}

interface Table {
  readonly rows: readonly (readonly Cell[])[];
  readonly column_settings?: readonly ({ readonly align?: 'left' | 'center' | 'right' } | null)[];
}

/** A table with its first row as the head. Raw text in a cell is no markup, which the renderer does not know. */
export function TableBlock({ block }: { readonly block: PageBlock }) {
  // The stand-in has checked the fields.
  const { rows, column_settings: columns = [] } = block as unknown as Table;
  const [head = [], ...body] = rows;
  return (
    <div className="table-scroll" role="region" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={`${index}`} scope="col" className={`align-${columns[index]?.align ?? 'left'}`}>
                <CellText cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, rowIndex) => (
            <tr key={`${rowIndex}`}>
              {row.map((cell, index) => (
                <td key={`${index}`} className={`align-${columns[index]?.align ?? 'left'}`}>
                  <CellText cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CellText({ cell }: { readonly cell: Cell }) {
  return <RichText elements={cell.elements ?? parsePlain(cell.text ?? `${cell.value ?? ''}`)} />;
}
