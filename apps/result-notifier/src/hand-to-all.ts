import type { Notification } from '@afterimage/job-schemas';

type Handle = (notification: Notification) => Promise<void>;

/**
 * Hands each message to every one of them, whatever becomes of the others. When one fails the message comes back to all:
 * each of them recognises what it has done.
 */
export function makeHandToAll(handles: readonly Handle[]): Handle {
  return async function handToAll(notification: Notification): Promise<void> {
    for (const result of await Promise.allSettled(handles.map((handle) => handle(notification)))) {
      if (result.status === 'rejected') throw result.reason;
    }
  };
}
