import * as v from 'valibot';
import { COPY_FORMAT_IDS } from '../../shared/token/copy-as/formats.ts';
import type { MessageName, MessageTable, Request } from '../platform/messages.ts';
import { SETTINGS_FILE_LIMIT } from '../platform/settings-file-limit.ts';
import { firstRunShape } from './first-run.ts';
import { recipeToSave, wholeRecipe } from './recipe-shape.ts';
import { SETTING_SHAPES } from './setting-shapes.ts';

/** Longer than anything that a person types or that Unleash names; what is longer is a mistake or an attack. */
const TEXT_LIMIT = 10_000;
const LIST_LIMIT = 10_000;

const text = v.pipe(v.string(), v.maxLength(TEXT_LIMIT));
const texts = v.pipe(v.array(text), v.maxLength(LIST_LIMIT));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LIST_LIMIT));
const nothing = v.strictObject({});
// One more than may be, so that the reader can say that it is too large.
const wholeFile = v.strictObject({
  text: v.pipe(v.string(), v.maxLength(SETTINGS_FILE_LIMIT + 1)),
});
const byId = v.strictObject({ id: text });
const byInstance = v.strictObject({ instanceId: text });
const kind = v.picklist(['backend', 'frontend', 'personal', 'admin']);
const tab = v.picklist(['create', 'tokens', 'proxy']);

const createForm = v.strictObject({
  kind,
  name: text,
  projects: texts,
  environment: text,
  expires: v.picklist(['7', '30', '60', 'never', 'custom']),
  customDate: text,
  oneEach: v.exactOptional(v.boolean()),
  environments: v.exactOptional(texts),
  recipeId: v.exactOptional(text),
});

const createRequest = v.strictObject({
  kind,
  name: text,
  projects: texts,
  environment: text,
  expiresAt: v.nullable(text),
});

const settings = v.strictObject({
  clearAfterSeconds: v.exactOptional(SETTING_SHAPES.clearAfterSeconds),
  pageSecureCopy: v.exactOptional(SETTING_SHAPES.pageSecureCopy),
  pageShownOnce: v.exactOptional(SETTING_SHAPES.pageShownOnce),
  pageQuickCreate: v.exactOptional(SETTING_SHAPES.pageQuickCreate),
  pageExpiryMarks: v.exactOptional(SETTING_SHAPES.pageExpiryMarks),
  pageFlagShortcut: v.exactOptional(SETTING_SHAPES.pageFlagShortcut),
  expiryBadge: v.exactOptional(SETTING_SHAPES.expiryBadge),
  expiryNotifications: v.exactOptional(SETTING_SHAPES.expiryNotifications),
  expiryMuted: v.exactOptional(SETTING_SHAPES.expiryMuted),
  expiryDays: v.exactOptional(SETTING_SHAPES.expiryDays),
  theme: v.exactOptional(SETTING_SHAPES.theme),
});

const tokenId = v.strictObject({ instanceId: text, id: text });

const tokensView = v.strictObject({
  search: text,
  kind: v.union([kind, v.literal('')]),
  project: text,
  environment: text,
  sort: v.picklist(['name', 'expiry', 'seen', 'newest']),
});

/** The tier and the shape of every message, at run time. The types hold this table against `MessageTable`. */
export const MESSAGES: {
  readonly [N in MessageName]: {
    tier: MessageTable[N]['tier'];
    shape: v.GenericSchema<unknown, Request<N>>;
  };
} = {
  'instances.list': { tier: 'internal', shape: nothing },
  'instances.add': {
    tier: 'internal',
    shape: v.strictObject({ url: text, allowHttp: v.exactOptional(v.boolean()) }),
  },
  'instances.remove': { tier: 'internal', shape: byId },
  'instances.restore': {
    tier: 'internal',
    shape: v.strictObject({ id: text, name: text, at: count, current: v.boolean() }),
  },
  'instances.rename': { tier: 'internal', shape: v.strictObject({ id: text, name: text }) },
  'firstRun.read': { tier: 'internal', shape: nothing },
  'firstRun.write': { tier: 'internal', shape: firstRunShape },
  'transfer.export': { tier: 'internal', shape: nothing },
  'transfer.preview': { tier: 'internal', shape: wholeFile },
  'transfer.take': { tier: 'internal', shape: wholeFile },
  'instances.use': { tier: 'internal', shape: byId },
  'instance.load': { tier: 'internal', shape: byId },
  'token.create': {
    tier: 'internal',
    shape: v.strictObject({
      instanceId: text,
      token: createRequest,
      recipeId: v.exactOptional(text),
    }),
  },
  'created.list': { tier: 'internal', shape: byInstance },
  'created.secret': { tier: 'internal', shape: byId },
  'created.copy': { tier: 'internal', shape: byId },
  'created.copyAs': {
    tier: 'internal',
    shape: v.strictObject({ id: text, format: v.picklist(COPY_FORMAT_IDS) }),
  },
  'copyAs.last': { tier: 'internal', shape: nothing },
  'copyAs.prefer': {
    tier: 'internal',
    shape: v.strictObject({ kind, format: v.nullable(v.picklist(COPY_FORMAT_IDS)) }),
  },
  'created.dismiss': { tier: 'internal', shape: byId },
  'created.sendToProxy': {
    tier: 'internal',
    shape: v.strictObject({ id: text, createProfile: v.exactOptional(text) }),
  },
  'clipboard.state': { tier: 'internal', shape: nothing },
  'clipboard.noticeSeen': { tier: 'internal', shape: nothing },
  'clipboard.end': { tier: 'internal', shape: byId },
  'clipboard.ended': {
    tier: 'internal',
    shape: v.strictObject({ id: text, result: v.picklist(['cleared', 'not-ours']) }),
  },
  'clipboard.clearNow': { tier: 'internal', shape: nothing },
  'draft.read': { tier: 'internal', shape: byInstance },
  'draft.write': {
    tier: 'internal',
    shape: v.strictObject({ instanceId: text, form: createForm, tab }),
  },
  'settings.read': { tier: 'internal', shape: nothing },
  'settings.write': { tier: 'internal', shape: settings },
  'proxy.view': { tier: 'internal', shape: nothing },
  'proxy.pair': { tier: 'internal', shape: v.strictObject({ code: text }) },
  'proxy.unpair': { tier: 'internal', shape: nothing },
  'proxy.newPat': {
    tier: 'internal',
    shape: v.strictObject({ instanceId: text, createProfile: v.exactOptional(text) }),
  },
  'proxy.useProfile': { tier: 'internal', shape: v.strictObject({ name: text }) },
  'batch.create': {
    tier: 'internal',
    shape: v.strictObject({
      instanceId: text,
      tokens: v.pipe(v.array(createRequest), v.maxLength(LIST_LIMIT)),
      recipeId: v.exactOptional(text),
    }),
  },
  'batch.state': { tier: 'internal', shape: byInstance },
  'batch.copy': {
    tier: 'internal',
    shape: v.strictObject({ instanceId: text, comments: v.boolean() }),
  },
  'batch.dismiss': { tier: 'internal', shape: byInstance },
  'names.taken': { tier: 'internal', shape: byInstance },
  'recipes.list': { tier: 'internal', shape: v.strictObject({ instanceId: v.nullable(text) }) },
  'recipes.save': { tier: 'internal', shape: v.strictObject({ recipe: recipeToSave }) },
  'recipes.remove': { tier: 'internal', shape: byId },
  'recipes.restore': {
    tier: 'internal',
    shape: v.strictObject({ recipe: wholeRecipe, position: v.pipe(v.number(), v.integer()) }),
  },
  'recipes.order': { tier: 'internal', shape: v.strictObject({ ids: texts }) },
  'tokens.open': { tier: 'internal', shape: byInstance },
  'tokens.list': { tier: 'internal', shape: byInstance },
  'tokens.writeView': {
    tier: 'internal',
    shape: v.strictObject({ instanceId: text, view: tokensView }),
  },
  'tokens.copy': { tier: 'internal', shape: tokenId },
  'tokens.copyAs': {
    tier: 'internal',
    shape: v.strictObject({ instanceId: text, id: text, format: v.picklist(COPY_FORMAT_IDS) }),
  },
  'tokens.extend': {
    tier: 'internal',
    shape: v.strictObject({ instanceId: text, id: text, expiresAt: v.nullable(text) }),
  },
  'tokens.replace': {
    tier: 'internal',
    shape: v.strictObject({
      instanceId: text,
      id: text,
      grace: v.picklist(['now', '1h', '1d', '7d']),
    }),
  },
  'tokens.revoke': { tier: 'internal', shape: v.strictObject({ instanceId: text, ids: texts }) },
  'tokens.undo': { tier: 'internal', shape: byInstance },
  'tokens.keep': { tier: 'internal', shape: tokenId },
  'tokens.revoking': { tier: 'internal', shape: byInstance },
  'tokens.dismissTrouble': { tier: 'internal', shape: byId },
  'page.begin': { tier: 'page', shape: nothing },
  'page.settings': { tier: 'page', shape: nothing },
  'page.load': {
    tier: 'page',
    shape: v.strictObject({ part: v.picklist(['mark-rows', 'notice', 'secret-card']) }),
  },
  'page.tokenEnds': {
    tier: 'page',
    shape: v.strictObject({
      of: v.picklist(['api-tokens', 'personal-tokens']),
      project: v.nullable(text),
    }),
  },
  'page.copied': { tier: 'page', shape: v.strictObject({ secret: text }) },
  'page.copySecret': { tier: 'page', shape: v.strictObject({ secret: text, heading: text }) },
  'page.copyEnd': { tier: 'page', shape: byId },
  'page.clearNow': { tier: 'page', shape: nothing },
  'page.secretShown': { tier: 'page', shape: v.strictObject({ secret: text }) },
  'page.sendSecret': { tier: 'page', shape: v.strictObject({ secret: text, heading: text }) },
  'page.quickCreate': {
    tier: 'page',
    shape: v.strictObject({ kind, project: v.nullable(text), environment: v.nullable(text) }),
  },
};
