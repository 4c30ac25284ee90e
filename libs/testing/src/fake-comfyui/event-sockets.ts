import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FaultSwitches } from './faults.ts';
import { encodePng } from './png.ts';
import { ServerSocket } from './web-socket-server.ts';

const PREVIEW = { event: 1, eventWithMetadata: 4, png: 2 } as const;

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

interface Client {
  readonly socket: ServerSocket;
  readonly isSilent: boolean;
  hasPreviewMetadata: boolean;
}

/** The sockets of `/ws`. Events go to the newest one of a client, and nothing is told twice. */
export class EventSockets {
  readonly #clients = new Map<string, Client>();
  readonly #faults: FaultSwitches;
  readonly #isNew: boolean;
  opened = 0;

  constructor(faults: FaultSwitches, isNew: boolean) {
    this.#faults = faults;
    this.#isNew = isNew;
  }

  accept(request: IncomingMessage, stream: Duplex): void {
    const clientId = new URL(request.url ?? '/', 'http://fake').searchParams.get('clientId') ?? '';
    const socket = new ServerSocket(request, stream, (text) => {
      if (this.#isNew && text.includes('"supports_preview_metadata":true')) client.hasPreviewMetadata = true;
    });
    const client: Client = { socket, isSilent: this.#faults.strikes('silentWebSocket'), hasPreviewMetadata: false };
    this.#clients.set(clientId, client);
    this.opened += 1;
    const status = { exec_info: { queue_remaining: 0 } };
    this.send(clientId, 'status', { status, sid: clientId });
  }

  send(clientId: string, type: string, data: object): void {
    const client = this.#clients.get(clientId);
    if (client === undefined || client.isSilent) return;
    if (type === 'progress' && this.#faults.strikes('droppedWebSocket')) {
      client.socket.drop();
      return;
    }
    client.socket.sendText(JSON.stringify({ type, data }));
  }

  sendPreview(clientId: string, promptId: string, nodeId: string): void {
    const client = this.#clients.get(clientId);
    if (client === undefined || client.isSilent) return;
    const png = encodePng({ width: 16, height: 16, fill: { seed: 5 } });
    if (!client.hasPreviewMetadata) {
      client.socket.sendBinary(Buffer.concat([bigEndian(PREVIEW.event), bigEndian(PREVIEW.png), png]));
      return;
    }
    const metadata = Buffer.from(JSON.stringify({ node_id: nodeId, prompt_id: promptId, image_type: 'image/png' }));
    const head = [bigEndian(PREVIEW.eventWithMetadata), bigEndian(metadata.length), metadata];
    client.socket.sendBinary(Buffer.concat([...head, png]));
  }

  get open(): number {
    return [...this.#clients.values()].filter(({ socket }) => socket.isOpen).length;
  }

  dropAll(): void {
    for (const { socket } of this.#clients.values()) socket.drop();
    this.#clients.clear();
  }
}
