/** Ports to the files of jobs: what they make, and what they start from. */

export interface OutputUpload {
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  /** SHA-256 of the body, in hex; stored with the object and checked by the store where it can. */
  readonly sha256: string;
}

/** A URL that was signed with credentials that may end before it does, and it with them. */
export interface SignedLink {
  readonly url: string;
  /** Null where the credentials do not tell. */
  readonly credentialsEndAt: Date | null;
}

export interface OutputStore {
  put(upload: OutputUpload, signal?: AbortSignal): Promise<void>;
  exists(key: string): Promise<boolean>;
  /** The whole object; undefined when there is none. @throws RangeError when it is larger than `maxBytes` */
  get(
    key: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array | undefined>;
  /** A URL that downloads the object, valid for `expiresInSeconds` at most. No request is made. */
  signUrl(key: string, options: { readonly expiresInSeconds: number }): Promise<SignedLink>;
  /** Copies an object with its type and metadata. False when there is none at `from`. */
  copy(from: string, to: string): Promise<boolean>;
  /** Deletes one object; nothing is wrong when there is none. */
  delete(key: string): Promise<void>;
  /** Deletes every object whose key begins with `prefix`; nothing is wrong when there is none. */
  deleteAll(prefix: string): Promise<void>;
  /** The same, but only of keys without a slash after it. */
  deleteFiles(prefix: string): Promise<void>;
}

/** The tenants' uploads. */
export interface UploadStore {
  /** The bytes of an upload; undefined when the tenant has none of this id. @throws RangeError above `maxBytes` */
  get(
    tenantId: string,
    uploadId: string,
    options: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array | undefined>;
  /** When the upload was stored; undefined when the tenant has none of this id. */
  storedAt(tenantId: string, uploadId: string): Promise<Date | undefined>;
  /** Stores the bytes. Doing so again is the same. */
  store(
    tenantId: string,
    uploadId: string,
    upload: { readonly body: Uint8Array; readonly contentType: string },
  ): Promise<void>;
  /** A URL that puts exactly these bytes, when the headers are sent with them. No request is made. */
  signPut(tenantId: string, uploadId: string, upload: UploadToSign): Promise<SignedPut>;
}

export interface UploadToSign {
  readonly contentType: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly expiresInSeconds: number;
}

export interface SignedPut extends SignedLink {
  readonly headers: Readonly<Record<string, string>>;
}
