/** Metrics of the Lambda edge. */
export const METRICS = {
  requestServed: 'RequestServed',
  requestRefused: 'RequestRefused',
  requestFailed: 'RequestFailed',
  recordHandled: 'RecordHandled',
  recordFailed: 'RecordFailed',
  recordUnreadable: 'RecordUnreadable',
} as const;
