import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeClusterDirectory } from '../fakes/fake-cluster-directory.ts';
import { FakeNoteStore } from '../fakes/fake-note-store.ts';
import { FakeOutbox } from '../fakes/fake-outbox.ts';
import { FakeQuestionStore } from '../fakes/fake-question-store.ts';
import { FakeSeenStore } from '../fakes/fake-seen-store.ts';
import { FakeTriageStore } from '../fakes/fake-triage-store.ts';
import { CONTRACT_EDIT_GAP_MS, CONTRACT_LEASE_MS, describeOutbox } from './outbox.contract.ts';
import { CONTRACT_LINE_MS, describeQuestionStore } from './question-store.contract.ts';
import { CONTRACT_SILENT_MS, describeSmallStores } from './small-stores.contract.ts';
import { describeTriageStore } from './triage-store.contract.ts';

function passOn(clock: FakeClock): (ms: number) => Promise<void> {
  return async (ms) => clock.advance(ms);
}

describeQuestionStore('the fake', async () => {
  const clock = new FakeClock();
  return { store: new FakeQuestionStore(clock, CONTRACT_LINE_MS), pass: passOn(clock) };
});

describeSmallStores('the fakes', async () => {
  const clock = new FakeClock();
  return {
    seen: new FakeSeenStore(clock),
    notes: new FakeNoteStore(clock),
    clusters: new FakeClusterDirectory(clock, CONTRACT_SILENT_MS),
    pass: passOn(clock),
  };
});

describeOutbox('the fake', async () => {
  const clock = new FakeClock();
  const outbox = new FakeOutbox(clock, { leaseMs: CONTRACT_LEASE_MS, editGapMs: CONTRACT_EDIT_GAP_MS });
  return { outbox, pass: passOn(clock) };
});

describeTriageStore('the fake', async (options) => {
  const clock = new FakeClock();
  const store = new FakeTriageStore(clock, options);
  return { alerts: store, triage: store, desk: store, pass: passOn(clock) };
});
