// Which part of each operation's path or body names the project, the environment and the flag that it is about.
// Made by hand, from the OpenAPI and the source of every supported server: an operation that is not named here is held
// to concern all of them, and a test fails until someone has looked at it. Only the generator and tests read this file.
//
// Words: `{parameter}` of the path; `/pointer` into the JSON body (`*`: each element); `?/pointer`: the same, and
// nothing is meant where it is absent; `*`: all, or one that it does not name; `!/pointer`: all where that is present.
// A subject that is left out is one that the operation does not concern.
//
// Three rules:
// - A write names what it changes. Archiving a flag ends it in every environment; creating one changes none.
// - A read names what it is asked for. A project's walls hold for lists too (`*`: it may show any project); which
//   environments and flags an answer happens to show does not count, or nothing could be read beside a rule.
// - What the server does not hold against the path is not trusted: PUT, PATCH and DELETE of a strategy go by its id,
//   whichever environment stands in the path (seen on 4.19.5, 5.12.8 and 8.2.0).

/** An instance's credentials reach everything that it has. */
const EVERYTHING = 'project=* environment=* flag=*';

const NAMING: Record<string, readonly string[]> = {
  /* Concerns no project, environment or flag. */
  '': [
    'createFeedback',
    'updateFeedback',
    'uiObservability',
    'updateSplashSettings',
    'getUiConfig',
    'getContextFields',
    'getContextField',
    'validateContextFieldName',
    'getAllEnvironments',
    'updateSortOrder',
    'getEventCreators',
    'getFlagCreators',
    'getAllFeatureTypes',
    'updateFeatureTypeLifetime',
    'validateConstraint',
    'getFeatureLifecycleStageCount',
    'getInstanceAdminStats',
    'getInstanceAdminStatsCsv',
    'getMaintenance',
    'getCustomMetrics',
    'getPrometheusMetrics',
    'getRequestsPerSecond',
    'getOutdatedSdks',
    'createApplication',
    'deleteApplication',
    'deletePat',
    'validateSegment',
    'getAllStrategies',
    'getStrategy',
    'createStrategy',
    'deprecateStrategy',
    'reactivateStrategy',
    'getTagTypes',
    'createTagType',
    'validateTagType',
    'getTagType',
    'updateTagType',
    'getTags',
    'createTag',
    'getTagsByType',
    'getTag',
    'getTelemetrySettings',
    'getMe',
    'getAdminCount',
    'validateUserPassword',
    'getProfile',
    'getUserRoles',
    'getHtmlPreview',
    'getTextPreview',
  ],
  /* Shows what lies in any project. */
  'project=*': [
    'getArchivedFeatures',
    'getEvents',
    'deprecatedSearchEvents',
    'searchEvents',
    'getAllToggles',
    'getApplications',
    'getApplication',
    'getApplicationOverview',
    'getSeenToggles',
    'getSeenApps',
    'getFeatureToggles',
    'getUnknownFlags',
    'getPersonalDashboard',
    'getProjects',
    'searchFeatures',
    'getSegments',
    'getSegment',
    'getSegmentsByStrategyId',
    'getStrategiesBySegmentId',
    'getStrategiesByContextField',
    // All constraints on this field, wherever they are.
    'updateContextField',
    'deleteContextField',
    'updateContextFieldLegalValue',
    'deleteContextFieldLegalValue',
  ],
  'project={projectId}': [
    'getArchivedFeaturesByProjectId',
    'getContextFieldsForProject',
    'createContextFieldForProject',
    'validateContextFieldNameForProject',
    'deleteContextFieldForProject',
    'getContextFieldForProject',
    'updateContextFieldForProject',
    'updateContextFieldLegalValueForProject',
    'deleteContextFieldLegalValueForProject',
    'getStrategiesByContextFieldForProject',
    'checkDependenciesExist',
    'getProjectEnvironments',
    'removeFavoriteProject',
    'addFavoriteProject',
    'getFeatures',
    'getPersonalDashboardProjectDetails',
    'getDeprecatedProjectOverview',
    'getProjectApplications',
    'getProjectDora',
    'getProjectFlagCreators',
    'getProjectHealthReport',
    'getProjectInsights',
    'getProjectOverview',
    'getOutdatedProjectSdks',
    'getProjectStatus',
  ],
  'project={projectId} environment={environment}': ['addDefaultStrategyToProjectEnvironment'],
  'project={projectId} environment=/environment': ['addEnvironmentToProject'],
  'project={projectId} environment={environment} flag=*': ['removeEnvironmentFromProject'],
  'project=?/project': ['createContextField', 'createSegment'],
  'environment={name}': ['getEnvironment'],
  'project=* environment={name} flag=*': ['toggleEnvironmentOff', 'toggleEnvironmentOn'],
  'project=* environment={environment}': ['getApplicationEnvironmentInstances'],

  /* A flag of a project. */
  'project={projectId} flag={featureName}': ['getFeature'],
  'project={projectId} flag=/name': ['createFeature'],
  'project={projectId} flag=/features/*': ['staleFeatures', 'addTagToFeatures'],
  'project={projectId} environment=* flag={featureName}': [
    // Both may archive it: `archived` is a field of the flag.
    'updateFeature',
    'patchFeature',
    'archiveFeature',
    // The strategy's id decides, and the server holds it against project and flag alone.
    'updateFeatureStrategy',
    'patchFeatureStrategy',
    'deleteFeatureStrategy',
  ],
  'project={projectId} environment=* flag=/features/*': [
    'archiveFeatures',
    'deleteFeatures',
    'reviveFeatures',
  ],
  'project={projectId} environment=* flag={child},/feature': ['addFeatureDependency'],
  'project={projectId} environment={environment} flag={featureName}': [
    'getFeatureEnvironment',
    'toggleFeatureEnvironmentOff',
    'toggleFeatureEnvironmentOn',
    'getFeatureStrategies',
    'addFeatureStrategy',
    'setStrategySortOrder',
  ],
  'project={projectId} environment={environment} flag=/features/*': [
    'bulkToggleFeaturesEnvironmentOff',
    'bulkToggleFeaturesEnvironmentOn',
  ],
  'project=?/projectId flag=/name': ['validateFeature'],

  /* A flag whose project is not named, or not held against the path by every supported server. */
  'project=* flag={featureName}': [
    'getEventsForToggle',
    'listTags',
    'addTag',
    'updateTags',
    'removeTag',
    'addFavoriteFeature',
    'removeFavoriteFeature',
    'getFeatureLifecycle',
    'complete',
    'uncomplete',
    'createFeatureLink',
    'getFeatureVariants',
    'getToggle',
    'staleOn',
    'staleOff',
  ],
  'project=* flag={featureName},/name': ['cloneFeature'],
  'project=* flag={name}': ['getFeatureUsageSummary', 'getRawFeatureMetrics', 'getFeatureToggle'],
  'project=* flag={child}': ['listParentOptions'],
  'project=* flag={parent}': ['listParentVariantOptions'],
  'project=* flag=/features/*': ['validateArchiveFeatures'],
  'project=* environment={environment} flag={featureName}': [
    'getEnvironmentFeatureVariants',
    'patchEnvironmentsFeatureVariants',
    'overwriteEnvironmentFeatureVariants',
  ],
  'project=* environment=/environments/* flag={featureName}': [
    'overwriteFeatureVariantsOnEnvironments',
  ],
  'project=* environment=* flag={featureName}': [
    'reviveFeature',
    'deleteFeature',
    'updateToggle',
    'archiveToggle',
    'toggle',
    'toggleOn',
    'toggleOff',
    'patchFeatureVariants',
    'overwriteFeatureVariants',
  ],
  // Without a project it goes to the default one.
  'project=/project environment=* flag=/name': ['createToggle'],
  'project=* environment=* flag={child}': ['deleteFeatureDependencies'],
  'project=* environment=* flag={child},{parent}': ['deleteFeatureDependency'],
  // The link's id decides.
  'project=* flag=*': ['updateFeatureLink', 'deleteFeatureLink', 'deleteTagType', 'deleteTag'],

  /* By id, or the whole instance. */
  [EVERYTHING]: [
    'getFeatureStrategy',
    'removeSegment',
    'updateSegment',
    // It names project and environment in its body; the strategy's id decides.
    'updateFeatureStrategySegments',
    'removeStrategy',
    'updateStrategy',
    'toggleMaintenance',
    'export',
    'import',
    'getAllPublicSignupTokens',
    'createPublicSignupToken',
    'getPublicSignupToken',
    'updatePublicSignupToken',
    'getPats',
    'createPat',
    'getUsers',
    'createUser',
    'getBaseUsersAndGroups',
    'getInactiveUsers',
    'deleteInactiveUsers',
    'resetUserPassword',
    'deleteScimUsers',
    'searchUsers',
    'getUserPermissions',
    'deleteUser',
    'getUser',
    'updateUser',
    'changeUserPassword',
    'changeMyPassword',
    'setUiConfig',
    'setCors',
    'getAddons',
    'createAddon',
    'deleteAddon',
    'getAddon',
    'updateAddon',
    'getIntegrationEvents',
  ],

  /* API tokens. `project` is read by old servers alone; 7 and 8 give a token for all without `projects`. */
  'project=* environment=*': [
    'getAllApiTokens',
    'getApiTokensByName',
    'deleteApiToken',
    'updateApiToken',
  ],
  'project=/projects/*,?/project environment=/environment': ['createApiToken'],
  'project={projectId},?/projects/*,?/project environment=/environment': ['createProjectApiToken'],
  'project={projectId} environment=*': ['getProjectApiTokens', 'deleteProjectApiToken'],

  /* Import, export, playground. */
  'project=/projects/* environment=/environment': ['getPlayground'],
  'project=/projects/* environment=/environments/*': ['getAdvancedPlayground'],
  // A tag comes before the list of flags, and either before the project.
  'project=/project,!/tag,!/features environment=/environment flag=/features/*,!/tag': [
    'exportFeatures',
  ],
  // The links of any flag are replaced, in whatever project it is.
  'project=/project,!/data/links environment=/environment flag=/data/features/*/name,?/data/featureStrategies/*/featureName,?/data/featureEnvironments/*/featureName,?/data/featureTags/*/featureName,?/data/dependencies/*/feature,?/data/dependencies/*/dependencies/*/feature,?/data/links/*/feature':
    ['importToggles', 'validateImport'],
};

const namingById = new Map(
  Object.entries(NAMING).flatMap(([naming, ids]) => ids.map((id) => [id, naming] as const)),
);

/** Every id that someone has looked at. */
export const namedIds: readonly string[] = Object.values(NAMING).flat();

/** What an operation names where, in the words above; null for one that nobody has looked at. */
export function namingOf(id: string): string | null {
  return namingById.get(id) ?? null;
}

/** For an operation that nobody has looked at. */
export const NAMING_UNKNOWN = EVERYTHING;
