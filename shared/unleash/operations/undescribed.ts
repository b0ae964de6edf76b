/**
 * Operations that no OpenAPI describes: the flags of 4.19.5 without a project, and reads that are
 * served without being described. Found by walking the routes of running servers; the
 * ids are the names of Unleash's own handlers. Same form as the generated table.
 */
export const UNDESCRIBED = `
# Features
POST write features createToggle project=/project environment=* flag=/name
GET read features/{featureName} getToggle project=* flag={featureName}
PUT write features/{featureName} updateToggle project=* environment=* flag={featureName}
DELETE write features/{featureName} archiveToggle project=* environment=* flag={featureName}
POST write features/{featureName}/toggle toggle project=* environment=* flag={featureName}
POST write features/{featureName}/toggle/on toggleOn project=* environment=* flag={featureName}
POST write features/{featureName}/toggle/off toggleOff project=* environment=* flag={featureName}
POST write features/{featureName}/stale/on staleOn project=* flag={featureName}
POST write features/{featureName}/stale/off staleOff project=* flag={featureName}
GET read flag-creators getFlagCreators
# Metrics
GET read metrics/seen-toggles getSeenToggles project=*
GET read metrics/seen-apps getSeenApps project=*
GET read metrics/feature-toggles getFeatureToggles project=*
GET read metrics/feature-toggles/{name} getFeatureToggle project=* flag={name}
# Email
GET read email/preview/html/{template} getHtmlPreview
GET read email/preview/text/{template} getTextPreview
`;
