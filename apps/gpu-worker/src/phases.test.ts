import { LIMITS } from '@afterimage/job-schemas';
import { describe, expect, it } from 'vitest';
import { Phases } from './phases.ts';

describe('the phases of an attempt', () => {
  it('are no news until another one than that of the claim is entered', () => {
    const phases = new Phases();
    phases.enter('preparing');
    expect(phases.news).toBeUndefined();

    phases.enter('inferring');

    expect(phases).toMatchObject({ current: 'inferring', news: 'inferring' });
  });

  it('are news once, and only the latest is', () => {
    const phases = new Phases();
    phases.enter('loading_model');
    phases.enter('inferring');
    expect(phases.news).toBe('inferring');

    phases.recorded('inferring');

    expect(phases.news).toBeUndefined();
  });

  it('stay news when another one was entered while the record was written', () => {
    const phases = new Phases();
    phases.enter('inferring');
    const sent = phases.news;
    phases.enter('uploading');
    if (sent !== undefined) phases.recorded(sent);

    expect(phases.news).toBe('uploading');
  });

  it('are no news any more once an attempt has had very many', () => {
    const phases = new Phases();
    const told = Array.from({ length: 100 }, (_, index) => {
      phases.enter(index % 2 === 0 ? 'loading_model' : 'inferring');
      const { news } = phases;
      if (news !== undefined) phases.recorded(news);
      return news;
    });

    expect(told.filter((news) => news !== undefined)).toHaveLength(LIMITS.recordedPhases);
  });
});
