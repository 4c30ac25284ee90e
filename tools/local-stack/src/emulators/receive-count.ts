import { DatabaseSync } from 'node:sqlite';

const COLUMNS = ['approximate_receive_count', 'approximate_first_receive_timestamp'];

/**
 * Lets a message be made visible at once when its queue is on disk. fauxqs 2.4.1 then writes NULL for its receive count,
 * into a column that takes none: the call fails, and the message is gone until the next start. Here NULL leaves the
 * stored value as it is, which is also what SQS does. Before the databases are opened.
 */
export function keepReceiveCounts(): void {
  const prepare = DatabaseSync.prototype.prepare;
  DatabaseSync.prototype.prepare = function prepareKeepingCounts(sql, ...rest) {
    const isUpdate = /^\s*UPDATE sqs_messages SET\b/.test(sql);
    const kept = isUpdate
      ? COLUMNS.reduce((text, name) => text.replace(`${name} = ?`, `${name} = COALESCE(?, ${name})`), sql)
      : sql;
    return prepare.call(this, kept, ...rest);
  };
}
