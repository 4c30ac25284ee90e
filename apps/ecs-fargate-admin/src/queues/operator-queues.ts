/** What SQS tells of a queue; its counts are approximate. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
  /** Name of the queue that its dead letters go to; null where it has none. */
  readonly deadLetterQueue: string | null;
}

/** A message as an operator holds it: nobody else sees it until it is released, deleted, or its time is over. */
export interface HeldMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** ISO; null when SQS does not tell. */
  readonly sentAt: string | null;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly groupId: string | null;
}

/** The operator's side of the queues, by their URLs. Every call that cannot be answered rejects with DependencyUnavailableError. */
export interface OperatorQueues {
  depth(queueUrl: string): Promise<QueueDepth>;
  /** At most ten messages, held for some seconds; fewer, or none, do not say that there are no more. */
  hold(queueUrl: string, seconds: number): Promise<readonly HeldMessage[]>;
  /** Everybody sees them again at once. At most ten. */
  release(queueUrl: string, messages: readonly HeldMessage[]): Promise<void>;
  delete(queueUrl: string, message: HeldMessage): Promise<void>;
  /** A new message with the body, the attributes and the group of this one. */
  send(queueUrl: string, message: Pick<HeldMessage, 'body' | 'attributes' | 'groupId'>): Promise<void>;
}
