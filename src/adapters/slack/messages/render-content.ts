import { renderDigest } from './digest.ts';
import { renderEvidence } from './evidence.ts';
import { renderIncident } from './incident.ts';
import { renderIncidentDetails } from './incident-details.ts';
import { renderIncidentEvent } from './incident-event.ts';
import { renderNotice } from './notice.ts';
import { renderOutcome } from './outcome.ts';
import { toPlainTier } from './plain-tier.ts';
import { renderRemediation } from './remediation.ts';
import type { MessageContent, RenderedMessage, RenderOptions, Tier } from './rendered-message.ts';
import { renderWaiting } from './waiting.ts';

/**
 * A content as a message: escaped, within every limit, and always the same for the same content. The caller adds the
 * metadata, sends with `parse: 'none'` and without unfurling, and sends evidence that `isEvidenceFile` as a file.
 */
export function renderContent(content: MessageContent, tier: Tier, options: RenderOptions): RenderedMessage {
  const message = renderBlocks(content, tier, options);
  if (tier !== 'plain') {
    return message;
  }
  return toPlainTier(message, options, 'question' in content ? content.question : undefined);
}

function renderBlocks(content: MessageContent, tier: Tier, options: RenderOptions): RenderedMessage {
  switch (content.kind) {
    case 'answer':
      return renderOutcome(content, tier, options);
    case 'waiting':
      return renderWaiting(content, tier, options);
    case 'evidence':
      return renderEvidence(content, options);
    case 'notice':
      return renderNotice(content, options);
    case 'incident':
      return renderIncident(content, options);
    case 'incident-details':
      return renderIncidentDetails(content, options);
    case 'incident-event':
      return renderIncidentEvent(content, options);
    case 'digest':
      return renderDigest(content, tier, options);
    case 'remediation':
      return renderRemediation(content, tier, options);
  }
}
