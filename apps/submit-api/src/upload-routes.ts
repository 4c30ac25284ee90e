import { parseBody, type Route } from '@afterimage/app-host/lambda';
import { createUploadSchema, type CreateUpload, type Upload } from '@afterimage/job-schemas';
import { refuseParameters } from './request.ts';

export interface UploadRoutesPorts {
  readonly createUpload: (tenantId: string, request: CreateUpload) => Promise<Upload>;
}

/** The route under `/v1/uploads`. */
export function makeUploadRoutes({ createUpload }: UploadRoutesPorts) {
  const create: Route['handle'] = async (request) => {
    refuseParameters(request);
    const tenantId = request.tenantId();
    return { status: 201, body: await createUpload(tenantId, parseBody(createUploadSchema, request.json())) };
  };

  return { create };
}
