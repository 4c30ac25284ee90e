import { describe, expect, it } from 'vitest';
import { engineImageUri } from './engine-image.ts';

const OWN = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

describe('engineImageUri', () => {
  it.each(['sdwebui:1', 'afterimage/sdwebui:1.10.1', 'afterimage/sdwebui@sha256:0123'])(
    'is of the own registry: %s',
    (image) => {
      expect(engineImageUri(image, OWN)).toBe(`${OWN}/${image}`);
    },
  );

  it.each(['ghcr.io/someone/comfyui:1', 'localhost:5000/comfyui:1', `${OWN}/comfyui:1`])(
    'is left as it is: %s',
    (image) => {
      expect(engineImageUri(image, OWN)).toBe(image);
    },
  );
});
