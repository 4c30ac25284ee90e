// node worker-webui-process.ts MS_PER_IMAGE: a fake SD WebUI as a process of its own; answers any message with its spans.
import { startFakeSdWebui } from '@afterimage/testing/fake-sdwebui';

const models = [{ name: 'sketch-1', hash: '879db523c3' }];
const webui = await startFakeSdWebui({ dialect: 'a1111', msPerImage: Number(process.argv[2]), models });
process.on('message', () => process.send?.({ spans: webui.spans }));
process.on('disconnect', () => void webui.stop());
process.send?.({ url: webui.url });
