import * as z from 'zod';
import { name, logging } from './fields/names.ts';

export const apiAuthorizerEnv = z.object({ ...logging, JOB_TABLE: name });
