// docs/openapi.json as validators: given a call and its answer, what is wrong with the answer.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../frontend/package.json', import.meta.url));
const Ajv = require('ajv/dist/2020').default;
const addFormats = require('ajv-formats').default;

export const document = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
);

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(document, 'openapi');

function pointer(...parts) {
  return parts.map((part) => `/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
}

// Follows one $ref of the document; where it leads, and its pointer.
function resolve(node, at) {
  if (!node.$ref) return { node, at };
  const parts = node.$ref.slice(2).split('/');
  return { node: parts.reduce((found, part) => found[part], document), at: pointer(...parts) };
}

/** Faults of an answer to `method` on the documented `path`; none when it keeps the contract. */
export function faults(method, path, status, type, body) {
  const operation = document.paths[path]?.[method];
  if (!operation) return [`${method} ${path} is not described`];
  const key = operation.responses[status] ? String(status) : 'default';
  const { node, at } = resolve(
    operation.responses[key],
    pointer('paths', path, method, 'responses', key),
  );
  if (!node.content) return [];
  const media = Object.keys(node.content)[0];
  if (type.split(';')[0] !== media) return [`${type} instead of ${media}`];
  if (!media.endsWith('json')) return [];
  const validate = ajv.getSchema(`openapi#${at}${pointer('content', media, 'schema')}`);
  if (validate(body)) return [];
  return validate.errors.map((error) => {
    const more = error.params.unevaluatedProperty ?? error.params.additionalProperty ?? '';
    return `${error.instancePath} ${error.message} ${more}`;
  });
}
