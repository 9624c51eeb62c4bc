import { useEffect, useState } from 'react';
import type { PageFile } from '../../page-api.ts';
import { loadFileText } from '../session/requests.ts';

const PREVIEW_LINES = 6;
const TEXTS = /^(?:text\/|application\/(?:json|yaml|x-yaml))/;

/** A file: its first lines, all of it on demand, and a way to save it. */
export function FileCard({ file }: { readonly file: PageFile }) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState<string>();
  const readable = TEXTS.test(file.mimetype);
  useEffect(() => {
    if (readable) {
      void loadFileText(file.url).then(setText);
    }
  }, [file.url, readable]);
  const lines = (text ?? '').trimEnd().split('\n');
  const shown = open ? lines : lines.slice(0, PREVIEW_LINES);
  return (
    <figure className="file">
      <figcaption>
        <strong>{file.title === '' ? file.name : file.title}</strong>
        <small>
          {file.name} · {sizeText(file.size)}
        </small>
        <a className="button" href={file.url} download={file.name}>
          Download
        </a>
      </figcaption>
      {text === undefined ? null : (
        <>
          <pre className={open ? 'file-text file-open' : 'file-text'} tabIndex={0} aria-label={file.name}>
            {shown.join('\n')}
          </pre>
          {lines.length > PREVIEW_LINES ? (
            <button type="button" className="file-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? 'Show less' : `Show all ${lines.length} lines`}
            </button>
          ) : null}
        </>
      )}
    </figure>
  );
}

function sizeText(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} kB`;
}
