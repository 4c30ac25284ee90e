import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

function frame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload;
  let header: Buffer;
  if (length < 126) {
    header = Buffer.from([0x80 | opcode, length]);
  } else if (length < 65_536) {
    header = Buffer.from([0x80 | opcode, 126, length >> 8, length & 255]);
  } else {
    header = Buffer.alloc(10);
    header.set([0x80 | opcode, 127]);
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

/** The server's end of a WebSocket (RFC 6455): whole frames, of clients at most 64 KiB long. */
export class ServerSocket {
  readonly #stream: Duplex;
  #received: Buffer = Buffer.alloc(0);

  constructor(request: IncomingMessage, stream: Duplex, onText: (text: string) => void) {
    this.#stream = stream;
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
    stream.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    stream.on('error', () => stream.destroy());
    stream.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        if (next.opcode === OPCODE.text) onText(next.payload.toString('utf8'));
        if (next.opcode === OPCODE.ping) this.#write(OPCODE.pong, next.payload);
        if (next.opcode === OPCODE.close) {
          this.#write(OPCODE.close, next.payload);
          stream.end();
        }
      }
    });
  }

  get isOpen(): boolean {
    return this.#stream.writable;
  }

  sendText(text: string): void {
    this.#write(OPCODE.text, Buffer.from(text));
  }

  sendBinary(data: Uint8Array): void {
    this.#write(OPCODE.binary, data);
  }

  /** Breaks the connection without a close frame, as a proxy or a dead process does. */
  drop(): void {
    this.#stream.destroy();
  }

  #write(opcode: number, payload: Uint8Array): void {
    if (this.isOpen) this.#stream.write(frame(opcode, payload));
  }

  #next(): { opcode: number; payload: Buffer } | undefined {
    const data = this.#received;
    if (data.length < 2) return undefined;
    const short = data.readUInt8(1) & 127;
    const headerLength = short === 126 ? 4 : 2;
    if (data.length < headerLength) return undefined;
    const length = short === 126 ? data.readUInt16BE(2) : short;
    const end = headerLength + 4 + length;
    if (data.length < end) return undefined;
    const mask = data.subarray(headerLength, headerLength + 4);
    const payload = Buffer.from(data.subarray(headerLength + 4, end));
    for (let index = 0; index < payload.length; index += 1) {
      payload.writeUInt8(payload.readUInt8(index) ^ mask.readUInt8(index % 4), index);
    }
    this.#received = data.subarray(end);
    return { opcode: data.readUInt8(0) & 15, payload };
  }
}
