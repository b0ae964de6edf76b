// Written by scripts/generate-operations.mjs from the OpenAPI of Unleash
// 8.2.0, 7.4.1, 6.10.1, 5.12.8, 4.19.5,
// with the effects of judgements.ts and what naming-judgements.ts says that they name. A string,
// because reading one line by line costs less at start-up than evaluating as many object literals.
export const DESCRIBED = `
# API tokens
GET mint api-tokens getAllApiTokens project=* environment=*
POST mint api-tokens createApiToken project=/projects/*,?/project environment=/environment
GET mint api-tokens/{name} getApiTokensByName project=* environment=*
DELETE write api-tokens/{token} deleteApiToken project=* environment=*
PUT mint api-tokens/{token} updateApiToken project=* environment=*
# Addons
GET mint addons getAddons project=* environment=* flag=*
POST mint addons createAddon project=* environment=* flag=*
DELETE write addons/{id} deleteAddon project=* environment=* flag=*
GET mint addons/{id} getAddon project=* environment=* flag=*
PUT mint addons/{id} updateAddon project=* environment=* flag=*
GET mint addons/{id}/events getIntegrationEvents project=* environment=* flag=*
# Admin UI
POST write feedback createFeedback
PUT write feedback/{id} updateFeedback
POST write record-ui-error uiObservability
POST write splash/{id} updateSplashSettings
GET read ui-config getUiConfig
POST mint ui-config setUiConfig project=* environment=* flag=*
POST mint ui-config/cors setCors project=* environment=* flag=*
# Archive
GET read archive/features getArchivedFeatures project=*
GET read archive/features/{projectId} getArchivedFeaturesByProjectId project={projectId}
POST write archive/revive/{featureName} reviveFeature project=* environment=* flag={featureName}
DELETE write archive/{featureName} deleteFeature project=* environment=* flag={featureName}
POST write projects/{projectId}/delete deleteFeatures project={projectId} environment=* flag=/features/*
POST write projects/{projectId}/revive reviveFeatures project={projectId} environment=* flag=/features/*
# Context
GET read context getContextFields
POST write context createContextField project=?/project
POST read context/validate validateContextFieldName
DELETE write context/{contextField} deleteContextField project=*
GET read context/{contextField} getContextField
PUT write context/{contextField} updateContextField project=*
POST write context/{contextField}/legal-values updateContextFieldLegalValue project=*
DELETE write context/{contextField}/legal-values/{legalValue} deleteContextFieldLegalValue project=*
GET read projects/{projectId}/context getContextFieldsForProject project={projectId}
POST write projects/{projectId}/context createContextFieldForProject project={projectId}
POST read projects/{projectId}/context/validate validateContextFieldNameForProject project={projectId}
DELETE write projects/{projectId}/context/{contextField} deleteContextFieldForProject project={projectId}
GET read projects/{projectId}/context/{contextField} getContextFieldForProject project={projectId}
PUT write projects/{projectId}/context/{contextField} updateContextFieldForProject project={projectId}
POST write projects/{projectId}/context/{contextField}/legal-values updateContextFieldLegalValueForProject project={projectId}
DELETE write projects/{projectId}/context/{contextField}/legal-values/{legalValue} deleteContextFieldLegalValueForProject project={projectId}
# Dependencies
GET read projects/{projectId}/dependencies checkDependenciesExist project={projectId}
DELETE write projects/{projectId}/features/{child}/dependencies deleteFeatureDependencies project=* environment=* flag={child}
POST write projects/{projectId}/features/{child}/dependencies addFeatureDependency project={projectId} environment=* flag={child},/feature
DELETE write projects/{projectId}/features/{child}/dependencies/{parent} deleteFeatureDependency project=* environment=* flag={child},{parent}
GET read projects/{projectId}/features/{child}/parents listParentOptions project=* flag={child}
GET read projects/{projectId}/features/{parent}/parent-variants listParentVariantOptions project=* flag={parent}
# Environments
GET read environments getAllEnvironments
GET read environments/project/{projectId} getProjectEnvironments project={projectId}
PUT write environments/sort-order updateSortOrder
GET read environments/{name} getEnvironment environment={name}
POST write environments/{name}/off toggleEnvironmentOff project=* environment={name} flag=*
POST write environments/{name}/on toggleEnvironmentOn project=* environment={name} flag=*
# Events
GET read event-creators getEventCreators
GET read events getEvents project=*
POST read events/search deprecatedSearchEvents project=*
GET read events/{featureName} getEventsForToggle project=* flag={featureName}
GET read search/events searchEvents project=*
# Feature Types
GET read feature-types getAllFeatureTypes
PUT write feature-types/{id}/lifetime updateFeatureTypeLifetime
# Features
POST read constraints/validate validateConstraint
GET read features getAllToggles project=*
POST read features/validate validateFeature project=?/projectId flag=/name
GET read features/{featureName}/tags listTags project=* flag={featureName}
POST write features/{featureName}/tags addTag project=* flag={featureName}
PUT write features/{featureName}/tags updateTags project=* flag={featureName}
DELETE write features/{featureName}/tags/{type}/{value} removeTag project=* flag={featureName}
GET read lifecycle/count getFeatureLifecycleStageCount
POST write projects/{projectId}/archive archiveFeatures project={projectId} environment=* flag=/features/*
POST read projects/{projectId}/archive/validate validateArchiveFeatures project=* flag=/features/*
POST write projects/{projectId}/bulk_features/environments/{environment}/off bulkToggleFeaturesEnvironmentOff project={projectId} environment={environment} flag=/features/*
POST write projects/{projectId}/bulk_features/environments/{environment}/on bulkToggleFeaturesEnvironmentOn project={projectId} environment={environment} flag=/features/*
DELETE write projects/{projectId}/favorites removeFavoriteProject project={projectId}
POST write projects/{projectId}/favorites addFavoriteProject project={projectId}
GET read projects/{projectId}/features getFeatures project={projectId}
POST write projects/{projectId}/features createFeature project={projectId} flag=/name
DELETE write projects/{projectId}/features/{featureName} archiveFeature project={projectId} environment=* flag={featureName}
GET read projects/{projectId}/features/{featureName} getFeature project={projectId} flag={featureName}
PATCH write projects/{projectId}/features/{featureName} patchFeature project={projectId} environment=* flag={featureName}
PUT write projects/{projectId}/features/{featureName} updateFeature project={projectId} environment=* flag={featureName}
POST write projects/{projectId}/features/{featureName}/clone cloneFeature project=* flag={featureName},/name
GET read projects/{projectId}/features/{featureName}/environments/{environment} getFeatureEnvironment project={projectId} environment={environment} flag={featureName}
POST write projects/{projectId}/features/{featureName}/environments/{environment}/off toggleFeatureEnvironmentOff project={projectId} environment={environment} flag={featureName}
POST write projects/{projectId}/features/{featureName}/environments/{environment}/on toggleFeatureEnvironmentOn project={projectId} environment={environment} flag={featureName}
GET read projects/{projectId}/features/{featureName}/environments/{environment}/strategies getFeatureStrategies project={projectId} environment={environment} flag={featureName}
POST write projects/{projectId}/features/{featureName}/environments/{environment}/strategies addFeatureStrategy project={projectId} environment={environment} flag={featureName}
POST write projects/{projectId}/features/{featureName}/environments/{environment}/strategies/set-sort-order setStrategySortOrder project={projectId} environment={environment} flag={featureName}
DELETE write projects/{projectId}/features/{featureName}/environments/{environment}/strategies/{strategyId} deleteFeatureStrategy project={projectId} environment=* flag={featureName}
GET read projects/{projectId}/features/{featureName}/environments/{environment}/strategies/{strategyId} getFeatureStrategy project=* environment=* flag=*
PATCH write projects/{projectId}/features/{featureName}/environments/{environment}/strategies/{strategyId} patchFeatureStrategy project={projectId} environment=* flag={featureName}
PUT write projects/{projectId}/features/{featureName}/environments/{environment}/strategies/{strategyId} updateFeatureStrategy project={projectId} environment=* flag={featureName}
GET read projects/{projectId}/features/{featureName}/environments/{environment}/variants getEnvironmentFeatureVariants project=* environment={environment} flag={featureName}
PATCH write projects/{projectId}/features/{featureName}/environments/{environment}/variants patchEnvironmentsFeatureVariants project=* environment={environment} flag={featureName}
PUT write projects/{projectId}/features/{featureName}/environments/{environment}/variants overwriteEnvironmentFeatureVariants project=* environment={environment} flag={featureName}
DELETE write projects/{projectId}/features/{featureName}/favorites removeFavoriteFeature project=* flag={featureName}
POST write projects/{projectId}/features/{featureName}/favorites addFavoriteFeature project=* flag={featureName}
GET read projects/{projectId}/features/{featureName}/lifecycle getFeatureLifecycle project=* flag={featureName}
POST write projects/{projectId}/features/{featureName}/lifecycle/complete complete project=* flag={featureName}
POST write projects/{projectId}/features/{featureName}/lifecycle/uncomplete uncomplete project=* flag={featureName}
POST write projects/{projectId}/features/{featureName}/link createFeatureLink project=* flag={featureName}
DELETE write projects/{projectId}/features/{featureName}/link/{linkId} deleteFeatureLink project=* flag=*
PUT write projects/{projectId}/features/{featureName}/link/{linkId} updateFeatureLink project=* flag=*
GET read projects/{projectId}/features/{featureName}/variants getFeatureVariants project=* flag={featureName}
PATCH write projects/{projectId}/features/{featureName}/variants patchFeatureVariants project=* environment=* flag={featureName}
PUT write projects/{projectId}/features/{featureName}/variants overwriteFeatureVariants project=* environment=* flag={featureName}
PUT write projects/{projectId}/features/{featureName}/variants-batch overwriteFeatureVariantsOnEnvironments project=* environment=/environments/* flag={featureName}
POST write projects/{projectId}/stale staleFeatures project={projectId} flag=/features/*
# Import/Export
POST read features-batch/export exportFeatures project=/project,!/tag,!/features environment=/environment flag=/features/*,!/tag
POST write features-batch/import importToggles project=/project,!/data/links environment=/environment flag=/data/features/*/name,?/data/featureStrategies/*/featureName,?/data/featureEnvironments/*/featureName,?/data/featureTags/*/featureName,?/data/dependencies/*/feature,?/data/dependencies/*/dependencies/*/feature,?/data/links/*/feature
POST read features-batch/validate validateImport project=/project,!/data/links environment=/environment flag=/data/features/*/name,?/data/featureStrategies/*/featureName,?/data/featureEnvironments/*/featureName,?/data/featureTags/*/featureName,?/data/dependencies/*/feature,?/data/dependencies/*/dependencies/*/feature,?/data/links/*/feature
GET read state/export export project=* environment=* flag=*
POST write state/import import project=* environment=* flag=*
# Instance Admin
GET read instance-admin/statistics getInstanceAdminStats
GET read instance-admin/statistics/csv getInstanceAdminStatsCsv
# Maintenance
GET read maintenance getMaintenance
POST write maintenance toggleMaintenance project=* environment=* flag=*
# Metrics
GET read client-metrics/features/{name} getFeatureUsageSummary project=* flag={name}
GET read client-metrics/features/{name}/raw getRawFeatureMetrics project=* flag={name}
GET read custom-metrics getCustomMetrics
GET read custom-metrics/prometheus getPrometheusMetrics
GET read metrics/applications getApplications project=*
DELETE write metrics/applications/{appName} deleteApplication
GET read metrics/applications/{appName} getApplication project=*
POST write metrics/applications/{appName} createApplication
GET read metrics/applications/{appName}/overview getApplicationOverview project=*
GET read metrics/instances/{appName}/environment/{environment} getApplicationEnvironmentInstances project=* environment={environment}
GET read metrics/rps getRequestsPerSecond
GET read metrics/sdks/outdated getOutdatedSdks
# Personal access tokens
GET mint user/tokens getPats project=* environment=* flag=*
POST mint user/tokens createPat project=* environment=* flag=*
DELETE write user/tokens/{id} deletePat
# Playground
POST read playground getPlayground project=/projects/* environment=/environment
POST read playground/advanced getAdvancedPlayground project=/projects/* environment=/environments/*
# Projects
GET read personal-dashboard getPersonalDashboard project=*
GET read personal-dashboard/{projectId} getPersonalDashboardProjectDetails project={projectId}
GET read projects getProjects project=*
GET read projects/{projectId} getDeprecatedProjectOverview project={projectId}
GET mint projects/{projectId}/api-tokens getProjectApiTokens project={projectId} environment=*
POST mint projects/{projectId}/api-tokens createProjectApiToken project={projectId},?/projects/*,?/project environment=/environment
DELETE write projects/{projectId}/api-tokens/{token} deleteProjectApiToken project={projectId} environment=*
GET read projects/{projectId}/applications getProjectApplications project={projectId}
GET read projects/{projectId}/dora getProjectDora project={projectId}
POST write projects/{projectId}/environments addEnvironmentToProject project={projectId} environment=/environment
DELETE write projects/{projectId}/environments/{environment} removeEnvironmentFromProject project={projectId} environment={environment} flag=*
POST write projects/{projectId}/environments/{environment}/default-strategy addDefaultStrategyToProjectEnvironment project={projectId} environment={environment}
GET read projects/{projectId}/flag-creators getProjectFlagCreators project={projectId}
GET read projects/{projectId}/health-report getProjectHealthReport project={projectId}
GET read projects/{projectId}/insights getProjectInsights project={projectId}
GET read projects/{projectId}/overview getProjectOverview project={projectId}
GET read projects/{projectId}/sdks/outdated getOutdatedProjectSdks project={projectId}
GET read projects/{projectId}/status getProjectStatus project={projectId}
# Public signup tokens
GET mint invite-link/tokens getAllPublicSignupTokens project=* environment=* flag=*
POST mint invite-link/tokens createPublicSignupToken project=* environment=* flag=*
GET mint invite-link/tokens/{token} getPublicSignupToken project=* environment=* flag=*
PUT mint invite-link/tokens/{token} updatePublicSignupToken project=* environment=* flag=*
# Search
GET read search/features searchFeatures project=*
# Segments
GET read segments getSegments project=*
POST write segments createSegment project=?/project
GET read segments/strategies/{strategyId} getSegmentsByStrategyId project=*
POST read segments/validate validateSegment
DELETE write segments/{id} removeSegment project=* environment=* flag=*
GET read segments/{id} getSegment project=*
PUT write segments/{id} updateSegment project=* environment=* flag=*
GET read segments/{id}/strategies getStrategiesBySegmentId project=*
# Strategies
GET read context/{contextField}/strategies getStrategiesByContextField project=*
GET read projects/{projectId}/context/{contextField}/strategies getStrategiesByContextFieldForProject project={projectId}
POST write segments/strategies updateFeatureStrategySegments project=* environment=* flag=*
GET read strategies getAllStrategies
POST write strategies createStrategy
DELETE write strategies/{name} removeStrategy project=* environment=* flag=*
GET read strategies/{name} getStrategy
PUT write strategies/{name} updateStrategy project=* environment=* flag=*
POST write strategies/{strategyName}/deprecate deprecateStrategy
POST write strategies/{strategyName}/reactivate reactivateStrategy
# Tags
PUT write projects/{projectId}/tags addTagToFeatures project={projectId} flag=/features/*
GET read tag-types getTagTypes
POST write tag-types createTagType
POST read tag-types/validate validateTagType
DELETE write tag-types/{name} deleteTagType project=* flag=*
GET read tag-types/{name} getTagType
PUT write tag-types/{name} updateTagType
GET read tags getTags
POST write tags createTag
GET read tags/{type} getTagsByType
DELETE write tags/{type}/{value} deleteTag project=* flag=*
GET read tags/{type}/{value} getTag
# Telemetry
GET read telemetry/settings getTelemetrySettings
# Unknown Flags
GET read metrics/unknown-flags getUnknownFlags project=*
# Unstable
GET mint user-admin/{id}/permissions getUserPermissions project=* environment=* flag=*
# Users
GET read user getMe
GET mint user-admin getUsers project=* environment=* flag=*
POST mint user-admin createUser project=* environment=* flag=*
GET mint user-admin/access getBaseUsersAndGroups project=* environment=* flag=*
GET read user-admin/admin-count getAdminCount
GET mint user-admin/inactive getInactiveUsers project=* environment=* flag=*
POST mint user-admin/inactive/delete deleteInactiveUsers project=* environment=* flag=*
POST mint user-admin/reset-password resetUserPassword project=* environment=* flag=*
DELETE mint user-admin/scim-users deleteScimUsers project=* environment=* flag=*
GET mint user-admin/search searchUsers project=* environment=* flag=*
POST read user-admin/validate-password validateUserPassword
DELETE mint user-admin/{id} deleteUser project=* environment=* flag=*
GET mint user-admin/{id} getUser project=* environment=* flag=*
PUT mint user-admin/{id} updateUser project=* environment=* flag=*
POST mint user-admin/{id}/change-password changeUserPassword project=* environment=* flag=*
POST mint user/change-password changeMyPassword project=* environment=* flag=*
GET read user/profile getProfile
GET read user/roles getUserRoles
`;
