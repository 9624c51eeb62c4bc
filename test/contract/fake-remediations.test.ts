import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeRemediationStore } from '../fakes/fake-remediation-store.ts';
import { describeRemediationStore } from './remediation-store.contract.ts';

describeRemediationStore('the fake', async () => {
  const clock = new FakeClock();
  const store = new FakeRemediationStore(clock);
  return { store, audit: store.audit, pass: async (ms) => clock.advance(ms) };
});
