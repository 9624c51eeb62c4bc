import { redactObject, redactText } from '../core/redaction/redact.ts';
import type { ClusterReader, GetResult, ListResult, LogResult, Unreadable } from '../ports/cluster-reader.ts';
import { askRunbook } from './ask-runbook.ts';

/** The same reader without secrets: nothing behind it sees an object, a log or a message that was not redacted. */
export function redactedReader(reader: ClusterReader): ClusterReader {
  return {
    get: async (query) => redactedGet(await reader.get(query)),
    list: async (query) => redactedList(await reader.list(query)),
    logs: async (query) => redactedLog(await reader.logs(query)),
    runbook: async (query) => redactedLog(await askRunbook(reader, query)),
    serverTime: () => reader.serverTime(),
    requestCount: () => reader.requestCount(),
  };
}

function redactedGet(result: GetResult): GetResult {
  return result.kind === 'found' ? { ...result, object: redactObject(result.object) } : redactedMessage(result);
}

function redactedList(result: ListResult): ListResult {
  return result.kind === 'found' ? { ...result, objects: result.objects.map(redactObject) } : redactedMessage(result);
}

function redactedLog(result: LogResult): LogResult {
  return result.kind === 'found' ? { ...result, text: redactText(result.text) } : redactedMessage(result);
}

function redactedMessage<T extends Unreadable | { readonly kind: 'missing'; readonly message: string }>(result: T): T {
  return { ...result, message: redactText(result.message) };
}
