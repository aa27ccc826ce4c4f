/** Short names for what the API sends; the shapes come from the OpenAPI document. */

import type { components } from './schema';

type Schemas = components['schemas'];
export type Model = Schemas['Model'];
export type ModelDetail = Schemas['ModelDetail'];
export type ModelFile = Schemas['ModelFile'];
export type ModelUpdate = Schemas['ModelUpdate'];
export type Download = Schemas['Download'];
export type DownloadFile = Schemas['DownloadFile'];
export type DownloadRequest = Schemas['DownloadRequest'];
export type Preview = Schemas['Preview'];
export type Revision = Schemas['Revision'];
export type SettingsAnswer = Schemas['SettingsAnswer'];
export type SettingsUpdate = Schemas['SettingsUpdate'];
export type Stats = Schemas['Stats'];
export type Activity = Schemas['Activity'];
export type Health = Schemas['Health'];
export type Checks = Schemas['Checks'];
