// What each write of the admin API, and each read that shows a credential, means for the leash.
// Made by hand: an operation that is not named here counts as mint, and a test fails until
// someone has looked at it. Only the generator and tests read this file.

/**
 * Hands out a credential or widens access. Taking a credential away does neither, so it is a
 * write; the administration of users is held back as a whole.
 */
const MINTS = [
  // A list of API tokens holds their secrets. An update takes a token's end away.
  'getAllApiTokens',
  'getApiTokensByName',
  'createApiToken',
  'updateApiToken',
  'getProjectApiTokens',
  'createProjectApiToken',
  // PATs: the list holds no secret, but tells what there is to be had.
  'getPats',
  'createPat',
  // Anyone who has the link becomes a user.
  'getAllPublicSignupTokens',
  'getPublicSignupToken',
  'createPublicSignupToken',
  'updatePublicSignupToken',
  // A user in these lists may carry `inviteLink`, by which his password is set (seen on 4.19.5
  // to 8.2.0).
  'getUsers',
  'getUser',
  'searchUsers',
  'getBaseUsersAndGroups',
  'getInactiveUsers',
  'getUserPermissions',
  'createUser',
  'updateUser',
  'deleteUser',
  'deleteInactiveUsers',
  'deleteScimUsers',
  'resetUserPassword',
  'changeUserPassword',
  'changeMyPassword',
  // Add-ons send data out, and up to 7.4.1 answer with what they were given to log in with.
  'getAddons',
  'getAddon',
  'getIntegrationEvents',
  'createAddon',
  'updateAddon',
  // Which web origins may call the frontend API.
  'setUiConfig',
  'setCors',
];

/** POSTs that change nothing: access `read` passes them. */
const READING_POSTS = [
  'deprecatedSearchEvents',
  'searchEvents',
  'exportFeatures',
  'getAdvancedPlayground',
  'getPlayground',
  'validateArchiveFeatures',
  'validateConstraint',
  'validateContextFieldName',
  'validateContextFieldNameForProject',
  'validateFeature',
  'validateImport',
  'validateSegment',
  'validateTagType',
  'validateUserPassword',
];

/** Changes flags, projects and the like, and no one's rights. */
const WRITES = [
  'addDefaultStrategyToProjectEnvironment',
  'addEnvironmentToProject',
  'addFavoriteFeature',
  'addFavoriteProject',
  'addFeatureDependency',
  'addFeatureStrategy',
  'addTag',
  'addTagToFeatures',
  'archiveFeature',
  'archiveFeatures',
  'archiveToggle',
  'bulkToggleFeaturesEnvironmentOff',
  'bulkToggleFeaturesEnvironmentOn',
  'cloneFeature',
  'complete',
  'createApplication',
  'createContextField',
  'createContextFieldForProject',
  'createFeature',
  'createFeatureLink',
  'createFeedback',
  'createSegment',
  'createStrategy',
  'createTag',
  'createTagType',
  'createToggle',
  'deleteAddon',
  'deleteApiToken',
  'deleteApplication',
  'deleteContextField',
  'deleteContextFieldForProject',
  'deleteContextFieldLegalValue',
  'deleteContextFieldLegalValueForProject',
  'deleteFeature',
  'deleteFeatureDependencies',
  'deleteFeatureDependency',
  'deleteFeatureLink',
  'deleteFeatureStrategy',
  'deleteFeatures',
  'deletePat',
  'deleteProjectApiToken',
  'deleteTag',
  'deleteTagType',
  'deprecateStrategy',
  'import',
  'importToggles',
  'overwriteEnvironmentFeatureVariants',
  'overwriteFeatureVariants',
  'overwriteFeatureVariantsOnEnvironments',
  'patchEnvironmentsFeatureVariants',
  'patchFeature',
  'patchFeatureStrategy',
  'patchFeatureVariants',
  'reactivateStrategy',
  'removeEnvironmentFromProject',
  'removeFavoriteFeature',
  'removeFavoriteProject',
  'removeSegment',
  'removeStrategy',
  'removeTag',
  'reviveFeature',
  'reviveFeatures',
  'setStrategySortOrder',
  'staleFeatures',
  'staleOff',
  'staleOn',
  'toggle',
  'toggleEnvironmentOff',
  'toggleEnvironmentOn',
  'toggleFeatureEnvironmentOff',
  'toggleFeatureEnvironmentOn',
  'toggleMaintenance',
  'toggleOff',
  'toggleOn',
  'uiObservability',
  'uncomplete',
  'updateContextField',
  'updateContextFieldForProject',
  'updateContextFieldLegalValue',
  'updateContextFieldLegalValueForProject',
  'updateFeature',
  'updateFeatureLink',
  'updateFeatureStrategy',
  'updateFeatureStrategySegments',
  'updateFeatureTypeLifetime',
  'updateFeedback',
  'updateSegment',
  'updateSortOrder',
  'updateSplashSettings',
  'updateStrategy',
  'updateTagType',
  'updateTags',
  'updateToggle',
];

const mints = new Set(MINTS);
const readingPosts = new Set(READING_POSTS);
const writes = new Set(WRITES);

/** Every id that someone has looked at. */
export const judgedIds: readonly string[] = [...MINTS, ...READING_POSTS, ...WRITES];

/** The effect of an operation by its id; `null` for a write that nobody has looked at. */
export function judge(method: string, id: string): 'read' | 'write' | 'mint' | null {
  if (mints.has(id)) return 'mint';
  if (method === 'GET') return 'read';
  if (method === 'POST' && readingPosts.has(id)) return 'read';
  return writes.has(id) ? 'write' : null;
}
