import { numberFrom } from '../../load-config.ts';

/** Of functions that show clients their outputs. */
export const signing = {
  /** Lifetime of signed output URLs. */
  URL_EXPIRES_SECONDS: numberFrom({ min: 300, max: 3600, default: 3600 }),
};
