/** The embedded AWS, and how it ends. */
export interface Emulators {
  /** Base URL of DynamoDB. */
  readonly dynamodb: string;
  /** Base URL of SQS, SNS and S3. */
  readonly messaging: string;
  /** Processes of their own; none when they live in this one. */
  readonly pids: readonly number[];
  /** Resolves when an emulator has ended without being asked to; never for those that live in this process. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}
